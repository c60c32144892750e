"""Data passed from stage to stage: capture, page, extraction, detection, article.

Plain frozen values without behaviour. Times are UTC, ISO 8601, ending in Z; if only the day is known, the value is the
day (`2022-08-20`); an unknown date is None, never today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

LANGUAGES = ("en", "ru", "kk", "ky", "uz", "tg", "tk")
"""Languages with a lexicon: the region's and the two international ones used to report on it, ISO 639-1."""

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
ChangeKind = Literal[
    "first", "none", "duplicate", "cosmetic", "addition", "correction", "softening", "reprocessed", "earlier"
]
"""A revision's difference from the previous one; "none" and "duplicate" (another article's text) are never stored.

"earlier" is a version from a web archive, captured before the current one and stored later."""

AlertKind = Literal["new", "update", "edited", "softened", "removed", "reappeared"]
Verdict = Literal["confirm", "false_alarm", "duplicate_of", "watch", "second_pair", "reopen", "assign", "note", "undo"]
"""A reviewer's decision about a story, or addition to it."""

ReviewStatus = Literal["new", "reopened", "second", "watch", "confirmed", "false_alarm", "duplicate"]
FalseAlarmReason = Literal[
    "not_about_this", "no_state_agent", "abroad", "policy_only", "history", "fiction", "copy_error", "other"
]

Withhold = Literal["none", "victims", "all"]
"""Whose names are left out of what is sent to a channel, a feed or an outside service."""

ShownText = Literal["full", "title", "link"]
"""How much of a report is sent to a channel or a feed."""

Role = Literal["paragraph", "lead", "heading", "quote", "list", "table", "embed"]
"""What a paragraph of an article is. Captions are not part of the text."""

DoubtKind = Literal["little_text", "readings_differ", "rest_differs", "template_unfit"]

CATEGORIES: tuple[Category, ...] = get_args(Category)
Certainty = Literal["high", "medium", "low"]
CaptureKind = Literal["article", "rest", "feed", "sitemap", "listing", "posts", "robots", "other"]
"""The kind of answer; `posts` is a page with a channel's posts in full."""

