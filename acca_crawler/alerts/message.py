"""What is said on a channel: reports with as much of them as the channel may hold, and messages made of reports."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from acca_crawler.alerts.redaction import WITHHELD, NameRedactor
from acca_crawler.config.alerts import Channel
from acca_crawler.i18n.catalogue import language
from storage.alerts.entries import Entry

Kind = Literal["report", "bundle", "digest", "test"]


@dataclass(frozen=True, slots=True)
class Report:
    """A report as one channel may tell it. `title` is empty where only a link may go out; `key` never changes.

    `kind` says what happened to it: new, update, edited, softened, removed, reappeared.
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


@dataclass(frozen=True, slots=True)
class DigestChange:
    """What became of a report that the digest before told."""

    title: str
    change: str
    review_url: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What reviewers decided since the digest before about a story that an earlier one told; `change` is its status."""

    story: int
    title: str
    change: str
    review_url: str | None


@dataclass(frozen=True, slots=True)
class DigestNote:
    """What a digest knows of the one before: when it was made (None: there was none), its stories, what changed.

    `standing` says of the digest's own stories where their review stood when it was made, `decided` what was decided
    in between about stories told earlier. Neither names a reviewer or holds a note.
    """

    rule: str
    zone: str
    since: str | None
    told_stories: frozenset[int]
    changes: tuple[DigestChange, ...]
    standing: tuple[tuple[int, str], ...] = ()
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What is delivered. `key` is the same on every try; `listed` is how many reports are spelt out for people.

    `language` is the one in which people are spoken to; titles stay in that of the report.
    """

    key: str
    channel: str
    kind: Kind
    composed_at: str
    reports: tuple[Report, ...]
    listed: int
    queue_url: str | None
    digest: DigestNote | None = None
    language: str = "en"

    @property
    def shown(self) -> tuple[Report, ...]:
        """The reports that are spelt out for people."""
        return self.reports[: self.listed]

    @property
    def more(self) -> int:
        """How many are not."""
        return max(0, len(self.reports) - self.listed)


def redacted_reports(entries: Sequence[Entry], channel: Channel, web_url: str, archive: UUID) -> tuple[Report, ...]:
    """The reports as the channel may tell them; a name that one report of a story gives is withheld in all of them."""
    stories: dict[int, list[Entry]] = {}
    for entry in entries:
        stories.setdefault(entry.story, []).append(entry)
    redactors = {story: redactor_for(of_story, channel) for story, of_story in stories.items()}
    return tuple(redacted_report(entry, channel, web_url, archive, redactors[entry.story]) for entry in entries)


def redactor_for(entries: Sequence[Entry], channel: Channel) -> NameRedactor:
    """What keeps the names of a story's reports from a channel, in the channel's words."""
    persons = [person for entry in entries for person in entry.persons]
    known = [word for entry in entries for word in (*entry.known, entry.outlet_title)]
    return NameRedactor.for_persons(persons, channel.withhold, language(channel.language).text(WITHHELD), known)


def redacted_report(entry: Entry, channel: Channel, web_url: str, archive: UUID, redactor: NameRedactor) -> Report:
    """The report as the channel may tell it: names withheld, text or all but a link left out, as its table says.

    Where names are withheld, so are the excerpt (a name may stand there that was not recognised) and the report's own
    address, which often spells the name.
    """
    withholds = channel.withhold != "none"
    only_link = channel.text == "link"
    review = f"{web_url}/reports/{entry.article_id}" if web_url else None
    return Report(
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
        title="" if only_link else redactor.clean(one_line(entry.title), entry.text),
        words=tuple(redactor.clean(one_line(word), entry.text) for word in entry.words)
        if channel.text == "full"
        else (),
        excerpt=one_line(entry.excerpt) if channel.text == "full" and not withholds else "",
        review_url=review,
        source_url=None if withholds or only_link else safe_link(entry.url),
        story=entry.story,
    )


def revised_title(title: str, text: str, entries: Sequence[Entry], channel: Channel) -> str:
    """A title of later date as the channel may tell it, by the persons that the earlier ones named."""
    if channel.text == "link":
        return ""
    return redactor_for(entries, channel).clean(one_line(title), text)


def one_line(text: str) -> str:
    """Text from outside as one harmless line: no control characters, none that turn the direction of writing."""
    kept = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs", "Cn") else char for char in text)
    return " ".join("".join(char for char in kept if char not in _TURNERS).split())


_TURNERS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def safe_link(url: str) -> str | None:
    """The address if it is one of the web, else None."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    clean = all(33 <= ord(char) < 127 or ord(char) > 160 for char in url)
    return url if clean and parts.scheme in ("http", "https") and parts.hostname else None
