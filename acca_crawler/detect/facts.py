"""Extract the facts a report states, each with its span and sentence."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence

from acca_crawler.dedup.prisons import same_prison
from acca_crawler.detect.agencies import agencies
from acca_crawler.detect.annotate import Annotated, Sentence, TermMatch
from acca_crawler.detect.custody import CustodyPlace, custody_places
from acca_crawler.detect.custody_names import custody_name
from acca_crawler.detect.fact_words import FactWords, fact_words
from acca_crawler.detect.legal import code_article, plain_number
from acca_crawler.detect.other_laws import other_law
from acca_crawler.detect.persons import persons_of
from acca_crawler.detect.place_names import base_form, places_by_kind
from acca_crawler.detect.stages import stages
from acca_crawler.items import Fact, Span
from acca_crawler.outlets import REGION
from acca_crawler.text.normalise import APOSTROPHES, TURNED_COMMA

_HARM = frozenset({"act", "deprivation", "outcome", "accountability"})
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_IS_CASE = re.compile(r"\w+ск(?:и[ем]|их|ими|ое|ого|ому|ом|им)\s+(?:событи|дел[оуае]м?\b)", re.IGNORECASE)
"""Names of known cases: in «нукусские события» the town is not a place of the report."""

TOWN_STEM = 5
"""Prefix length that identifies two forms of a town's name."""

MAX_SENTENCES = 2_000
"""Sentences of title and text whose facts are extracted: three times those of the longest article known."""

_YEAR = range(1900, 2100)
_LEAP_YEAR = 2000


def facts_of(annotated: Annotated, country: str | None = None) -> tuple[Fact, ...]:
    """Extract countries, regions, places, persons, agencies, counts, dates, legal articles, stages and documents.

    `country` is the one the report is about; its criminal code gives the meaning of an article's number. Facts are
    ordered by kind, then by position in title and text; a repeated fact is returned once, at its first position. Only
    the first `MAX_SENTENCES` sentences are read.
    """
    if annotated.language is None:
        return ()
    words = fact_words(annotated.language)
    read = annotated.sentences[:MAX_SENTENCES]
    body = [s for s in read if s.field == "text"]
    found = [
        *_places(read, annotated.language, country),
        *_custody(read, annotated.language),
        *persons_of(body, words, annotated.language),
        *_agencies(read, annotated.language),
        *_counts(read, words),
        *_dates(body, words),
        *_articles(read, annotated.language, country),
        *_stages(read, annotated.language),
        *_documents(read),
    ]
    return tuple(_once(found))


def _once(facts: Iterable[Fact]) -> Iterator[Fact]:
    seen: set[tuple[str, str, str]] = set()
    for fact in facts:
        key = (fact.kind, fact.value, fact.detail.lower())
        if key not in seen:
            seen.add(key)
            yield fact


def _fact(kind: str, value: str, sentence: Sentence, start: int, end: int, detail: str = "") -> Fact:
    """Build a fact from `start` to `end` of the sentence's quote."""
    quote = sentence.quote[start:end]
    span = Span(sentence.field, sentence.start + start, sentence.start + end, quote, kind)
    return Fact(kind, value, span, sentence.quote, detail)


def _term_fact(kind: str, value: str, sentence: Sentence, found: TermMatch, detail: str = "") -> Fact:
    return _fact(kind, value, sentence, found.start - sentence.start, found.end - sentence.start, detail)


def _places(sentences: Sequence[Sentence], language: str, country: str | None) -> Iterator[Fact]:
    """Yield the named places; a town once, in its base form, and no place that occurs only in a hashtag.

    What the gazetteer lacks has the country of the last place named in its sentence, else the report's.
    """
    towns: set[str] = set()
    for sentence in sentences:
        found: list[Fact] = []
        home = country or ""
        for match in sentence.places:
            place = match.place
            start, end = match.start - sentence.start, match.end - sentence.start
            if place.country not in REGION or place.level == "institution":
                continue
            home = place.country
            if place.level == "country":
                found.append(_fact("country", place.country, sentence, start, end))
            elif place.level == "admin1":
                found.append(_fact("region", place.id, sentence, start, end, place.country))
            elif sentence.quote[start - 1 : start] != "#" and not _IS_CASE.match(sentence.plain, start):
                name = base_form(sentence.quote[start:end], language)
                found.append(_fact("place", name, sentence, start, end, place.country))
        for one in places_by_kind(sentence, language):
            found.append(_fact("place", one.name, sentence, one.start, one.end, home))
        for fact in sorted(found, key=lambda fact: fact.span.start):
            town = fact.value.casefold()[:TOWN_STEM]
            if fact.kind == "place" and town in towns:
                continue
            if fact.kind == "place":
                towns.add(town)
            yield fact


