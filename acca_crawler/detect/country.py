"""Determine the country a report is about: by place, then nationality, then the outlet's home."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import Literal

from acca_crawler.detect.annotate import PlaceMatch, Sentence
from acca_crawler.outlets import REGION

Setting = Literal["domestic", "foreign", "unknown"]
LANGUAGE_HOME = {"kk": "KZ", "ky": "KG", "tg": "TJ", "uz": "UZ", "tk": "TM"}

OPENING = 3
"""Sentences after the title that may name the article's setting."""

LONG = 1000
"""Code points from which a report on the region names at least one of its places, peoples or bodies: each of 93
labelled alerts of this length does."""

MOSTLY_ABROAD = 8
"""Names of places abroad for each of the region from which a long report is about another country."""

_LEVEL_WEIGHT = {"admin1": 3.0, "town": 3.0, "country": 2.5, "institution": 1.5}
_NATIONALITY = 1.5
_TELLING_GROUPS = frozenset({"case", "prison_named"})
_STATE_NAME = re.compile("stan|ston|стан|стон|қстан", re.IGNORECASE)
_AMBIGUOUS = 0.3
_ROUTE = 0.3
_DASHES = frozenset("-–—")
_TITLE_WEIGHT = 3.0
_WINDOW_WEIGHT = 2.0


def setting_of(sentences: Sequence[Sentence]) -> list[Setting]:
    """Determine whether each sentence is set in the region: by its own places, else the title's or the last named.

    Sentences before the first place follow the opening: an article that starts abroad stays there until it names
    another place.
    """
    title: Setting = next((_own_setting(s.places) for s in sentences if s.field == "title"), "unknown")
    opening = (_own_setting(s.places) for s in sentences[: OPENING + 1])
    settings: list[Setting] = []
    current: Setting = title if title != "unknown" else next((s for s in opening if s != "unknown"), "unknown")
    for sentence in sentences:
        own = _own_setting(sentence.places)
        if own != "unknown":
            current = own
        settings.append("domestic" if "domestic" in (own, title) and own != "foreign" else current)
    return settings


def is_elsewhere(sentences: Sequence[Sentence], outlet_countries: tuple[str, ...] = ()) -> bool:
    """Whether a long text is about another country.

    It names nothing in the region (in an outlet from the region, it must name places abroad too), or hardly anything
    beside the places abroad.
    """
    if sum(sentence.end - sentence.start for sentence in sentences) < LONG:
        return False
    named = [found.place.level == "veto" for sentence in sentences for found in sentence.places]
    abroad = sum(named)
    at_home = len(named) - abroad
    if at_home and abroad >= MOSTLY_ABROAD * at_home:
        return True
    telling = any(found.term.group in _TELLING_GROUPS for sentence in sentences for found in sentence.found)
    return not at_home and not telling and (abroad > 0 or not outlet_countries)


def _own_setting(places: Iterable[PlaceMatch]) -> Setting:
    setting: Setting = "unknown"
    for found in places:
        if found.place.level != "veto":
            return "domestic"
        setting = "foreign"
    return setting


def country_of(
    sentences: Iterable[Sentence],
    window: Iterable[Sentence] = (),
    language: str | None = None,
    outlet_countries: tuple[str, ...] = (),
) -> str | None:
    """Return the ISO 3166 code of the country the report is about, or None without evidence.

    `window` are the sentences that decided the level; `outlet_countries` is the outlet's home, used if no place
    is named. An ambiguous name counts if the language or the outlet belongs to that country.
    """
    weights: defaultdict[str, float] = defaultdict(float)
    language_home = LANGUAGE_HOME.get((language or "").split("-")[0])
    at_home = {language_home, *outlet_countries}
    inside = {(s.field, s.start) for s in window}
    for sentence in sentences:
        factor = _TITLE_WEIGHT if sentence.field == "title" else 1.0
        factor *= _WINDOW_WEIGHT if (sentence.field, sentence.start) in inside else 1.0
        for found in sentence.places:
            if found.place.country in REGION:
                weights[found.place.country] += factor * _weight(found, sentence, at_home)
    if weights:
        return max(weights, key=lambda country: weights[country])
    return outlet_countries[0] if outlet_countries else language_home


def _weight(found: PlaceMatch, sentence: Sentence, at_home: Container[str | None]) -> float:
    """Weight of a place as evidence of the setting; a train route between two places has little."""
    weight = _LEVEL_WEIGHT[found.place.level]
    if found.place.level == "country" and not _STATE_NAME.search(_quote(sentence, found)):
        weight = _NATIONALITY
    if found.place.ambiguous and found.place.country not in at_home:
        weight *= _AMBIGUOUS
    return weight * (_ROUTE if _is_on_route(found, sentence) else 1.0)


def _is_on_route(found: PlaceMatch, sentence: Sentence) -> bool:
    """Whether only a dash separates this place from another, as in Almaty-Tashkent."""
    start, end = found.start - sentence.start, found.end - sentence.start
    follows, precedes = sentence.quote[start - 1 : start] in _DASHES, sentence.quote[end : end + 1] in _DASHES
    return (follows and any(other.end == found.start - 1 for other in sentence.places)) or (
        precedes and any(other.start == found.end + 1 for other in sentence.places)
    )


def _quote(sentence: Sentence, found: PlaceMatch) -> str:
    return sentence.quote[found.start - sentence.start : found.end - sentence.start]
