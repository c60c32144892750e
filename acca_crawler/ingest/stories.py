"""Deciding which story an article belongs to, what it is to the others there, and whether that is an alert.

The index names candidates, `dedup.relation` has the final word on two texts. Two articles are of one story where a
chain of relations leads from one to the other, so the order in which they come makes no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from acca_crawler.dedup.address import canonical_address
from acca_crawler.dedup.anchors import same_name
from acca_crawler.dedup.changes import new_in_retelling
from acca_crawler.dedup.document import Document
from acca_crawler.dedup.relation import relation
from acca_crawler.dedup.signature import bands, signature
from acca_crawler.dedup.translation import translation_keys
from acca_crawler.detect.detector import Detector
from acca_crawler.detect.facts import facts_of
from acca_crawler.items import UNNAMED, Article, Detection, Fact, Span
from acca_crawler.text.transliterate import fold, skeleton
from storage.articles import stories, story_index
from storage.articles.stories import Link, News, StoredText
from storage.articles.story_index import Fingerprint
from storage.articles.write import StoreResult
from storage.schema.database import transaction

MAX_TRIES = 3
"""Members of one story that an article is compared with: the likeliest come first."""
MAX_COMPARED = 32
"""Members that are compared with a new first reporter, and that are asked what they told already."""
BATCH = 200
"""Articles of an older release placed in one transaction."""


@dataclass(frozen=True, slots=True)
class StoryAssignment:
    """Where an article belongs: the stories that it relates to, how to one of their members, and what is new in it."""

    fingerprint: Fingerprint
    stories: tuple[int, ...] = ()
    link: Link | None = None
    alert: Literal["new", "update"] | None = None
    news: tuple[News, ...] = ()


def assign_story(
    db: Database, article: Article, held_id: int | None, first_seen_at: str, detector: Detector
) -> StoryAssignment:
    """Find an article's story before it is stored. `held_id` is its own number where another revision is held.

    The story's other members are read by the same detector.
    """
    document = _document_of(article)
    fingerprint = _fingerprint(document, article.outlet, article.url, first_seen_at)
    links = _links(db, document, fingerprint, held_id)
    own = stories.story_number(db, held_id) if held_id is not None else None
    numbers = tuple(sorted({*links, *([own] if own is not None else [])}))
    alert, news = _alert(db, article, numbers, held_id, detector)
    return StoryAssignment(fingerprint, numbers, _strongest(links.values()), alert, news)


def join_story(db: Database, stored: StoreResult, assignment: StoryAssignment, run_id: int) -> None:
    """Make a stored article a member of its story, inside the caller's transaction."""
    _join(db, stored.article_id, assignment, run_id)
    stories.save_news(db, stored.article_id, stored.revision_id, assignment.news)


def assign_stored(db: Database, article_id: int, run_id: int) -> None:
    """Find the story of an article as it is stored, raising no alert, inside the caller's transaction."""
    for text in stories.texts(db, [article_id]):
        document = _document(text)
        fingerprint = _fingerprint(document, text.outlet, text.url, text.first_seen_at)
        links = _links(db, document, fingerprint, article_id)
        _join(db, article_id, StoryAssignment(fingerprint, tuple(sorted(links)), _strongest(links.values())), run_id)


def bring_up_to_date(db: Database) -> Iterator[int]:
    """Assign stories to what an older release stored, in the order of storing; yields a count per batch."""
    while waiting := stories.backlog(db, BATCH):
        with transaction(db):
            for article_id, run_id in waiting:
                assign_stored(db, article_id, run_id)
                stories.leave_backlog(db, article_id)
        yield len(waiting)


def _document_of(article: Article) -> Document:
    found = article.extraction
    return Document(
        found.title, found.text, article.language, _web(article.url), found.published_at, _on_the_web(found.alternates)
    )


def _document(text: StoredText) -> Document:
    return Document(
        text.title, text.text, text.language, _web(text.url), text.published_at, _on_the_web(text.alternates)
    )


def _web(url: str) -> str:
    return "" if url.startswith(UNNAMED) else url


