"""Find the stored articles an article is related to: candidates from the index, evidence, decision.

The index returns candidates (`storage.articles.story_index`); `dedup.relation` decides on each pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from acca_crawler.dedup.address import canonical_address
from acca_crawler.dedup.pair_features import overlap_of
from acca_crawler.dedup.profile import Profile, profile_of
from acca_crawler.dedup.relation import Relation, Report, decide
from acca_crawler.dedup.signature import signature
from acca_crawler.ingest.outlet_habits import is_next_of_pattern
from acca_crawler.ingest.preparation import reading_of, story_keys
from acca_crawler.ingest.profiles import opened
from acca_crawler.items import UNNAMED, Article, Preparation, StoryKeys
from storage.articles import stories, story_index
from storage.articles.stories import Link, StoredReport, StoredText
from storage.articles.story_index import Fingerprint
from storage.schema.kinds import ArchiveDb

MAX_TRIES = 3
"""Maximum members of one story compared with an article, most likely first."""
MAX_LOOSE_STORY = 12
"""Story size from which similarity to any one member is not enough: the article must be related to the first one."""
MAX_BRIDGED = 2
"""Maximum number of stories that one text can merge because it contains the text of each."""
SURE = 0.7
"""Probability from which two flagged reports without a name in common are one event."""
_WEB = ("http://", "https://")
_TEXTUAL = frozenset({"same", "copy", "excerpt", "rewrite", "translation"})


@dataclass(frozen=True, slots=True)
class Found:
    """An article's fingerprint for the index, its strongest link to each story, strongest first, and its mentions."""

    fingerprint: Fingerprint
    links: Mapping[int, Link]
    mentions: tuple[Link, ...]


def strongest_first(links: Mapping[int, Link]) -> dict[int, Link]:
    """Return the links to stories, textual ones and the most similar first; ties go to the article stored first."""
    return dict(sorted(links.items(), key=lambda item: _strength(item[1]), reverse=True))


def strongest(links: Iterable[Link]) -> Link | None:
    """Return the link that would come first, None without links."""
    return max(links, key=_strength, default=None)


def _strength(link: Link) -> tuple[bool, float, int]:
    return link.relation in _TEXTUAL, link.similarity, -link.article_id


def find_links(
    db: ArchiveDb, article: Article, prepared: Preparation, first_seen_at: str, exclude: int | None
) -> Found:
    """Find the stories of an article about to be stored.

    `first_seen_at` is in UTC; `exclude` is the article's own id if the archive has it.
    """
    found = article.extraction
    report = _report(opened(prepared.profile), article.outlet, found.published_at, article.url, found.alternates)
    flagged = article.detection.level != "ignore"
    return _find(db, report, prepared.keys, article.url, first_seen_at, exclude, flagged)


def find_stored_links(db: ArchiveDb, text: StoredText) -> Found:
    """Find the stories of a stored article."""
    report = stored_report(db, text)
    keys = story_keys(report.profile, signature(reading_of(text.title, text.text, text.language).parts))
    return _find(db, report, keys, text.url, text.first_seen_at, text.article_id, text.flagged)


def stored_report(db: ArchiveDb, stored: StoredReport) -> Report:
    """Load a stored article for comparison; its profile is computed and stored if it has none from this release."""
    profile = None
    if stored.profile is not None:
        try:
            profile = opened(stored.profile)
        except ValueError:
            profile = None  # From an older release.
    if profile is None:
        (text,) = stories.texts(db, [stored.article_id])
        profile = profile_of(reading_of(text.title, text.text, text.language))
        if db.conn.in_transaction:
            stories.save_profile(db, stored.revision_id, profile.to_bytes())
    return _report(profile, stored.outlet, stored.published_at, stored.url, stored.alternates)


def _report(
    profile: Profile, outlet: str, published: str | None, url: str, alternates: Iterable[tuple[str, str]]
) -> Report:
    """Prepare an article for comparison. Only its addresses on the web count: pages declare anything as alternates."""
    on_the_web = tuple((language, other) for language, other in alternates if other.startswith(_WEB))
    return Report(profile, outlet, published, "" if url.startswith(UNNAMED) else url, on_the_web)


def relations_to(db: ArchiveDb, report: Report, others: Sequence[int]) -> Iterator[Link]:
    """Yield a report's links to those of the others it is related to."""
    for stored in stories.reports(db, others):
        link = _link(report, stored_report(db, stored), stored.article_id)
        if link is not None and link.relation != "mentions":
            yield link