UNNAMED = "urn:sha256:"
"""Prefix of the URL of an article imported without one; its content's hash follows."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One exchange with a server, its payload as received (still compressed if the server compressed it).

    Imported captures have no request method if the request is unknown. Imported files also have status 0: there was no
    exchange, and Content-Type is their only header.
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
    """An address as a way of discovery listed it, with that way's other data about the article.

    `modified` and `published` are UTC times or None; `body_html` is the body if the way gave it (WordPress'
    `content.rendered`, a feed's `content:encoded`), `lead` the summary as plain text, `way` the name of that way,
    `capture_id` the capture of the answer with the body, None for no body or no capture. `digest` is a hash of the text
    as listed, from ways that list it in full without the time of its last change; None from others.
    """

    url: str
    modified: str | None = None
    published: str | None = None
    title: str = ""
    body_html: str | None = None
    lead: str = ""
    way: str = ""
    capture_id: int | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class PartPage:
    """A further part of an article on several pages: its number (from 2), address, page and capture.

    `missing` is why there is no page.
    """

    number: int
    url: str
    html: bytes = field(default=b"", repr=False)
    encoding: str | None = None
    capture_id: int | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One article page, decompressed, ready for extraction.

    `url` is where the answer came from (empty for a saved file of unknown origin), `requested_url` the address before
    any redirect. `encoding` is the one declared in the HTTP header, if any; `listed` is the entry from discovery.
    `fetched_at` is the time of the capture (UTC), the reference for "two hours ago"; None if unknown. `route` is how
    it was fetched; `parts` are the article's further pages; `alone` is whether a further part is read as an article;
    `known` is whether the archive has an article of this address, which is most often the same.
    """

    url: str
    html: bytes = field(repr=False)
    requested_url: str = ""
    encoding: str | None = None
    listed: Listed | None = None
    capture_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    fetched_at: str | None = None
    route: str = "origin"
    parts: tuple[PartPage, ...] = ()
    alone: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, its source (`json-ld`, `meta`, `rest`, `selector`, `url`, ...) and its certainty.

    The source `relative` means a date relative to the time of the capture ("2 hours ago"). `offset` is that of the time
    zone it was given in ("+09:00"), empty if unknown; two equal times in different zones are equal.
    """

    value: str
    source: str
    certainty: Certainty
    offset: str = field(default="", compare=False)

    @property
    def day(self) -> str:
        """The day (`2024-04-28`) in the zone of the date, which is the day that readers saw."""
        if not self.offset or len(self.value) <= len("2024-04-28"):
            return self.value[:10]
        hours, minutes = self.offset[1:].split(":")
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        moment = datetime.fromisoformat(self.value)
        return (moment - shift if self.offset.startswith("-") else moment + shift).date().isoformat()


@dataclass(frozen=True, slots=True)
class Stripped:
    """A piece of text that a boilerplate rule removed, and the rule's name."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class PostDetails:
    """What a messenger shows beside a post's text. None of it is part of a revision.

    `forwarded_from` is the name of the first author's channel, empty if the post is not forwarded; `forwarded_url` is
    None if the source hides itself. `reply_to` is the address of the post it answers, `links` are the addresses that it
    links to, in order. `views` is the number shown at the time of the capture, rounded by Telegram above 999; None if
    none is shown. `media` names what is attached: `photo`, `video`, `document`, `voice`, `location`, `poll`, `sticker`.
    `site` is the name of the outlet whose channel it is, empty if unknown.
    """

    forwarded_from: str = ""
    forwarded_url: str | None = None
    reply_to: str | None = None
    links: tuple[str, ...] = ()
    views: int | None = None
    is_edited: bool = False
    media: tuple[str, ...] = ()
    site: str = ""


@dataclass(frozen=True, slots=True)
class TemplatePlace:
    """A place in an outlet's markup that never contains an article's text, learned from its pages.

    `path` are the tags and classes of the last elements around it; `reason` is what it contains: "repeated" texts or
    other articles' "headlines"; `pages` is how many of the pages have it, `example` the beginning of a text.
    """

    path: str
    reason: str
    pages: int
    example: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to doubt an extraction, with the figures behind it."""

    kind: DoubtKind
    detail: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """Data extracted from one page. `text` is the body: paragraphs joined by one blank line, without the title.

    A post of a messenger has no title: its `title` is its first sentence, which stays in the text; `post` has its
    details, None for an article.
    `further_parts` are numbers and addresses of the article's further parts that the page links to. On a page that is
    itself a further part, `first_part` is the address of the first and `part_number` its own number, else 1.
    `roles` has the role of each paragraph in order; it is empty for a text that did not come from markup.
    """

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
    post: PostDetails | None = None
    further_parts: tuple[tuple[int, str], ...] = ()
    first_part: str | None = None
    part_number: int = 1
    roles: tuple[Role, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs in order."""
        return tuple(self.text.split("\n\n")) if self.text else ()

    @property
    def published_at(self) -> str | None:
        """The publication time, or None if the page gives no credible one."""
        return self.published.value if self.published else None

    @property
    def date(self) -> str | None:
        """The day of publication in the outlet's time zone, if the page gives it; otherwise in UTC."""
        return self.published.day if self.published else None

    @property
    def modified_at(self) -> str | None:
        """The time of the last change that the article itself gives, or None."""
        return self.modified.value if self.modified else None


@dataclass(frozen=True, slots=True)
class Span:
    """A passage of the stored title or text that a rule matched: code-point offsets, `end` exclusive."""

    field: Literal["title", "text"]
    start: int
    end: int
    quote: str
    rule: str
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact stated in the report, with the passage it comes from and the sentence around it.

    `kind` is one of country, region, place, person, agency, count, event_date, legal_article, stage, document. `value`
    is normalised (`KZ`, `203`, `2022-01-28`); `detail` is a qualifier (a person's role, what is counted).
    """

    kind: str
    value: str
    span: Span
    sentence: str
    detail: str = ""


HIGH = 0.8
MEDIUM = 0.5
"""Probabilities from which an alert's certainty is high or medium."""


def certainty_of(score: float) -> Certainty:
    """Return the certainty of an alert with this probability (0 to 1)."""
    return "high" if score >= HIGH else "medium" if score >= MEDIUM else "low"


@dataclass(frozen=True, slots=True)
class Detection:
    """The topics of an article and the reasons for the decision. `score` is the probability (0 to 1) of an alert.

    `spans` are ordered by their contribution to the decision, the strongest first; `against` contains the passages that
    weaken it, in the order of the text. `detector` is the hash of the lexicons, rules and weights used.
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
class ArticlePart:
    """A further part of a stored article: its number (from 2), address and capture, or why it is missing."""

    number: int
    url: str
    capture_id: int | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class SearchText:
    """Index entry of an article: words separated by spaces, as returned by `text.searchable`."""

    title_stems: str
    body_stems: str
    title_folds: str
    body_folds: str


@dataclass(frozen=True, slots=True)
class StoryKeys:
    """Keys (signed 64-bit) by which a report's copies and retellings are found (`dedup.signature`, `dedup.keys`).

    `text` are those of its sentences, `sentences` is how many have one; `near` and `persons` are those of what is
    looked up in the days and weeks around it; `names` are the names behind some of them.
    """

    text: tuple[int, ...]
    sentences: int
    near: tuple[int, ...]
    persons: tuple[int, ...]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What storing an article needs and its words alone decide (`ingest.preparation`).

    `profile` is as the archive keeps it (`dedup.profile`); `words` is None if the process that stores the article is
    to find them when it indexes it.
    """

    profile: bytes
    keys: StoryKeys
    words: SearchText | None


@dataclass(frozen=True, slots=True)
class Article:
    """One article ready for the archive. `identity` is unique within its outlet, on every address.

    `home_countries` are the ISO 3166 codes that detection used as the outlet's home. `found_at` is the address that the
    page came from and `found_identity` the identity in it, regardless of the canonical address on the page; both are
    empty for a file without an address. `parts` are its parts after the first, if it is on several pages. `prepared` is
    None where the process that stores it is to prepare it.
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
    parts: tuple[ArticlePart, ...] = ()
    prepared: Preparation | None = field(default=None, repr=False, compare=False)