def _on_the_web(alternates: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The alternates whose address is one; pages hold anything there."""
    return tuple((language, url) for language, url in alternates if url.startswith(("http://", "https://")))


def _fingerprint(document: Document, outlet: str, url: str, first_seen_at: str) -> Fingerprint:
    signed = signature(document.text)
    alternates = {canonical_address(other) for _, other in document.alternates} - {url}
    return Fingerprint(
        keys=bands(signed),
        sentences=signed.sentences,
        names=translation_keys(document),
        day=(document.published or first_seen_at)[:10],
        language=(document.known_language or "").split("-")[0],
        outlet=outlet,
        url=url,
        alternates=tuple(sorted(alternates)),
    )


def _links(db: Database, document: Document, fingerprint: Fingerprint, exclude: int | None) -> dict[int, Link]:
    """The stories that have a member related to this text, each with the first such member that was found."""
    links: dict[int, Link] = {}
    tries: Counter[int] = Counter()
    for article_id in story_index.candidates(db, fingerprint, exclude):
        number = stories.story_number(db, article_id)
        if number is None or number in links or tries[number] >= MAX_TRIES:
            continue
        tries[number] += 1
        link = next(_relations(db, document, [article_id]), None)
        if link is not None:
            links[number] = link
    return links


def _relations(db: Database, document: Document, others: Iterable[int]) -> Iterator[Link]:
    for text in stories.texts(db, others):
        link = _relation(document, text)
        if link is not None:
            yield link


def _relation(document: Document, text: StoredText) -> Link | None:
    """What a text is to a stored one. A longer text is no excerpt of what came before: it retells it."""
    found = relation(_document(text), document)
    if found is None:
        return None
    longer = found.kind == "excerpt" and len(document.text) > len(text.text)
    return Link(text.article_id, "rewrite" if longer else found.kind, found.similarity)


def _strongest(links: Iterable[Link]) -> Link | None:
    return max(links, key=lambda link: (link.similarity, -link.article_id), default=None)


def _join(db: Database, article_id: int, assignment: StoryAssignment, run_id: int) -> None:
    before = [stories.first_of(db, number) for number in assignment.stories]
    number = stories.join(db, article_id, assignment.fingerprint, assignment.stories, assignment.link, run_id)
    if not assignment.stories:
        return
    first, others = stories.settle_first(db, number)
    changed = before != [first]
    for other in others[:MAX_COMPARED] if changed else [article_id]:
        if other != first:
            stories.relate(db, other, _link_in_story(db, other, first, others))


def _link_in_story(db: Database, article_id: int, first: int, others: Sequence[int]) -> Link:
    """What a member is to the first reporter, or where the two are alike only through others, to the likest."""
    document = next(_document(text) for text in stories.texts(db, [article_id]))
    direct = next(_relations(db, document, [first]), None)
    if direct is not None:
        return direct
    others = [other for other in others[:MAX_COMPARED] if other != article_id]
    # Nothing is left where both were revised since: they are of one story all the same.
    return _strongest(_relations(db, document, others)) or Link(first, "rewrite", 0.0)


def _alert(
    db: Database, article: Article, numbers: Sequence[int], held_id: int | None, detector: Detector
) -> tuple[Literal["new", "update"] | None, tuple[News, ...]]:
    """A story's first alert is new; a report that joins it is an update where it tells more, and else none."""
    if article.detection.level == "ignore":
        return None, ()
    if not stories.is_flagged(db, numbers, held_id):
        return ("new" if article.detection.level == "alert" else None), ()
    known = [_document(text) for text in stories.texts(db, stories.articles_of(db, numbers)[:MAX_COMPARED])]
    news = tuple(_news(fact) for fact in _new_facts(known, article.detection, detector))
    return ("update" if news else None), news


def _new_facts(known: Sequence[Document], detection: Detection, detector: Detector) -> Iterator[Fact]:
    """What none of the known texts tells, whether or not that decided about them; a known name is no news."""
    for fact in new_in_retelling([_told(document, detector) for document in known], detection):
        if fact.kind != "person" or not any(_names(document, fact.value) for document in known):
            yield fact


def _told(document: Document, detector: Detector) -> Detection:
    """All that a text tells, as `new_in_retelling` asks for it."""
    annotated = detector.annotate(document.text, document.title, document.known_language)
    spans = tuple(
        Span(
            sentence.field,
            found.start,
            found.end,
            sentence.quote[found.start - sentence.start : found.end - sentence.start],
            found.term.name,
            found.term.gloss,
        )
        for sentence in annotated.sentences
        for found in sentence.found
    )
    return Detection("ignore", spans=spans, facts=facts_of(annotated))


def _names(document: Document, person: str) -> bool:
    """Whether a person's last name stands in a text, in any form or script."""
    name = (fold(person).split() or [""])[-1]
    bones = skeleton(name)
    return any(
        same_name(name, other) or (len(bones) > 2 and same_name(bones, skeleton(other)))
        for other in document.anchors.names
    )


def _news(fact: Fact) -> News:
    return News(fact.kind, fact.value, fact.detail, fact.span.quote, fact.sentence)
