"""One-line summary of a story from the facts of its main report: what, to whom, where, by whom, according to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf

from acca_crawler.cases.matching import age_beside
from acca_crawler.cases.suggesting import EarlierReports
from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.labels import CATEGORIES, COUNTRIES, GRAVITY
from acca_crawler.web.pages import gloss_shown, region_name
from acca_crawler.web.row_source import sources
from storage.review.row_facts import KeyFact, RowFacts

VICTIMS = ("victim", "detainee", "defender", "suspect")
"""Roles of a report's subject, most certain first; relatives, lawyers and officials are never the subject."""

MAX_NAMES = 2

BESIDE = 20
"""Characters between a place and the region that it is in, as in "Alamudun district of Chuy region"; a report names
other regions further away."""


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """A part of the summary.

    `name` is its kind (`act`, `person`, `place`, `agency`, `source`, `date`, `earlier`), `language` that of text quoted
    from the report, else None; `more` follows the text, in the language of the interface.
    """

    name: str
    text: str
    language: str | None = None
    more: str = ""


def gravest(categories: Iterable[str]) -> str:
    """Return the gravest category, or an empty string."""
    return min(categories, key=lambda one: GRAVITY.index(one) if one in GRAVITY else len(GRAVITY), default="")


def summary(
    found: RowFacts,
    categories: Sequence[str],
    country: str,
    spoken: str,
    language: Language,
    earlier: EarlierReports | None = None,
) -> list[SummaryPart]:
    """Return the parts of the summary; what the report doesn't say is omitted.

    `categories` are the story's, `country` a code or empty, `spoken` the report's language, `language` the interface's.
    """
    say = partial(gloss_shown, language)
    by_kind: dict[str, list[KeyFact]] = {}
    for fact in found.facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    stages = [fact.value for fact in by_kind.get("stage", ())]
    persons = by_kind.get("person", [])
    tellers = sources(found.words, persons, {"title": found.title, "text": found.text})
    parts = [_act(found, categories, language)] if categories else []
    parts += [_person(fact, spoken, language) for fact in _victims(persons)]
    parts += _place(by_kind, country, spoken, language)
    parts += [SummaryPart("agency", say(fact.detail) or fact.value) for fact in by_kind.get("agency", ())[:1]]
    if tellers:
        parts.append(SummaryPart("source", language.text("source: {who}", who=", ".join(say(one) for one in tellers))))
    elif "complaint" in stages:
        parts.append(SummaryPart("source", say("complaint")))
    parts += [SummaryPart("source", say("denial"))] if "denial" in stages else []
    parts += [SummaryPart("date", language.event_day(fact.value)) for fact in by_kind.get("event_date", ())[:1]]
    return parts + ([_earlier(earlier, language)] if earlier else [])


def _act(found: RowFacts, categories: Sequence[str], language: Language) -> SummaryPart:
    gravest_one = gravest(categories)
    act = language.text(CATEGORIES.get(gravest_one, gravest_one))
    how = next((word.gloss for word in found.words if word.group == "method" and word.gloss), "")
    return SummaryPart("act", f"{act}: {gloss_shown(language, how)}" if how else act)


def _victims(persons: Iterable[KeyFact]) -> list[KeyFact]:
    known: dict[str, KeyFact] = {}
    for person in persons:
        if person.detail in VICTIMS:
            known.setdefault(person.value, person)
    return sorted(known.values(), key=lambda person: VICTIMS.index(person.detail))[:MAX_NAMES]


def _person(person: KeyFact, spoken: str, language: Language) -> SummaryPart:
    age = age_beside(person.sentence, person.quote)
    role = "" if person.detail == "victim" else gloss_shown(language, person.detail)
    more = ", ".join(str(one) for one in (age, role) if one)
    return SummaryPart("person", person.value, spoken, f", {more}" if more else "")


def _place(by_kind: dict[str, list[KeyFact]], country: str, spoken: str, language: Language) -> list[SummaryPart]:
    """Return the place with its region and country; a region that is not named beside it is a part of its own."""
    places, regions = by_kind.get("place", []), by_kind.get("region", [])
    custody = [fact for fact in places if fact.detail == "place of custody"]
    land = [language.text(COUNTRIES[country])] if country in COUNTRIES and country else []
    named = (custody or places)[:1]
    beside = [one for one in regions if named and _gap(named[0], one) <= BESIDE][:1]
    around = ", ".join((*(region_name(language, one.value) for one in beside or ([] if named else regions[:1])), *land))
    if not named:
        return [SummaryPart("place", around)] if around else []
    parts = [SummaryPart("place", named[0].value, spoken, f" ({around})" if around else "")]
    return parts + [SummaryPart("place", region_name(language, one.value)) for one in regions[:1] if not beside]


def _gap(one: KeyFact, other: KeyFact) -> float:
    """Return the characters between two facts, at most 0 where they overlap."""
    return max(one.start, other.start) - min(one.end, other.end) if one.field == other.field else inf


def _earlier(earlier: EarlierReports, language: Language) -> SummaryPart:
    count = language.plural("{n} earlier report", "{n} earlier reports", earlier.count)
    return SummaryPart(
        "earlier", language.text("{count}, the first on {day}", count=count, day=language.day(earlier.since))
    )
