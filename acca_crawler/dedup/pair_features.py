"""Evidence for and against two reports being about one event, one number per kind."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import log1p, sqrt

from acca_crawler.dedup.alignment import Alignment, align
from acca_crawler.dedup.contradiction import Contradictions, contradictions, is_named
from acca_crawler.dedup.profile import STEM, Profile
from acca_crawler.dedup.rarity import rarity_in

Person = tuple[str, ...]
"""The words of a person's name."""
RARE_NAME = 0.55
"""Weight (`rarity`) from which a name is distinctive: about one text in a hundred has it."""
MIN_HOLDERS = 12
"""Number of recent articles sharing a name above which it counts for less (up to 12, 7 of 57 joins were wrong)."""
MAX_DAYS = 4
"""Maximum distance in days used as evidence; other rules apply beyond it."""
MAX_WORDS = 6
"""Maximum number of shared words given as a reason."""
_MIN_COMPARED = 0.3
_LONG, _MIN_COMPARED_OF_LONG = 12, 0.4
"""Similarity of the shorter text below which sentences are not compared."""
_LIKE = 0.4
_ENOUGH = 2.0
"""Sum of the squared weights of the words in common from which more of them make no difference."""
_MUCH = 20.0
"""The same sum, of which long reports of one event have this much and two short ones never."""
_SMALL_CONTRADICTION = 0.7
_MAX_ABSENT = 3.0
"""Weight of the other persons that is as much evidence as any more."""
_YEARS = range(1990, 2041)
# A place is identified by its gazetteer id, a country by two letters.
_COUNTRY = 0.25
_CAPITALS = frozenset(["tashkent", "astana", "bishkek", "dushanbe", "ashgabat", "almaty"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """The values of the features that `weights` weigh, each 0 to 1, and what the reports have in common.

    `aligned` are the shares of the shorter and the longer text found in the other; `days` is the distance in days,
    None if unknown.
    """

    values: Mapping[str, float]
    aligned: tuple[float, float]
    days: int | None
    contradicted: Contradictions
    overlap: Overlap

    def __getitem__(self, feature: str) -> float:
        return self.values[feature]

    @property
    def names(self) -> list[str]:
        """The shared persons."""
        return [" ".join(person) for person in self.overlap.persons_of_a]

    @property
    def rare_names(self) -> list[str]:
        """The shared persons whose names are distinctive."""
        return [" ".join(person) for person in self.overlap.rare]

    @property
    def places(self) -> list[str]:
        """The shared places."""
        return sorted(self.overlap.places)

    @property
    def figures(self) -> list[str]:
        """The shared numbers that are distinctive."""
        return sorted(figure for figure in self.overlap.figures if _figure_worth(figure) == 1)

    @property
    def words(self) -> tuple[str, ...]:
        """The rarest shared stems."""
        return self.overlap.words


@dataclass(frozen=True)
class Overlap:
    """What two profiles have in common, found without comparing sentences.

    `likeness` is a cosine similarity in which a stem counts its weight (in the feature "rare_words" the square of it),
    `likeness_short` the share of the text with the lower weight; `common` are the shared stems with their weights,
    `often` the factors of names in many recent articles.
    """

    a: Profile
    b: Profile
    common: Mapping[str, float]
    likeness: float
    likeness_short: float
    often: Mapping[str, float]

    @property
    def across(self) -> bool:
        """Whether the two are in different languages."""
        return self.a.language != self.b.language

    @property
    def compares_sentences(self) -> bool:
        """Whether there is enough text in common to align sentences."""
        if self.across:
            return False
        long = min(self.a.length, self.b.length) > _LONG
        return self.likeness_short >= (_MIN_COMPARED_OF_LONG if long else _MIN_COMPARED)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The rarest shared stems."""
        telling = [stem for stem, weight in self.common.items() if weight >= RARE_NAME]
        return tuple(sorted(telling, key=lambda stem: (-self.common[stem], stem))[:MAX_WORDS])

    @cached_property
    def weights_of_a(self) -> Mapping[Person, float]:
        """The persons of `a` with their weights."""
        return _person_weights(self.a, self.often)

    @cached_property
    def weights_of_b(self) -> Mapping[Person, float]:
        """The persons of `b` with their weights."""
        return _person_weights(self.b, self.often)

    @cached_property
    def persons_of_a(self) -> Mapping[Person, float]:
        """The persons of `a` that `b` names, with their weights."""
        known = self.a.names.known_to(self.b.names)
        return _named(self.a, known, self.weights_of_a) if known else {}

    @cached_property
    def persons_of_b(self) -> Mapping[Person, float]:
        """The persons of `b` that `a` names, with their weights."""
        known = self.b.names.known_to(self.a.names)
        return _named(self.b, known, self.weights_of_b) if known else {}

    @cached_property
    def places(self) -> frozenset[str]:
        """The shared places."""
        return self.a.places & self.b.places

    @cached_property
    def figures(self) -> frozenset[str]:
        """The shared numbers."""
        return self.a.numbers & self.b.numbers

    @cached_property
    def rare(self) -> list[Person]:
        """The persons in common whose names are distinctive."""
        return [person for person, weight in self.persons_of_a.items() if weight >= RARE_NAME]

    def in_favour(self, days: int | None, same_outlet: bool) -> dict[str, float]:
        """Return the features that need no further comparison; those left out can only weaken, but for `aligned`."""
        values = {
            "likeness": self.likeness,
            "unlike": max(0.0, _LIKE - self.likeness),
            "other_dates": float(_other_dates(self.a.dates, self.b.dates)),
            "days": min(MAX_DAYS, 1 if days is None else days) / MAX_DAYS,
            "same_outlet": float(same_outlet),
        }
        if not self.across:
            lengths = sqrt(self.a.length_squared * self.b.length_squared)
            shared = sum([weight * weight for weight in self.common.values()])
            values |= {
                "rare_words": shared / max(lengths, 1e-9),
                "much": min(1.0, log1p(shared) / log1p(_MUCH)),
                "scant_of_outlet": max(0.0, 1 - shared / _ENOUGH) if same_outlet else 0.0,
            }
        else:
            least = min(sum(self.weights_of_a.values()), sum(self.weights_of_b.values()))
            values |= {
                "persons": min(1.0, max(0, len(self.rare) - 1) / 2),
                "names": min(sum(self.persons_of_a.values()), sum(self.persons_of_b.values())) / least
                if least
                else 0.0,
                "places": min(1.0, sum(map(_place_worth, self.places)) / 2),
                "figures": min(1.0, sum(map(_figure_worth, self.figures)) / 3),
            }
        return values


def overlap_of(a: Profile, b: Profile, holders: Mapping[str, int] | None = None) -> Overlap:
    """Find what two profiles have in common; `holders` counts the recent articles that contain each name.

    Reports in two languages are compared by what their words mean; a shared concept gets the lower of its two weights.
    """
    across = a.language != b.language
    if across:
        of_a, of_b = a.concept_weights, b.concept_weights
        common = {stem: min(of_a[stem], of_b[stem]) for stem in of_a.keys() & of_b.keys()}
    else:
        of_a = a.stem_weights
        common = {stem: of_a[stem] for stem in a.stems & b.stems}
    weight = sum(common.values())
    one, other = max(a.weight, 1e-9), max(b.weight, 1e-9)
    often = {name: MIN_HOLDERS / count for name, count in (holders or {}).items() if count > MIN_HOLDERS}
    return Overlap(a, b, common, weight / sqrt(one * other), weight / min(one, other), often)


def evidence_of(overlap: Overlap, in_favour: Mapping[str, float], days: int | None) -> Evidence:
    """Compare two profiles at length; `in_favour` is the overlap's, `days` the distance between the publications."""
    a, b = overlap.a, overlap.b
    alignment, contradicted = None, Contradictions()
    if overlap.compares_sentences:
        alignment = align(a, b, overlap.common)
        contradicted = contradictions(a, b, alignment)
    aligned = _aligned(a, b, alignment)
    places, figures = overlap.places, overlap.figures
    place_worth, figure_worth = sum(map(_place_worth, places)), sum(map(_figure_worth, figures))
    other_places = min(sum(map(_place_worth, side.places - places)) for side in (a, b))
    other_figures = min(sum(map(_contradiction_worth, side.numbers - figures)) for side in (a, b))
    values = {
        **in_favour,
        "aligned": aligned[0],
        "other_names": _other_names(overlap) / _MAX_ABSENT,
        "other_places": min(1.0, other_places / (2 + 2 * bool(place_worth))),
        "other_figures": min(1.0, other_figures / (figure_worth + 2)),
        "names_said": aligned[0] * contradicted.names,
        "figures_said": aligned[0] * contradicted.numbers,
        "openers_said": aligned[0] * contradicted.openers,
    }
    return Evidence(values, aligned, days, contradicted, overlap)


def days_between(a: str | None, b: str | None) -> int | None:
    """Days between two ISO 8601 dates or times, None if one is unknown."""
    if a is None or b is None:
        return None
    return abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)


def _other_dates(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether both name days of the month, or else weekdays, and none in common: Tuesday, the 5th or the 12th."""
    for weekday in (False, True):
        one, other = ({day for day in days if (day[0] == "w") is weekday} for days in (a, b))
        if one and other:
            return one.isdisjoint(other)
    return False


def _aligned(a: Profile, b: Profile, alignment: Alignment | None) -> tuple[float, float]:
    """Shares of the shorter and the longer text that are found in the other."""
    if alignment is None:
        return 0.0, 0.0
    return (alignment.here, alignment.there) if a.words <= b.words else (alignment.there, alignment.here)


def _person_weights(profile: Profile, often: Mapping[str, float]) -> Mapping[Person, float]:
    """Weight of each person, less for one whose name is in many recent articles; `often` are the factors."""
    if often.keys().isdisjoint(profile.names.names):
        return profile.person_weights
    of = rarity_in(profile.language).of
    names = often.keys()
    lowered = {
        person: max([often.get(name, 1.0) * of(name[:STEM]) for name in person])
        for person in profile.distinct_persons
        if not names.isdisjoint(person)
    }
    return {**profile.person_weights, **lowered}


def _named(profile: Profile, known: Set[str], weights: Mapping[Person, float]) -> dict[Person, float]:
    """Return the persons whose telling names are known to the other report, with their weights."""
    return {person: weights[person] for person, name in profile.distinct_persons.items() if name in known}


def _other_names(overlap: Overlap) -> float:
    """Weight of the persons whom one report names and the other does not, of the report where it is less."""
    least = _absent(overlap.a, overlap.b, overlap.weights_of_a)
    return min(least, _absent(overlap.b, overlap.a, overlap.weights_of_b)) if least else 0.0


def _absent(profile: Profile, other: Profile, weights: Mapping[Person, float]) -> float:
    """Weight of a report's persons that the other report does not name in any way, `_MAX_ABSENT` if there is more."""
    total = 0.0
    for person, name in profile.distinct_persons.items():
        if not is_named(name, other):
            total += weights[person]
            if total >= _MAX_ABSENT:
                return _MAX_ABSENT
    return total


def _place_worth(place: str) -> float:
    return _COUNTRY if len(place) == 2 else 2 * _COUNTRY if place in _CAPITALS else 1.0


def _figure_worth(figure: str) -> float:
    number = float(figure)
    return 0.3 if number <= 10 or number in _YEARS else 1.0


def _contradiction_worth(figure: str) -> float:
    """Weight of a number in a contradiction: small numbers and years are common, but still contradict each other."""
    return max(_SMALL_CONTRADICTION, _figure_worth(figure))
