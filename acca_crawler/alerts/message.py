"""Messages sent to a channel, and their reports, redacted for it.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from acca_crawler.alerts.redaction import WITHHELD, NameRedactor
from acca_crawler.config.alerts import Channel
from acca_crawler.i18n.catalogue import language
from acca_crawler.reports import worddiff
from storage.alerts.entries import ChangedText, Entry

MAX_DIFF = 1500
"""Maximum characters of a diff in a message."""

CONTEXT = 60
"""Characters of kept text that are shown on either side of a change."""

Kind = Literal["report", "bundle", "digest", "alarm", "test"]


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A piece of a changed text: kept (`same`), removed (`gone`) or added (`new`)."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class RedactedReport:
    """A report redacted for one channel. `title` is empty if the channel allows only links; `key` never changes.

    `kind` is what happened to it: new, update, edited, softened, removed, reappeared. `diff` is what an edit changed,
    empty where the channel withholds names or gets no text.
    """

    key: str
    entry_id: int
    alert_id: int | None
    article_id: int
    kind: str
    level: str
    country: str | None
    categories: tuple[str, ...]
    language: str | None
    outlet: str
    outlet_title: str
    official: bool
    published_at: str | None
    told_at: str
    title: str
    words: tuple[str, ...]
    excerpt: str
    review_url: str | None
    source_url: str | None
    story: int
    diff: tuple[DiffPiece, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestChange:
    """A change to a report of the previous digest."""

    title: str
    change: str
    review_url: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision since the previous digest on a story of an earlier digest; `change` is the story's status."""

    story: int
    title: str
    change: str
    review_url: str | None


