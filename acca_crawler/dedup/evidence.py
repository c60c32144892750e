"""Evidence for and against two reports being about one event, one number per kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from acca_crawler.dedup.alignment import Alignment, align
from acca_crawler.dedup.contradiction import Contradictions, absent_names, contradictions
from acca_crawler.dedup.profile import STEM, Profile
from acca_crawler.dedup.rarity import rarity_in

FEATURES = (
    "likeness", "unlike", "aligned", "persons", "names", "other_names", "places", "other_places", "figures",
    "other_figures", "days", "same_outlet", "names_said", "figures_said", "openers_said",
)  # fmt: skip
"""Kinds of evidence, in the order of the weights."""
RARE_NAME = 0.55
"""Weight (`rarity`) from which a name is distinctive: about one text in a hundred has it."""
MIN_HOLDERS = 12
"""Number of recent articles sharing a name above which it counts for less (up to 12, 7 of 57 joins were wrong)."""
MAX_DAYS = 4
"""Maximum distance in days used as evidence; other rules apply beyond it."""
MAX_WORDS = 6
"""Maximum number of shared words given as a reason."""
_MIN_COMPARED = 0.08
_LONG, _MIN_COMPARED_OF_LONG = 12, 0.4
"""Similarity of the shorter text below which sentences are not compared."""
_LIKE = 0.4
_SMALL_CONTRADICTION = 0.7
_YEARS = range(1990, 2041)
# A place is identified by its gazetteer id, a country by two letters.
_COUNTRY = 0.25
_CAPITALS = frozenset(["tashkent", "astana", "bishkek", "dushanbe", "ashgabat", "almaty"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """Values of `FEATURES`, and the shared items for the reasons.

    `aligned` are the shares of the shorter and the longer text found in the other; `days` is the distance in days,
    None if unknown.
    """

    values: tuple[float, ...]
    aligned: tuple[float, float]
    days: int | None
    contradicted: Contradictions
    names: tuple[str, ...]
    rare_names: tuple[str, ...]
    places: tuple[str, ...]
    figures: tuple[str, ...]
    words: tuple[str, ...]

    def __getitem__(self, feature: str) -> float:
        return self.values[FEATURES.index(feature)]


def evidence_of(
    a: Profile,
    b: Profile,
    *,
    days: int | None = None,
    same_outlet: bool = False,
    holders: Mapping[str, int] | None = None,
) -> Evidence:
    """Compare two profiles. Symmetric.

    `days` is the distance between the two publications; `holders` counts the recent articles that contain each name.
    """
    shared, likeness, likeness_short = _words(a, b)
    alignment, contradicted = None, Contradictions()
    long = min(len(a.sentences), len(b.sentences)) > _LONG
    if a.language == b.language and likeness_short >= (_MIN_COMPARED_OF_LONG if long else _MIN_COMPARED):
        alignment = align(a.sentences, b.sentences)
        contradicted = contradictions(a, b, alignment)
    aligned = _aligned(a, b, alignment)
    weights_a, weights_b = (_person_weights(side, holders or {}) for side in (a, b))
    common_a = {person: weight for person, weight in weights_a.items() if b.names.has(_telling(a, person))}
    common_b = {person: weight for person, weight in weights_b.items() if a.names.has(_telling(b, person))}
    least = min(sum(weights_a.values()), sum(weights_b.values()))
    rare = [person for person, weight in common_a.items() if weight >= RARE_NAME]
    places, figures = a.places & b.places, a.numbers & b.numbers
    place_worth, figure_worth = sum(map(_place_worth, places)), sum(map(_figure_worth, figures))
    other_places = min(sum(map(_place_worth, side.places - places)) for side in (a, b))
    other_figures = min(sum(map(_contradiction_worth, side.numbers - figures)) for side in (a, b))
    values = (
        likeness,
        max(0.0, _LIKE - likeness),
        aligned[0],
        min(1.0, max(0, len(rare) - 1) / 2),
        min(sum(common_a.values()), sum(common_b.values())) / least if least else 0.0,
        min(1.0, min(_absent(a, weights_a, b), _absent(b, weights_b, a)) / 3),
        min(1.0, place_worth / 2),
        min(1.0, other_places / (2 + 2 * bool(place_worth))),
        min(1.0, figure_worth / 3),
        min(1.0, other_figures / (figure_worth + 2)),
        min(MAX_DAYS, 1 if days is None else days) / MAX_DAYS,
        float(same_outlet),
        aligned[0] * contradicted.names,
        aligned[0] * contradicted.numbers,
        aligned[0] * contradicted.openers,
    )
    return Evidence(
        values,
        aligned,
        days,
        contradicted,
        tuple(" ".join(person) for person in common_a),
        tuple(" ".join(person) for person in rare),
        tuple(sorted(places)),
        tuple(sorted(figure for figure in figures if _figure_worth(figure) == 1)),
        shared,
    )


def days_between(a: str | None, b: str | None) -> int | None:
    """Days between two ISO 8601 dates or times, None if one is unknown."""
    if a is None or b is None:
        return None
    return abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)


def _words(a: Profile, b: Profile) -> tuple[tuple[str, ...], float, float]:
    """Return the rarest shared stems, the cosine similarity, and the shared part of the text with the lower weight.

    Two languages share the folds of names and loanwords; such a word gets the lower of its two weights.
    """
    of_a, of_b = rarity_in(a.language), rarity_in(b.language)
    common = {stem: min(of_a.of(stem), of_b.of(stem)) for stem in a.stems & b.stems}
    shared = sum(common.values())
    one, other = max(of_a.total(a.stems), 1e-9), max(of_b.total(b.stems), 1e-9)
    telling = sorted((stem for stem, weight in common.items() if weight >= RARE_NAME), key=lambda s: (-common[s], s))
    return tuple(telling[:MAX_WORDS]), shared / sqrt(one * other), shared / min(one, other)


def _aligned(a: Profile, b: Profile, alignment: Alignment | None) -> tuple[float, float]:
    """Shares of the shorter and the longer text that are found in the other."""
    if alignment is None:
        return 0.0, 0.0
    return (alignment.here, alignment.there) if a.words <= b.words else (alignment.there, alignment.here)


def _person_weights(profile: Profile, holders: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    """Weight of each person: that of the rarest word of the name, since several words are one person."""
    rarity = rarity_in(profile.language)
    weights: dict[tuple[str, ...], float] = {}
    counted: set[str] = set()
    for person in sorted(profile.persons, key=len, reverse=True):
        if not counted.isdisjoint(name[:STEM] for name in person):
            continue
        counted.update(name[:STEM] for name in person)
        weights[person] = max(_discount(holders.get(name, 0)) * rarity.of(name[:STEM]) for name in person)
    return weights


def _discount(holders: int) -> float:
    return MIN_HOLDERS / max(MIN_HOLDERS, holders)


def _telling(profile: Profile, person: tuple[str, ...]) -> str:
    """Return the rarest word of a person's name: sharing only a given name is not a match."""
    rarity = rarity_in(profile.language)
    return max(reversed(person), key=lambda name: rarity.of(name[:STEM]))


def _absent(profile: Profile, weights: Mapping[tuple[str, ...], float], other: Profile) -> float:
    """Total weight of the persons the other report does not name."""
    return sum(weight for person, weight in weights.items() if absent_names([_telling(profile, person)], other))


def _place_worth(place: str) -> float:
    return _COUNTRY if len(place) == 2 else 2 * _COUNTRY if place in _CAPITALS else 1.0


def _figure_worth(figure: str) -> float:
    number = float(figure)
    return 0.3 if number <= 10 or number in _YEARS else 1.0


def rarest(profile: Profile, most: int) -> Iterable[str]:
    """Return the rarest stems of a report, the keys for finding a rewritten version."""
    rarity = rarity_in(profile.language)
    return sorted(profile.stems, key=lambda stem: (-rarity.of(stem), stem))[:most]


def _contradiction_worth(figure: str) -> float:
    """Weight of a number in a contradiction: small numbers and years are common, but still contradict each other."""
    return max(_SMALL_CONTRADICTION, _figure_worth(figure))
