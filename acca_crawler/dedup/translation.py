"""Whether reports in two languages are one report: by the sites' own word, else by what survives translation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from typing import Literal

from acca_crawler.dedup.address import canonical_address
from acca_crawler.dedup.anchors import same_name
from acca_crawler.dedup.document import Document
from acca_crawler.text.transliterate import skeleton

# What one shared anchor is worth. A name is worth most; numbers up to ten and years are in every report.
_NAME = 1.0
_PLACE = 0.5
_FIGURE = 1.0
_SMALL_NUMBER = 0.4
_YEARS = range(1990, 2041)
# Two reports published within a day of each other.
_SAME_DAYS = 0.5
# Found on the tuning part of `benchmarks/dedup.py`.
_MIN_WORTH = 2.0
_MIN_SCORE = 0.5
# Numbers that only one side has, on both sides: so many for each number in common may be slips or rounding.
_CONTRADICTIONS_BORNE = 0.34
# A translation appears within days; what lies further apart is another report of the same people.
_MAX_DAYS_APART = 4
# A report of the next day about the same people may be another event.
_MAX_DAYS_OF_RETELLING = 1
_MIN_NAMES_OF_RETELLING = 2
_MIN_SKELETON = 3
# The beginning of a name survives its endings: Токтобекова, Toʻqtobekovaning.
_KEY_CONSONANTS = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """`score` (0 to 1) is the share of anchors that the two reports have in common; `shared` are those anchors."""

    score: float
    convincing: bool
    by: Literal["hreflang", "anchors", "dates", "nothing"]
    shared: tuple[str, ...] = ()


def translation_evidence(a: Document, b: Document) -> Evidence:
    """What speaks for `b` being a translation of `a` or the other way round; the languages must differ to be asked.

    A site that links the two by hreflang is believed; two dates (where both are known) that lie more than four
    days apart rule it out; else names, places and numbers decide.
    """
    if _linked(a, b) or _linked(b, a):
        return Evidence(1.0, True, "hreflang")
    apart = _days_apart(a.published, b.published)
    if apart is not None and apart > _MAX_DAYS_APART:
        return Evidence(0.0, False, "dates")
    together = apart is not None and apart <= 1
    of_a, of_b = a.anchors, b.anchors
    names_a, names_b = _matched(of_a.names, of_b.names), _matched(of_b.names, of_a.names)
    places = of_a.places & of_b.places
    figures = of_a.numbers & of_b.numbers
    worth = _NAME * min(len(names_a), len(names_b)) + _worth(places, figures)
    most = min(_NAME * len(side.names) + _worth(side.places, side.numbers) for side in (of_a, of_b))
    score = min(1.0, worth / most) if most else 0.0
    distinctive = len(names_a) + sum(_figure_worth(figure) == _FIGURE for figure in figures)
    contradicted = bool(of_a.places and of_b.places and not places) or min(
        len(of_a.numbers - figures), len(of_b.numbers - figures)
    ) > _CONTRADICTIONS_BORNE * len(figures)
    enough = worth + _SAME_DAYS * together >= _MIN_WORTH and distinctive + together > 1
    convincing = enough and score >= _MIN_SCORE and not contradicted
    return Evidence(
        score, convincing, "anchors" if convincing else "nothing", tuple(sorted({*names_a, *places, *figures}))
    )


def retelling_evidence(a: Document, b: Document) -> Evidence:
    """What speaks for `b` telling in other words, in the same language, what `a` tells.

    More is asked than of a translation, since many reports of one day come close: both dates known and next to each
    other, two names and a place or a telling figure in common, and nothing that contradicts.
    """
    evidence = translation_evidence(a, b)
    apart = _days_apart(a.published, b.published)
    shared = set(evidence.shared)
    names, places = shared & a.anchors.names, shared & a.anchors.places
    figures = [figure for figure in shared & a.anchors.numbers if _figure_worth(figure) == _FIGURE]
    enough = len(names) >= _MIN_NAMES_OF_RETELLING and bool(places or figures)
    near = apart is not None and apart <= _MAX_DAYS_OF_RETELLING
    return replace(evidence, convincing=evidence.convincing and evidence.by == "anchors" and enough and near)


def translation_keys(document: Document) -> tuple[int, ...]:
    """Index keys (signed 64-bit, distinct) under which translations of a report are looked for.

    They are its names' consonants and its distinctive figures. A report and its translation nearly always share one;
    so do many others, hence a look-up that is bounded to the days around the report and asks
    `translation_evidence` about what it finds.
    """
    of = document.anchors
    bones = {skeleton(name)[:_KEY_CONSONANTS] for name in of.names}
    figures = {figure for figure in of.numbers if _figure_worth(figure) == _FIGURE}
    keys = sorted({bone for bone in bones if len(bone) >= _MIN_SKELETON} | figures)
    return tuple(int.from_bytes(blake2b(k.encode(), digest_size=8).digest(), "big", signed=True) for k in keys)


def _linked(a: Document, b: Document) -> bool:
    """Whether `a` names `b`'s address as its version in another language."""
    return bool(b.url) and canonical_address(b.url) in {canonical_address(url) for _, url in a.alternates}


def _days_apart(a: str | None, b: str | None) -> int | None:
    if a is None or b is None:
        return None
    return abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)


def _matched(here: frozenset[str], there: frozenset[str]) -> list[str]:
    """The names of `here` that have a counterpart in `there`, vowels free: Юлдашев is Yoʻldoshev."""
    skeletons = {skeleton(name) for name in there}
    return [
        name for name in here if any(same_name(name, other) for other in there) or _meets(skeleton(name), skeletons)
    ]


def _meets(bones: str, others: set[str]) -> bool:
    return len(bones) >= _MIN_SKELETON and any(
        len(other) >= _MIN_SKELETON and same_name(bones, other) for other in others
    )


def _worth(places: frozenset[str], numbers: frozenset[str]) -> float:
    return _PLACE * len(places) + sum(map(_figure_worth, numbers))


def _figure_worth(figure: str) -> float:
    number = float(figure)
    return _SMALL_NUMBER if number <= 10 or number in _YEARS else _FIGURE
