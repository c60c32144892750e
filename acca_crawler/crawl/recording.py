"""What a crawl hands over to be recorded: captures, articles, and outcomes of addresses that gave no article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from acca_crawler.items import Article, Capture, Page
from storage.evidence.records import Packed

OutcomeKind = Literal[
    "unchanged", "no_article", "further_part", "other_page", "unstorable", "unreadable", "too_heavy", "gone",
    "refused", "blocked", "failed",
]  # fmt: skip
"""What came of an address, if not an article. Each is described where it is recorded (`crawl.outcomes`)."""


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What came of fetching an address (in its canonical form), and why.

    `capture_id` is the capture of the answer, None if there was none; `first` the address of a further part's article.
    """

    kind: OutcomeKind
    url: str
    reason: str = ""
    capture_id: int | None = None
    first: str = ""


class Recorder(Protocol):
    """Records an outlet's part in a run: in the archive, or on the way to another process that has it."""

    def pack(self, capture: Capture) -> Packed | None:
        """Do what can be done for a large exchange before `capture`, in any thread; None if that is nothing."""

    def capture(self, capture: Capture, packed: Packed | None = None) -> int:
        """Keep an exchange, packed ahead or not, and return its ID. Raises `storage.exceptions.CaptureError`."""

    def outcome(self, outcome: FetchOutcome) -> None:
        """Record what came of an address that gave no article."""

    def article(self, article: Article, page: Page) -> str | None:
        """Store an article; return why it was not stored, None if it was.

        Raises `sqlite3.OperationalError` if the archive can't be written to.
        """
