"""Decide what a report is filed under: by the rules of its supporting passages, and by what the article tells besides.

A rule gives its category in a passage. Some categories need more than a passage can show: who was attacked, whether
anything followed for the officials, whether a national is held in another country (`lexicons/categories.toml`). What
rules gave is held against what was learned from labelled reports (`acca_crawler.detect.filing`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from acca_crawler.detect.annotate import Annotated, Sentence, fold_sentence, lexicon_language
from acca_crawler.detect.lexicon import BUILT_IN
from acca_crawler.detect.rules import RuleBook
from acca_crawler.detect.sections import parts_of
from acca_crawler.detect.windows import Window
from acca_crawler.outlets import REGION

FILE = BUILT_IN / "categories.toml"

CUSTODY_RULES = ("violence_in_custody", "prisoner_is_hurt")
"""Rules that make abuse in a state home, a school or the army torture too: it happened in custody."""

PRESSURE_RULES = (
    "dismissed_for_words",
    "summoned_over_words",
    "relatives_summoned",
    "pressed_for_words",
    "outlet_sued",
)
"""Rules that make an attack of pressure on anybody: it follows what was said or published."""

SUFFERING_RULES = ("protected_is_object", "protected_person_hurt", "protected_pressed", "protected_vanished")
"""Rules that show that a lawyer is the victim: most reports of trials name a lawyer."""

BESIDE_COUNTRY = 22
"""Maximum code points between "citizens" and the name of their country, in the language's order."""

TOUCHING = 2
"""The same in the other order."""

MIN_CHANCE = 0.2
"""Minimum probability for a category that rules gave."""

SELDOM_WRONG: Mapping[str, float] = {
    "torture": 0.15,
    "accountability": 0.15,
    "attack_on_defender": 0.15,
    "punitive_psychiatry": 0.05,
    "forced_labour_custody_conditions": 0.02,
}
"""The same where words name the category by themselves (a hunger strike), however little of the report is about it."""

ENOUGH_CHANCE = 0.5
"""Probability from which on a category needs no rule."""

ENOUGH_FOR: Mapping[str, float] = {"accountability": 0.6, "attack_on_defender": 0.6, "ill_treatment": 0.4}
"""The same: more where reports of other categories have much the same words (trials, journalists in custody), less for
homes and schools, which are words enough."""

_REMEMBERED = 2

_ACTS = frozenset({"torture", "ill_treatment", "death_in_custody"})
_PROCEEDINGS = {"accountability": 1, "court": 1, "sentence": 1}
_CONDITIONS = {"conditions": 2}
# Minimum strengths of terms by group. Conditions are reported from a place; of a death, being detained is said too.
_CUSTODY = {"custody_place": 2, "custody_status": 2, "prison_named": 1, "detention": 1}
_IN_CUSTODY = {"custody_place": 2, "custody_status": 1, "prison_named": 1, "detention": 2}
_HELD = {"custody_place": 2, "custody_status": 1, "detention": 1, "sentence": 1, "transfer": 1}


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """Compiled words of one language, matched in folded text."""

    consequences: re.Pattern[str]
    citizens: re.Pattern[str]
    natives: re.Pattern[str]
    country_first: bool