def _find(
    db: ArchiveDb, report: Report, keys: StoryKeys, url: str, first_seen_at: str, exclude: int | None, flagged: bool
) -> Found:
    alternates = {canonical_address(other) for _, other in report.alternates} - {url}
    fingerprint = Fingerprint(
        keys=keys.text,
        sentences=keys.sentences,
        names=keys.near,
        day=(report.published or first_seen_at)[:10],
        language=report.profile.language or "",
        outlet=report.outlet,
        url=url,
        alternates=tuple(sorted(alternates)),
        persons=keys.persons,
    )
    candidates = story_index.candidates(db, fingerprint, exclude)
    if not candidates.articles:
        return Found(fingerprint, {}, ())
    holders = {name: candidates.holders.get(key, 0) for key, name in keys.names.items()}
    links: dict[int, list[tuple[Link, Report]]] = {}
    mentions: list[Link] = []
    for stored in stories.reports(db, candidates.articles):
        tried = links.setdefault(stored.story_id, [])
        if len(tried) >= MAX_TRIES:
            continue
        other = stored_report(db, stored)
        found = decide(other, report, holders)
        if found is not None and is_next_of_pattern(db, found, report, other, stored.article_id, exclude):
            continue
        link = _link_of(found, report, other, stored.article_id)
        if link is not None and link.relation == "mentions":
            mentions.append(link)
        elif link is not None and link.relation == "follow-up" and not (flagged and stored.flagged):
            continue  # An official's name is in the news every week; only flagged articles count as a case.
        elif link is not None and flagged and stored.flagged and not _is_sure(link):
            continue  # Two alerts read twice cost less than one never seen.
        elif link is not None and _admits(db, report, stored, link):
            tried.append((link, other))
    best = {
        number: max(found, key=lambda one: (one[0].relation in _TEXTUAL, one[0].similarity))
        for number, found in links.items()
        if found
    }
    if not best:
        return Found(fingerprint, {}, tuple(mentions))
    kept, bridged = _without_bridges(_judged_in_own_language(db, report, best))
    return Found(fingerprint, strongest_first(kept), (*mentions, *bridged))


def _link(report: Report, other: Report, article_id: int) -> Link | None:
    """Link a report to a stored one by what the two say alone."""
    return _link_of(decide(other, report), report, other, article_id)


def _link_of(found: Relation | None, report: Report, other: Report, article_id: int) -> Link | None:
    """Link a report to a stored one. A longer text is not an excerpt of an earlier one, but a rewrite."""
    if found is None:
        return None
    longer = found.kind == "excerpt" and report.profile.words > other.profile.words
    reasons = tuple((reason.kind, reason.value) for reason in found.reasons)
    return Link(article_id, "rewrite" if longer else found.kind, found.similarity, reasons)


def _judged_in_own_language(
    db: ArchiveDb, report: Report, best: Mapping[int, tuple[Link, Report]]
) -> dict[int, tuple[Link, Report]]:
    """Drop a translation of a story that has members in the report's own language, if it is related to none of them.

    One language's words say more than names and numbers across two: an event is translated once, its topic every day.
    """
    kept = {}
    for number, (link, other) in best.items():
        if link.relation == "translation" and ("hreflang", "") not in link.reasons and report.profile.language:
            compatriots = stories.members_in(db, number, report.profile.language, MAX_TRIES)
            if compatriots and not any(True for _ in relations_to(db, report, compatriots)):
                continue
        kept[number] = (link, other)
    return kept


def _is_sure(link: Link) -> bool:
    """Whether two flagged reports in different words are surely about one event."""
    return link.relation != "same event" or link.similarity >= SURE or any(kind == "names" for kind, _ in link.reasons)


def _admits(db: ArchiveDb, report: Report, stored: StoredReport, link: Link) -> bool:
    """Whether a large story accepts an article that is only loosely similar to one of its members."""
    if link.relation in ("same", "copy", "excerpt") or stories.size_of(db, stored.story_id) < MAX_LOOSE_STORY:
        return True
    first = stories.first_of(db, stored.story_id)
    return first == stored.article_id or (first is not None and any(True for _ in relations_to(db, report, [first])))


def _without_bridges(best: Mapping[int, tuple[Link, Report]]) -> tuple[dict[int, Link], list[Link]]:
    """Keep the links to the most likely story and to stories related to it; the others become mentions.

    An article about several events must not merge their stories.
    """
    ordered = sorted(
        best.items(), key=lambda item: (item[1][0].relation not in _TEXTUAL, -item[1][0].similarity, item[0])
    )
    kept: dict[int, Link] = {}
    mentions: list[Link] = []
    reports: list[Report] = []
    for number, (link, other) in ordered:
        textual = len(ordered) == MAX_BRIDGED and all(one.relation in _TEXTUAL for _, (one, _) in ordered)
        if not reports or any(_are_one_event(known, other, textual) for known in reports):
            kept[number] = link
            reports.append(other)
        else:
            mentions.append(replace(link, relation="mentions"))
    return kept, mentions


def _are_one_event(a: Report, b: Report, textual: bool) -> bool:
    """Whether two members of two stories are related or name the same rare person.

    `textual` is whether a third text contains both: then a shared distinctive word is enough.
    """
    found = decide(a, b)
    if found is not None and found.kind != "mentions":
        return True
    overlap = overlap_of(a.profile, b.profile)
    return bool(overlap.rare or (textual and overlap.words))
