"""Find the facts an article adds to its story, which make it an update."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from acca_crawler.dedup.changes import Statement, new_in_retelling, statements_of
from acca_crawler.dedup.developments import developments, version
from acca_crawler.dedup.keys import consonant_key
from acca_crawler.dedup.names import same_name
from acca_crawler.dedup.pair_features import days_between
from acca_crawler.dedup.profile import Profile
from acca_crawler.detect.annotate import Annotated
from acca_crawler.detect.detector import Detector
from acca_crawler.detect.facts import facts_of
from acca_crawler.ingest.story_links import stored_report
from acca_crawler.items import Article, Detection, Fact, Span
from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import name_key
from storage.articles import stories
from storage.articles.stories import Link, News, StoredText
from storage.schema.kinds import ArchiveDb

LONGER = 1.5
"""Length ratio above which a translation is checked for more than new names.

Of 4,556 posts in both languages, the Uzbek text is more than 1.3 times as long as the Russian one in 3 %, and more than
1.5 times in one of a thousand: Uzbek writes out what Russian abbreviates, such as ОВД.
"""
_LOOSE_KEY = 3
_DEVELOPMENT, _TESTIMONY, _WITNESS = "development", "testimony", "witness"
_GRAVE = frozenset({"death", "torture"})
_AGAIN = frozenset({"release", "transfer", "rearrest", "hunger_strike", "suicide_attempt"})
"""Stages that a case may reach more than once."""
_FORGOTTEN = 14
"""Days after whose last report such a stage is news again."""
_BEFORE = {"sentence": ("verdict", "demand", "last_word"), "verdict": ("demand", "last_word"),
           "acquittal": ("demand", "last_word")}  # fmt: skip
"""Stages that are no news after another one: who was sentenced was found guilty, and prosecutors had asked for it."""
_IMPLIED = [
    (Statement(_DEVELOPMENT, stage), Statement(_DEVELOPMENT, earlier))
    for stage, stages in _BEFORE.items()
    for earlier in stages
]


def news_in(
    db: ArchiveDb, article: Article, known: Sequence[StoredText], link: Link | None, detector: Detector
) -> tuple[News, ...]:
    """Return the facts that none of the known texts reports, whether or not they affected its level.

    A known name is not news. A translation of similar length has the same facts as the original, whatever the two
    languages' lexicons find: only a name that matches no spelling in the story is news, and a death, torture, and how
    far the case has come where the title or the first sentence says it. A stage that may come again is news again where
    title or first sentence have it and no report of the last `_FORGOTTEN` days does.
    """
    translated = _is_mere_translation(article, known, link)
    told = [(text, _statements(db, text, detector)) for text in known]
    reported = {statement for _, statements in told for statement in statements}
    recent = {statement for text, statements in told if _is_recent(text, article) for statement in statements}
    reported |= {implied for statement, implied in _IMPLIED if statement in reported}
    facts = new_in_retelling(reported, article.detection)
    reached = tuple(
        fact
        for fact in developments(article.extraction.title, article.extraction.text, article.language)
        if Statement(_DEVELOPMENT, fact.value) not in reported
        or _is_another_witness(fact, article, reported)
        or _has_come_again(fact, article, recent)
    )
    names = [_Names(stored_report(db, text).profile) for text in known]
    if translated:
        reached = tuple(fact for fact in reached if _is_at_the_head(fact, article.extraction.text))
        facts = tuple(
            fact for fact in facts if fact.kind == "person" or _is_event_at_the_head(fact, article.extraction.text)
        )
    kept = (fact for fact in facts if fact.kind != "person" or not _is_known(fact.value, names, translated))
    return tuple(News(fact.kind, fact.value, fact.detail, fact.span.quote, fact.sentence) for fact in (*kept, *reached))


def _is_mere_translation(article: Article, known: Sequence[StoredText], link: Link | None) -> bool:
    """Whether the article translates a report of similar length and no other report is in its own language."""
    if link is None or link.relation != "translation" or any(text.language == article.language for text in known):
        return False
    original = next((text for text in known if text.article_id == link.article_id), None)
    return original is not None and len(article.extraction.text) <= LONGER * len(original.text)


def _is_at_the_head(fact: Fact, text: str) -> bool:
    """Whether a fact is in the title or the first sentence, where a report has its news."""
    if fact.span.field == "title":
        return True
    return any(start <= fact.span.start < end for start, end in islice(sentences(text), 1))


def _is_event_at_the_head(fact: Fact, text: str) -> bool:
    """Whether a report has as its news that the victim died, disappeared or was tortured."""
    return fact.kind in ("outcome", "act") and fact.value in _GRAVE and _is_at_the_head(fact, text)


def _is_recent(text: StoredText, article: Article) -> bool:
    published = article.extraction.published
    days = days_between(text.published_at, published.value if published else None)
    return days is None or days <= _FORGOTTEN


def _has_come_again(fact: Fact, article: Article, recent: Collection[Statement]) -> bool:
    """Whether a report has as its news a stage that may come again, and no recent report has it."""
    again = fact.value in _AGAIN and Statement(_DEVELOPMENT, fact.value) not in recent
    return again and _is_at_the_head(fact, article.extraction.text)


def _is_another_witness(fact: Fact, article: Article, reported: Collection[Statement]) -> bool:
    """Whether a report has as its news the testimony of somebody of whose testimony the story does not know."""
    if fact.value != _TESTIMONY or not _is_at_the_head(fact, article.extraction.text):
        return False
    name = _witness(fact, article.detection.facts)
    return bool(name) and not any(one.kind == _WITNESS and same_name(name, one.value) for one in reported)


def _witness(testimony: Fact, facts: Iterable[Fact]) -> str:
    """Return the folded last name of the first person in the sentence of a testimony, empty if it names nobody."""
    persons = [fact for fact in facts if fact.kind == "person" and testimony.span.quote in fact.sentence]
    first = min(persons, key=lambda person: person.span.start, default=None)
    return (name_key(first.value).split() or [""])[-1] if first else ""


def _is_known(person: str, names: Sequence[_Names], loosely: bool) -> bool:
    return any(known.have(person, loosely) for known in names)


class _Names:
    """The names in a text, including sentence openers, which may be names."""

    def __init__(self, profile: Profile) -> None:
        self._full_names = [person for person in profile.persons if len(person) > 1]
        self._names = (profile.names, profile.first_words)
        self._keys = {consonant_key(name)[:_LOOSE_KEY] for known in self._names for name in known.names}

    def have(self, person: str, loosely: bool) -> bool:
        """Whether the text has a person's last name in any form or script, and not only with other given names.

        `loosely`: the prefix of any part of the name.
        """
        parts = name_key(person).split()
        if not parts:
            return True
        if loosely and any((key := consonant_key(part)[:_LOOSE_KEY]) and key in self._keys for part in parts):
            return True
        *given, last = parts
        if not any(known.has(last) for known in self._names):
            return False
        if not given or not any(same_name(last, part) for person in self._full_names for part in person):
            return True
        return any(known.has(part) for known in self._names for part in given)


def _statements(db: ArchiveDb, text: StoredText, detector: Detector) -> tuple[Statement, ...]:
    """Return what a stored text reports: as saved with its revision, or detected and saved.

    Another lexicon, or other patterns of developments, may find other things: then the text is read again.
    """
    found_by = f"{detector.fingerprint}-{version()}"
    saved = stories.statements_of(db, text.revision_id, found_by)
    if saved is None:
        annotated = detector.annotate(text.text, text.title, text.language)
        reached = list(developments(text.title, text.text, text.language))
        detected = _detected(annotated)
        found = (
            *statements_of(detected),
            *(Statement(_DEVELOPMENT, fact.value) for fact in reached),
            *(Statement(_WITNESS, _witness(fact, detected.facts)) for fact in reached if fact.value == _TESTIMONY),
        )
        saved = [(statement.kind, statement.value) for statement in found]
        if db.conn.in_transaction:
            stories.save_statements(db, text.revision_id, found_by, saved)
    return tuple(Statement(kind, value) for kind, value in saved)


def _detected(annotated: Annotated) -> Detection:
    """Return everything a text reports, whether or not it affected its level."""
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