def categories_of(
    annotated: Annotated, support: Sequence[Window], book: RuleBook, chances: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the categories, those of rules first, in the order the supporting windows mention them.

    `chances` are the learned probabilities by category; one that was not learned is decided by rules alone. Where they
    leave none, the most likely is returned.
    """
    by_rules = _by_rules(annotated, support, book)
    found = [code for code in by_rules if chances.get(code, 1.0) >= SELDOM_WRONG.get(code, MIN_CHANCE)]
    ranked = sorted(chances, key=lambda code: -chances[code])
    if not tells_proceedings(annotated):
        ranked = [code for code in ranked if code != "accountability"]
    found += [code for code in ranked if chances[code] >= ENOUGH_FOR.get(code, ENOUGH_CHANCE) and code not in found]
    return tuple(found or ranked[:1])


def _by_rules(annotated: Annotated, support: Sequence[Window], book: RuleBook) -> tuple[str, ...]:
    language = annotated.language or "en"
    body = own_sentences(annotated)
    found: dict[str, None] = {}
    for window in support:
        for category, rules in book.categories.items():
            if window.matched & rules and (category != "attack_on_defender" or _is_attack(window, book)):
                found.setdefault(category)
    in_custody = sum(book.bits[rule] for rule in CUSTODY_RULES)
    if "ill_treatment" in found and not any(window.matched & in_custody for window in support):
        found.pop("torture", None)
    if found.keys() & _ACTS and (_has(body, {"accountability": 1}) or tells_own_consequences(annotated)):
        found.setdefault("accountability")
    elif not _has(body, _PROCEEDINGS):
        found.pop("accountability", None)
    if not _has(body, _IN_CUSTODY):
        found.pop("death_in_custody", None)
    if _has(body, _CONDITIONS) and _has(body, _CUSTODY):
        found.setdefault("forced_labour_custody_conditions")
    if any(holds_national_abroad(window.sentences, language) for window in support):
        found.setdefault("transnational_repression")
    return tuple(found)


def tells_proceedings(annotated: Annotated) -> bool:
    """Whether the report itself has a word of proceedings, or of what followed for officials."""
    body = own_sentences(annotated)
    return _has(body, _PROCEEDINGS) or tells_own_consequences(annotated)


@lru_cache(_REMEMBERED)
def own_sentences(annotated: Annotated) -> tuple[Sentence, ...]:
    """Return the sentences of title, lead and body: background and links tell of other reports."""
    parts = parts_of(annotated.sentences)
    own = zip(annotated.sentences, parts, strict=True)
    return tuple(sentence for sentence, part in own if part not in ("background", "related"))


@lru_cache(_REMEMBERED)
def tells_own_consequences(annotated: Annotated) -> bool:
    """Whether the report itself tells of a dismissal, an inquiry or a criminal case."""
    return tells_consequences(own_sentences(annotated), annotated.language or "en")


def _has(sentences: Iterable[Sentence], groups: dict[str, int]) -> bool:
    """Whether a sentence has a term of one of the groups with at least the strength given for it."""
    return any(
        found.term.group in groups and found.term.strength >= groups[found.term.group]
        for sentence in sentences
        for found in sentence.found
    )


def _is_attack(window: Window, book: RuleBook) -> bool:
    """Whether a passage names a defender as more than counsel, or pressure over words."""
    if window.matched & sum(book.bits[rule] for rule in PRESSURE_RULES):
        return True
    suffers = bool(window.matched & sum(book.bits[rule] for rule in SUFFERING_RULES))
    return names_protected(window.sentences, "defenders") or (suffers and names_protected(window.sentences, "lawyers"))


def names_protected(sentences: Iterable[Sentence], kind: str) -> bool:
    """Whether a protected person is of a kind: one whose gloss has one of its words."""
    words = _data()[kind]
    return any(
        found.term.role == "victim" and any(word in found.term.gloss for word in words)
        for sentence in sentences
        for found in sentence.found
    )


def tells_consequences(sentences: Iterable[Sentence], language: str) -> bool:
    """Whether the text reports a dismissal, an inquiry or a criminal case."""
    pattern = category_words(lexicon_language(language)).consequences
    return any(pattern.search(fold_sentence(sentence.plain, language).text) for sentence in sentences)


def holds_national_abroad(sentences: Sequence[Sentence], language: str) -> bool:
    """Whether a passage tells of custody, names nationals of the region, and a place in another country."""
    if not _has(sentences, _HELD):
        return False
    homes = {home for sentence in sentences for home in nationals_of(sentence, language)}
    places = [found.place for sentence in sentences for found in sentence.places if found.place.level != "institution"]
    return bool(homes) and any(place.country not in homes for place in places)


def nationals_of(sentence: Sentence, language: str) -> set[str]:
    """Return the countries of the region (ISO 3166) whose nationals a sentence names."""
    countries = [found for found in sentence.places if found.place.level == "country" and found.place.country in REGION]
    if not countries:
        return set()
    folded = fold_sentence(sentence.plain, language)
    words = category_words(lexicon_language(language))
    citizens = [folded.span(*match.span()) for match in words.citizens.finditer(folded.text)]
    natives = [folded.span(*match.span()) for match in words.natives.finditer(folded.text)]
    after, before = (TOUCHING, BESIDE_COUNTRY) if words.country_first else (BESIDE_COUNTRY, TOUCHING)
    found = set()
    for place in countries:
        start, end = place.start - sentence.start, place.end - sentence.start
        is_beside = any(start - last <= after and first - end <= before for first, last in citizens)
        is_within = any(first < end and start < last for first, last in natives)
        if is_beside or is_within:
            found.add(place.place.country)
    return found


@cache
def category_words(language: str) -> CategoryWords:
    """Compile the words of a lexicon language."""
    table = _data()[language]
    consequences, citizens, natives = (_words(table[key]) for key in ("consequences", "citizens", "natives"))
    return CategoryWords(consequences, citizens, natives, table["country_first"])


def _words(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
