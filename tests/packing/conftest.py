"""A pack of a report with two versions, a listing, a repeated visit and robots.txt, made from a small archive."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from acca_crawler.i18n import catalogue
from acca_crawler.packing.build import FinishedPack, make_pack
from acca_crawler.packing.contents import collect
from storage.evidence.manifest import close_run
from storage.review import journal
from storage.review.database import open_people
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb
from tests.support.evidence import PAGE, URL, Evidence, capture

NEIGHBOUR = "https://neighbour.example/secret"
MADE_AT = "2026-11-28T12:00:00Z"


@dataclass
class PackedArchive:
    """An archive whose report 1 has everything that a pack can contain."""

    evidence: Evidence

    def people(self) -> ReviewDb:
        """Open the review database, with the archive attached."""
        return open_people(self.people_file, self.evidence.path)

    def decide(self, note: str) -> None:
        """Store a reviewer's note on report 1, as `reviews.decide` does."""
        people = self.people()
        with transaction(people):
            cursor = people.execute(
                "INSERT INTO reviews (article_id, alert_id, revision_id, verdict, note, reviewer, created_at) "
                "VALUES (1, 1, 1, 'note', ?, 'asel', '2026-11-22T11:00:00Z')",
                [note],
            )
            journal.append_review(people, cursor.lastrowid or 0)
        people.close()

    def close(self, run: int) -> None:
        """End a run, whose manifest then contains the journal's head."""
        close_run(self.evidence.db, run, "2026-11-22T12:00:00.000Z", journal.head_of(self.people_file))
        self.evidence.db.execute("UPDATE runs SET status = 'ok' WHERE id = ?", [run])

    @property
    def people_file(self) -> Path:
        """The file of the review database."""
        return self.evidence.path.with_name("people.db")

    def pack(self, *reports: int, made_at: str = MADE_AT, language: str = "en") -> FinishedPack:
        """Make a pack."""
        people = self.people()
        try:
            contents = collect(people, self.evidence.warc, reports or (1,))
        finally:
            people.close()
        return make_pack(contents, made_at, catalogue.language(language))


def unpacked(pack: FinishedPack, target: Path) -> Path:
    """Unpack into a new folder."""
    with zipfile.ZipFile(BytesIO(pack.data)) as archive:
        archive.extractall(target)
    return target


@pytest.fixture
def archive(tmp_path: Path) -> PackedArchive:
    """An archive of two runs."""
    (tmp_path / "archive").mkdir()
    return two_runs(tmp_path / "archive")


def two_runs(directory: Path) -> PackedArchive:
    """Two closed runs, the first one of two outlets: the second finds the page changed, and asks robots.txt and the
    feed in vain for news.
    """
    evidence = Evidence(directory)
    first = evidence.run()
    with evidence.store() as store:
        store.write(
            capture("https://khabar.example/robots.txt", b"User-agent: *", kind="robots"), run_id=first, outlet="khabar"
        )
        feed = store.write(
            capture("https://khabar.example/feed", b"<rss/>", kind="feed"), run_id=first, outlet="khabar"
        )
        page = store.write(capture(), run_id=first, outlet="khabar")
        store.write(capture(NEIGHBOUR, b"<p>none of the pack's business</p>"), run_id=first, outlet="neighbour")
    revision = evidence.revision(first, page)
    evidence.db.execute("UPDATE articles SET url = ? WHERE id = 1", [URL])
    evidence.insert(
        "addresses", outlet="khabar", url=URL, listed_url=URL, article_id=1, status="stored", way="feed",
        first_seen_at="2026-11-22T10:00:00Z", last_listed_at="2026-11-22T10:00:00Z",
        status_at="2026-11-22T10:00:00Z", listed_capture_id=feed,
    )  # fmt: skip
    evidence.close(first)
    second = evidence.run()
    with evidence.store() as store:
        again = store.write(capture(fetched_at="2026-11-23T10:00:00.000Z"), run_id=second, outlet="khabar")
        changed = store.write(
            capture(payload=PAGE + b"<p>+</p>", fetched_at="2026-11-23T11:00:00.000Z"), run_id=second, outlet="khabar"
        )
    evidence.insert(
        "visits", article_id=1, run_id=second, capture_id=again, visited_at="2026-11-23T10:00:00Z", outcome="unchanged"
    )
    evidence.next_revision(revision, second, changed, text="мәтін, екінші рет")
    evidence.close(second)
    return PackedArchive(evidence)
