"""Index keys shared by reports of one event: rare words, names, figures, places, and full names.

All keys are signed 64-bit. A report and its translation or retelling nearly always share one; so do many unrelated
reports, so a look-up is limited to the days around the report and `relation` decides on each candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from heapq import nlargest
from itertools import pairwise

from acca_crawler.dedup.concepts import concepts_in
from acca_crawler.dedup.profile import STEM, Profile
from acca_crawler.dedup.rarity import rarity_in
from acca_crawler.text.transliterate import skeleton

MAX_NAMES = 16
MAX_WORDS = 12
MAX_FIGURES = 6
_MIN_SKELETON = 3
_SKELETON = 4
"""Length of the part of a name that its endings leave unchanged: Токтобекова, Toʻqtobekovaning."""
_YEARS = range(1990, 2041)


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """Keys to look up within days of a report, keys of full names for the weeks before, and the names behind them."""

    near: tuple[int, ...]
    persons: tuple[int, ...]
    names: dict[int, str]


def index_keys(profile: Profile) -> IndexKeys:
    """Return the keys of a report; a long one is limited to its rarest names and words."""
    rarity = rarity_in(profile.language)
    names = sorted(profile.names.names, key=lambda name: (-rarity.of(name[:STEM]), name))[:MAX_NAMES]
    of_names = {key_of(bones): name for name in names if (bones := consonant_key(name))}
    figures = sorted(figure for figure in profile.numbers if is_telling(figure))[:MAX_FIGURES]
    weights = profile.stem_weights
    words = _rarest(weights)
    near = {*of_names, *map(key_of, figures)}
    # By what they mean in any language, so that a translation has them, too.
    concepts = concepts_in(profile.language)
    near |= {key_of(f"w:{concepts.get(stem, stem)}") for stem in words}
    near |= {key_of(f"p:{place}") for place in profile.places if len(place) > 2}
    # The first word may not be a name: «Активиста Нурбека Сатарова» at the beginning of a sentence.
    full = {tuple(sorted(map(consonant_key, pair))) for person in profile.persons for pair in pairwise(person[:3])}
    persons = {key_of(f"f:{' '.join(bones)}") for bones in full if all(bones)}
    return IndexKeys(tuple(sorted(near)), tuple(sorted(persons)), of_names)


def _rarest(weights: Mapping[str, float]) -> list[str]:
    """Return the stems of most weight, longer ones first; those that no text of the corpus has are usually enough.

    The stems are in alphabetical order, which sorting keeps among equals.
    """
    unknown = [stem for stem, weight in weights.items() if weight == 1.0]
    if len(unknown) >= MAX_WORDS:
        return sorted(unknown, key=len, reverse=True)[:MAX_WORDS]
    least = nlargest(MAX_WORDS, weights.values())[-1:]
    heaviest = [stem for stem, weight in weights.items() if least and weight >= least[0]]
    return sorted(heaviest, key=lambda stem: (-weights[stem], -len(stem)))[:MAX_WORDS]


@lru_cache(maxsize=1 << 16)
def consonant_key(name: str) -> str:
    """Reduce a folded name to a key shared across scripts and endings; empty if it has too few consonants."""
    bones = skeleton(name)[:_SKELETON]
    return bones if len(bones) >= _MIN_SKELETON else ""


def is_telling(figure: str) -> bool:
    """Whether a number is distinctive: above ten and not a year."""
    number = float(figure)
    return number > 10 and number not in _YEARS


@lru_cache(maxsize=1 << 16)
def key_of(key: str) -> int:
    """Return the index key of a name's consonants, a figure, or a prefixed word."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
