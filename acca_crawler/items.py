"""What is handed from stage to stage: capture, page, extraction, detection, article.

Plain frozen values without behaviour. Times are UTC, ISO 8601, ending in Z; where only the day is known the
value is the day (`2022-08-20`); an unknown date is None, never today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")
"""The region's languages and the two that the world reads of it in, ISO 639-1."""

OutletKind = Literal["media", "ngo", "un", "state"]
Level = Literal["alert", "digest", "ignore"]
Category = Literal[
    "torture",
    "ill_treatment",
    "arbitrary_detention",
    "death_in_custody",
    "enforced_disappearance",
    "punitive_psychiatry",
    "attack_on_defender",
    "forced_labour_custody_conditions",
    "transnational_repression",
    "accountability",
]
ChangeKind = Literal["first", "none", "duplicate", "cosmetic", "addition", "correction", "softening", "reprocessed"]
"""What a revision is to the one before it; "none" and "duplicate" (the text of another article) are never stored."""

AlertKind = Literal["new", "update", "edited", "softened", "removed", "reappeared"]
Verdict = Literal["confirm", "false_alarm", "duplicate_of", "watch", "second_pair", "reopen", "assign", "note", "undo"]
"""What a reviewer decides about a story, or adds to it."""

ReviewStatus = Literal["new", "reopened", "second", "watch", "confirmed", "false_alarm", "duplicate"]
FalseAlarmReason = Literal[
    "not_about_this", "no_state_agent", "abroad", "policy_only", "history", "fiction", "copy_error", "other"
]

CATEGORIES: tuple[Category, ...] = get_args(Category)
Certainty = Literal["high", "medium", "low"]
CaptureKind = Literal["article", "rest", "feed", "sitemap", "listing", "robots", "other"]

UNNAMED = "urn:sha256:"
"""Begins the URL of an article that was imported without one; its content's hash follows."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One exchange with a server, its payload as received (still compressed if the server compressed it).

    What somebody else captured and we were given has no request method where the request is not known. A file that
    was brought in has status 0 too: there was no exchange, and only its Content-Type stands among the headers.
    """

    url: str
    kind: CaptureKind
    fetched_at: str
    status: int
    reason: str
    request_method: str
    request_headers: tuple[tuple[str, str], ...]
    response_headers: tuple[tuple[str, str], ...]
    payload: bytes
    route: str = "origin"
    ip_address: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An address as a way of discovery listed it, with what else that way said about the article.

    `modified` and `published` are UTC times or None; `body_html` is the body where the way gave it (WordPress'
    `content.rendered`, a feed's `content:encoded`), `lead` the summary as plain text, `way` the name of that way,
    `capture_id` the capture of the answer that gave a body, None for no body or no capture.
    """

    url: str
    modified: str | None = None
    published: str | None = None
    title: str = ""
    body_html: str | None = None
    lead: str = ""
    way: str = ""
    capture_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One article page, decompressed, ready for extraction.

    `url` is where the answer came from (empty for a saved file of unknown origin), `requested_url` what was asked for
    before any redirect. `encoding` is what the HTTP header declared, if anything; `listed` is what the way of
    discovery said. `fetched_at` is the time of the capture (UTC), which "two hours ago" counts from; None if unknown.
    """

    url: str
    html: bytes
    requested_url: str = ""
    encoding: str | None = None
    listed: Listed | None = None
    capture_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A date with the place it was read from (`json-ld`, `meta`, `rest`, `selector`, `url`, ...) and how sure it is.

    The source `relative` is a date told from the time of the capture ("2 hours ago").
    """

    value: str
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Stripped:
    """One piece of text that a boilerplate rule removed, and the rule's name."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was read from one page. `text` is the body: paragraphs joined by one blank line, without the title."""

    text: str
    title: str
    url: str
    lead: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None
    amp_url: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    image: str | None = None
    captions: tuple[str, ...] = ()
    published: Dated | None = None
    modified: Dated | None = None
    printed_date: str | None = None
    method: str = ""
    stripped: tuple[Stripped, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs in order."""
        return tuple(self.text.split("\n\n")) if self.text else ()

    @property
    def published_at(self) -> str | None:
        """When the article was published, or None where the page does not say so credibly."""
        return self.published.value if self.published else None

    @property
    def modified_at(self) -> str | None:
        """When the article was last changed by its own account, or None."""
        return self.modified.value if self.modified else None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the stored title or text that a rule matched: code-point offsets, `end` exclusive."""

    field: Literal["title", "text"]
    start: int
    end: int
    quote: str
    rule: str
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the report states, with the stretch it was read from and the sentence around that stretch.

    `kind` is one of country, region, place, person, agency, count, event_date, legal_article, stage, document.
    `value` is normalised (`KZ`, `203`, `2022-01-28`); `detail` says what it is (a person's role, what is counted).
    """

    kind: str
    value: str
    span: Span
    sentence: str
    detail: str = ""


HIGH = 0.8
MEDIUM = 0.5
"""Probabilities of an alert from which on its certainty is high, or medium."""


def certainty_of(score: float) -> Certainty:
    """How certain an alert of this probability (0 to 1) is."""
    return "high" if score >= HIGH else "medium" if score >= MEDIUM else "low"


@dataclass(frozen=True, slots=True)
class Detection:
    """What an article reports and why we think so. `score` is the probability (0 to 1) that it is an alert.

    `spans` are in the order of what they gave to the decision, the strongest first; `against` holds what spoke against
    the level, in the order of the text. `detector` is the hash of the words, rules and weights that judged.
    """

    level: Level
    categories: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    against: tuple[Span, ...] = ()
    facts: tuple[Fact, ...] = ()
    country: str | None = None
    score: float = 0.0
    reasons: tuple[str, ...] = field(default=())
    detector: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article ready for the archive. `identity` is unique within its outlet, whatever address it stands under.

    `home_countries` are the ISO 3166 codes that detection took for the outlet's home. `found_at` is the address that
    the page came from and `found_identity` what that says of the identity, whatever the page calls canonical; empty for
    a file without an address.
    """

    outlet: str
    identity: str
    url: str
    addresses: tuple[str, ...]
    extraction: Extraction
    detection: Detection
    content_sha256: str
    language: str | None = None
    rest_agreement: float | None = None
    capture_id: int | None = None
    home_countries: tuple[str, ...] = ()
    found_at: str = ""
    found_identity: str = ""


@dataclass(frozen=True, slots=True)
class SearchText:
    """What the full-text index holds of an article: index words joined by blanks, made by `text.searchable`."""

    title_stems: str
    body_stems: str
    title_folds: str
    body_folds: str