def _custody(sentences: Sequence[Sentence], language: str) -> Iterator[Fact]:
    """Yield every place of custody, the fullest name of each once."""
    named = list(custody_places(sentences, language))
    kept: list[CustodyPlace] = []
    for place in sorted(named, key=lambda place: -len(place.name)):
        if not any(same_prison(place.name, other.name) for other in kept):
            kept.append(place)
    for place in sorted(kept, key=named.index):
        name = custody_name(place.name, language)
        yield _fact("place", name, place.sentence, place.start, place.end, "place of custody")


def _agencies(sentences: Sequence[Sentence], language: str) -> Iterator[Fact]:
    """Yield every kind of state body once, those in sentences about harm first."""
    named = list(agencies(sentences, language))
    in_harm = [one for one in named if any(found.term.role in _HARM for found in one.sentence.found)]
    seen: set[str] = set()
    for one in (*in_harm, *named):
        if one.kind not in seen:
            seen.add(one.kind)
            yield _fact("agency", one.name, one.sentence, one.start, one.end, one.meaning)


def _counts(sentences: Sequence[Sentence], words: FactWords) -> Iterator[Fact]:
    for sentence in sentences:
        for match in words.count.finditer(sentence.plain):
            number = _APOSTROPHE.sub(TURNED_COMMA, match["number"].lower())
            value = words.numbers.get(number) or int(re.sub(r"\D", "", number) or 0)
            if value and not (value in _YEAR and len(number) == 4):
                yield _fact("count", str(value), sentence, match.start(), match.end(), match["what"].strip(" -"))


def _dates(sentences: Sequence[Sentence], words: FactWords) -> Iterator[Fact]:
    """Yield days named next to an act, a detention or a death; without a year they are open (`--01-28`)."""
    for sentence in sentences:
        if not any(found.term.role in _HARM for found in sentence.found):
            continue
        for match in words.date.finditer(sentence.plain):
            groups = match.groupdict()
            day = int(groups["day"] or groups.get("day2") or 0)
            month = _month(groups["month"] or groups.get("month2") or "", words)
            year = groups.get("year") or groups.get("year2") or "-"
            if month and 1 <= day <= monthrange(int(year) if year != "-" else _LEAP_YEAR, month)[1]:
                yield _fact("event_date", f"{year}-{month:02}-{day:02}", sentence, match.start(), match.end())


def _month(name: str, words: FactWords) -> int:
    return next((n for n, stem in enumerate(words.months, 1) if stem.match(name)), 0)


def _articles(sentences: Sequence[Sentence], language: str, country: str | None) -> Iterator[Fact]:
    """Yield articles of the criminal code by number, with their title in the country's code if known.

    Of other laws only those of administrative offences that `lexicons/legal.toml` knows: people are held under them.
    """
    for sentence in sentences:
        for match in fact_words(language).article.finditer(sentence.plain):
            number = match["number"] or match["number2"]
            law = other_law(sentence.plain, match.start(), match.end(), language)
            known = code_article(country, number, law)
            if law and not known:
                continue
            detail = f"{known.subject}: {known.title}" if known else ""
            yield _fact("legal_article", plain_number(number), sentence, match.start(), match.end(), detail)


def _stages(sentences: Sequence[Sentence], language: str) -> Iterator[Fact]:
    for stage in stages(sentences, language):
        yield _fact("stage", stage.name, stage.sentence, stage.start, stage.end)


def _documents(sentences: Sequence[Sentence]) -> Iterator[Fact]:
    for sentence in sentences:
        for found in sentence.found:
            if found.term.role == "document":
                yield _term_fact("document", found.term.lemma, sentence, found)