@dataclass(frozen=True, slots=True)
class DigestNote:
    """A digest's note on the previous one: when it was composed (None: no previous digest), its stories, changes since.

    `standing` is the review status of the digest's own stories when it was composed; `decided` are decisions since the
    previous digest on stories reported earlier, `decisions` counts those on any story by status. `followed` is what
    somebody follows, with the number of this digest's stories that match. None contains reviewers' names or notes.
    """

    rule: str
    zone: str
    since: str | None
    told_stories: frozenset[int]
    changes: tuple[DigestChange, ...]
    standing: tuple[tuple[int, str], ...] = ()
    decided: tuple[Decided, ...] = ()
    decisions: tuple[tuple[str, int], ...] = ()
    followed: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorNotice:
    """An alarm about the operation, or its end (`event`: raised, resolved), in the recipients' language.

    `subject` is an outlet's or a channel's name, or empty; `since` is a UTC stamp or a day.
    """

    event: str
    kind: str
    subject: str
    what: str
    advice: str
    since: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message to deliver. `key` is the same on every attempt; `listed` is the number of reports shown in full.

    `language` is the recipients' language; titles stay in the report's language.
    """

    key: str
    channel: str
    kind: Kind
    composed_at: str
    reports: tuple[RedactedReport, ...]
    listed: int
    queue_url: str | None
    digest: DigestNote | None = None
    language: str = "en"
    alarms: tuple[OperatorNotice, ...] = ()

    @property
    def shown(self) -> tuple[RedactedReport, ...]:
        """Return the reports shown in full."""
        return self.reports[: self.listed]


def redacted_reports(
    entries: Sequence[Entry],
    channel: Channel,
    web_url: str,
    archive: UUID,
    edits: Mapping[int, ChangedText] | None = None,
) -> tuple[RedactedReport, ...]:
    """Return the reports redacted for the channel; a name in one report of a story is withheld in all of them.

    `edits` are what changed, by entry.
    """
    stories: dict[int, list[Entry]] = {}
    if channel.withhold != "none":
        for entry in entries:
            stories.setdefault(entry.story, []).append(entry)
    redactors = {story: redactor_for(of_story, channel) for story, of_story in stories.items()}
    found = edits or {}
    return tuple(
        redacted_report(entry, channel, web_url, archive, redactors.get(entry.story), found.get(entry.id))
        for entry in entries
    )


def redactor_for(entries: Sequence[Entry], channel: Channel) -> NameRedactor:
    """Return the redactor for names in a story's reports, with a mask in the channel's language."""
    persons = [person for entry in entries for person in entry.persons]
    known = [word for entry in entries for word in (*entry.known, entry.outlet_title)]
    return NameRedactor.for_persons(persons, channel.withhold, language(channel.language).text(WITHHELD), known)


def redacted_report(
    entry: Entry, channel: Channel, web_url: str, archive: UUID, redactor: NameRedactor | None, edit: ChangedText | None
) -> RedactedReport:
    """Return the report redacted for this channel (its `withhold` and `text` settings).

    If names are withheld, so are the excerpt and the diff (they may contain an unrecognised name) and the report's own
    URL, which often contains the name. `redactor` is None if they are not.
    """
    only_link = channel.text == "link"
    title, *words = map(one_line, (entry.title, *entry.words))
    if redactor:
        title, *words = (redactor.clean(line, entry.text) for line in (title, *words))
    return RedactedReport(
        key=str(uuid5(archive, f"entry {entry.id}")),
        entry_id=entry.id,
        alert_id=entry.alert_id,
        article_id=entry.article_id,
        kind=entry.kind,
        level=entry.level,
        country=entry.country,
        categories=entry.categories,
        language=entry.language,
        outlet=entry.outlet,
        outlet_title=one_line(entry.outlet_title),
        official=entry.official,
        published_at=entry.published_at,
        told_at=entry.created_at,
        title="" if only_link else title,
        words=tuple(words) if channel.text == "full" else (),
        excerpt=one_line(entry.excerpt) if channel.text == "full" and not redactor else "",
        review_url=f"{web_url}/reports/{entry.article_id}" if web_url else None,
        source_url=None if redactor or only_link else safe_link(entry.url),
        story=entry.story,
        diff=diff_of(edit) if edit and channel.text == "full" and not redactor else (),
    )


def diff_of(edit: ChangedText) -> tuple[DiffPiece, ...]:
    """Return what an edit changed in title and text, with a little of the kept words around; at most `MAX_DIFF`."""
    changed = [worddiff.words(edit.title_before, edit.title)] if edit.title_before != edit.title else []
    pieces: list[DiffPiece] = []
    length = 0
    for paragraph in (*changed, *worddiff.changed_paragraphs(edit.text_before, edit.text)):
        pieces += [DiffPiece("same", " / ")] if pieces else []
        for piece in paragraph:
            text = _with_edges(piece.text)
            if piece.sign == "same" and len(text) > 2 * CONTEXT:
                text = f"{text[:CONTEXT]}…{text[-CONTEXT:]}"
            length += len(text)
            if length > MAX_DIFF:
                return (*pieces, DiffPiece("same", "…"))
            pieces.append(DiffPiece(piece.sign, text))
    return tuple(pieces)


def _with_edges(text: str) -> str:
    """Return the text as `one_line`, with a blank where it began or ended with one."""
    before, after = (" " if text[at : at + 1 or None].isspace() else "" for at in (0, -1))
    return f"{before}{one_line(text)}{after}"


def revised_title(title: str, text: str, entries: Sequence[Entry], channel: Channel) -> str:
    """Redact a later title for the channel, by the persons named in the earlier entries."""
    if channel.text == "link":
        return ""
    return redactor_for(entries, channel).clean(one_line(title), text)


def one_line(text: str) -> str:
    """Return untrusted text as one line without control characters or bidirectional controls."""
    kept = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs", "Cn") else char for char in text)
    return " ".join("".join(char for char in kept if char not in _TURNERS).split())


_TURNERS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def safe_link(url: str) -> str | None:
    """Return the URL if it is a valid http(s) URL, else None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    clean = all(33 <= ord(char) < 127 or ord(char) > 160 for char in url)
    return url if clean and parts.scheme in ("http", "https") and parts.hostname else None
