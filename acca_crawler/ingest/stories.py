"""Assign an article to its story: find its links, decide whether it raises an alert, and join.

Candidates, evidence and decision are in `ingest.story_links` and `acca_crawler.dedup`. Two articles belong to one
story if a chain of relations connects them; an article about several events belongs to one story and mentions the
others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from acca_crawler.detect.detector import Detector
from acca_crawler.ingest.story_links import (
    Found,
    find_links,
    find_stored_links,
    relations_to,
    stored_report,
    strongest,
    strongest_first,
)
from acca_crawler.ingest.story_news import news_in
from acca_crawler.ingest.story_pointers import tied_by_outlet
from acca_crawler.items import Article, Preparation
from storage.articles import stories
from storage.articles.stories import Link, News
from storage.articles.story_constraints import admitted
from storage.articles.story_index import Fingerprint
from storage.articles.write import StoreResult
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

MAX_COMPARED = 8
"""Maximum members compared with a new first reporter, and checked for facts already reported."""
BATCH = 200
"""Articles from an older release assigned per transaction."""


@dataclass(frozen=True, slots=True)
class StoryAssignment:
    """The stories an article is related to, its link to a member of each, and its news.

    `mentions` are links to stories it does not belong to; `profile` is stored for later comparisons.
    """

    fingerprint: Fingerprint
    stories: tuple[int, ...] = ()
    link: Link | None = None
    alert: Literal["new", "update"] | None = None
    news: tuple[News, ...] = ()
    mentions: tuple[Link, ...] = ()
    profile: bytes = b""


def assign_story(
    db: ArchiveDb, article: Article, prepared: Preparation, held_id: int | None, first_seen_at: str, detector: Detector
) -> StoryAssignment:
    """Find an article's story before it is stored. `held_id` is its own id if another revision is stored.

    `first_seen_at` is in UTC. The same detector is applied to the story's other members.
    """
    found = find_links(db, article, prepared, first_seen_at, held_id)
    if tied := tied_by_outlet(db, article):
        found = _with_ties(found, article, tied)
    own = stories.story_number(db, held_id) if held_id is not None else None
    joined = admitted(db, list(found.links), held_id) if found.links or held_id is not None else []
    numbers = tuple(sorted({*joined, *([own] if own is not None else [])}))
    link = next((found.links[number] for number in found.links if number in joined), None)
    alert, news = _alert(db, article, numbers, held_id, link, detector)
    return StoryAssignment(found.fingerprint, numbers, link, alert, news, found.mentions, prepared.profile)


def _with_ties(found: Found, article: Article, tied: Mapping[int, Link]) -> Found:
    """Add the stories that the outlet itself ties the article to.

    A post belongs to the story it leads to and only mentions others that it resembles.
    """
    if article.extraction.post is None:
        return replace(found, links=strongest_first({**tied, **found.links}))
    others = (replace(link, relation="mentions") for number, link in found.links.items() if number not in tied)
    links = strongest_first({number: found.links.get(number, link) for number, link in tied.items()})
    return replace(found, links=links, mentions=(*found.mentions, *others))


def join_story(db: ArchiveDb, stored: StoreResult, assignment: StoryAssignment, run_id: int) -> None:
    """Add a stored article to its story, inside the caller's transaction; a new first reporter is compared with all."""
    article_id = stored.article_id
    if assignment.profile:
        stories.save_profile(db, stored.revision_id, assignment.profile)
    before = [stories.first_of(db, number) for number in assignment.stories]
    number = stories.join(db, article_id, assignment.fingerprint, assignment.stories, assignment.link, run_id)
    if assignment.stories:
        first, others = stories.settle_first(db, number)
        for other in others[:MAX_COMPARED] if before != [first] else [article_id]:
            if other != first:
                link = _link_in_story(db, other, first, others) or assignment.link or Link(first, "rewrite", 0.0)
                turned = replace(link, article_id=article_id) if link.article_id == other else link
                stories.relate(db, other, turned)
    if assignment.mentions:
        stories.save_mentions(db, article_id, assignment.mentions)
    if assignment.news:
        stories.save_news(db, article_id, stored.revision_id, assignment.news)


def assign_stored(db: ArchiveDb, article_id: int, run_id: int) -> None:
    """Find and join the story of a stored article without raising an alert, inside the caller's transaction."""
    for text in stories.texts(db, [article_id]):
        found = find_stored_links(db, text)
        joined = admitted(db, list(found.links), article_id)
        link = next((found.links[number] for number in found.links if number in joined), None)
        assignment = StoryAssignment(found.fingerprint, tuple(sorted(joined)), link, mentions=found.mentions)
        join_story(db, StoreResult("unchanged", article_id, text.revision_id), assignment, run_id)


def bring_up_to_date(db: ArchiveDb) -> Iterator[int]:
    """Assign stories to articles stored by an older release, in order of storage; yield a count per batch."""
    while waiting := stories.backlog(db, BATCH):
        with transaction(db):
            for article_id, run_id in waiting:
                assign_stored(db, article_id, run_id)
                stories.leave_backlog(db, article_id)
        yield len(waiting)


def _link_in_story(db: ArchiveDb, article_id: int, first: int, others: Sequence[int]) -> Link | None:
    """Return a member's link to the first reporter, or, if related only through others, to the most similar member.

    None if it is related to none of them, as when both were revised since: they still belong to one story.
    """
    report = next(stored_report(db, stored) for stored in stories.reports(db, [article_id]))
    direct = next(relations_to(db, report, [first]), None)
    if direct is not None:
        return direct
    near = [other for other in others[:MAX_COMPARED] if other != article_id]
    return strongest(relations_to(db, report, near))


def _alert(
    db: ArchiveDb,
    article: Article,
    numbers: Sequence[int],
    held_id: int | None,
    link: Link | None,
    detector: Detector,
) -> tuple[Literal["new", "update"] | None, tuple[News, ...]]:
    """Classify the alert: a story's first is "new"; what adds news to an alerted story is an "update", else None.

    A revision adds news to its own report: an outlet that learns of the victim's death often adds it to its page.
    """
    if article.detection.level == "ignore" or not numbers:
        return ("new" if article.detection.level == "alert" else None), ()
    told_by_others = stories.is_flagged(db, numbers, held_id)
    news: tuple[News, ...] = ()
    if told_by_others or (held_id is not None and stories.is_flagged(db, numbers, None)):
        compared = stories.articles_of(db, numbers)[:MAX_COMPARED]
        if held_id is not None and held_id not in compared:
            compared.append(held_id)
        news = news_in(db, article, tuple(stories.texts(db, compared)), link, detector)
    if news:
        return "update", news
    return ("new" if article.detection.level == "alert" and not told_by_others else None), ()
