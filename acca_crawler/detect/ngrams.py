"""The second voice: an article's character n-grams, with weights learned from labelled news.

Texts are folded (see `acca_crawler.text.normalise`), so that case, homoglyphs and, for Uzbek, the script do not matter.
URLs, handles and hashtags are removed, since they identify the outlet, and every digit becomes 0. N-grams are hashed
into 2**BITS buckets, so that Cyrillic languages share common stems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from acca_crawler.detect.collapsing import kinds
from acca_crawler.text.normalise import has_any

BITS = 18
SIZES = (2, 3, 4, 5)
MAX_LETTERS = 6000
"""Letters of title and text that are used: an article's topic is clear by then."""

MAX_WORDS = 4
"""Maximum number of words given as the strongest."""

MIN_WORD = 4
"""Minimum letters of a word given as a reason."""

_LONG_WORD = re.compile(rf"\w{{{MIN_WORD},}}")

REMEMBERED = 2
"""Texts whose n-grams are cached."""

FILE = Path(__file__).with_name("ngrams.npy")

Floats = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int64]

_LEFT_OUT = re.compile(r"(?:https?://|www\.|t\.me/)\S+|[@#]\w+")
_SIGNS = ("http", "www.", "t.me/", "@", "#")
"""What a text must have for anything to be left out."""

_SPACE = 32
_FACTOR = np.uint32(0x01000193)
_SPREAD = np.uint32(0x9E3779B1)


class Letters(NamedTuple):
    """The letters n-grams are built from, as code points, each with its position in the folded text."""

    codes: npt.NDArray[np.uint32]
    positions: Indexes


class Grams(NamedTuple):
    """The distinct buckets of a text's n-grams, with counts."""

    buckets: Indexes
    counts: Indexes


@dataclass(frozen=True)
class Voice:
    """Weights of the buckets: IDF, and the weights for an alert and for at least a digest item."""

    rarity: Floats
    alert: Floats
    digest: Floats
    intercepts: tuple[float, float]

    def scores(self, grams: Grams) -> tuple[float, float]:
        """Return the log odds of an alert and of at least a digest item, before other features are added."""
        rarity, alert, digest = self._table.take(grams.buckets, axis=0).T.copy()
        values = damped(grams.counts, rarity)
        return float(values @ alert) + self.intercepts[0], float(values @ digest) + self.intercepts[1]

    @cached_property
    def _table(self) -> Floats:
        """Rarity and weights of a bucket side by side: what one text asks for is all over the memory."""
        return np.stack((self.rarity, self.alert, self.digest), axis=1)

    def values(self, grams: Grams) -> Floats:
        """Return the damped, IDF-weighted counts, scaled to unit length."""
        return values_of(grams, self.rarity)

    def telling_words(self, folded: str, *, digest: bool = False) -> list[tuple[str, float]]:
        """Return the words of a folded text that raised its score most, strongest first, with their contribution."""
        letters, grams = heard_in(folded)
        if not len(grams.buckets):
            return []
        weights = self.digest if digest else self.alert
        given = np.zeros(1 << BITS, dtype=np.float32)
        given[grams.buckets] = self.values(grams) * weights[grams.buckets] / grams.counts
        per_letter = np.zeros(len(letters.codes), dtype=np.float32)
        for size, buckets in zip(SIZES, _hashed(letters.codes), strict=True):
            share = given[buckets] / size
            for shift in range(size):
                per_letter[shift : shift + len(share)] += share
        return _by_word(folded, letters, per_letter)


def values_of(grams: Grams, rarity: Floats) -> Floats:
    """Return damped, IDF-weighted counts, scaled to unit length; `rarity` are the IDF of all buckets."""
    return damped(grams.counts, rarity.take(grams.buckets))


def damped(counts: Indexes, rarity: Floats) -> Floats:
    """Return damped counts, weighted by the IDF of each and scaled to unit length."""
    values = ((1 + np.log(counts)) * rarity).astype(np.float32)
    length = float(np.sqrt(values @ values))
    return values / np.float32(max(length, 1e-9))


def letters_of(folded: str) -> Letters:
    """Return the letters of a folded text: runs of other characters become one space, digits become 0."""
    text = folded[:MAX_LETTERS]
    if has_any(text, _SIGNS):
        text = _LEFT_OUT.sub(lambda match: " " * len(match.group()), text)
    codes = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = kinds().take(codes, mode="clip")
    is_letter = codes != _SPACE
    is_letter[1:] |= is_letter[:-1].copy()  # the space after a word is kept too
    is_letter[0] = True
    positions = is_letter.nonzero()[0]
    return Letters(codes.take(positions), positions - 1)


def grams_of(letters: Letters) -> Grams:
    """Hash and count the n-grams of all sizes."""
    if len(letters.codes) <= max(SIZES):
        return Grams(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    hashed = np.concatenate(_hashed(letters.codes))
    hashed.sort()
    bounds = np.concatenate(((0,), (hashed[1:] != hashed[:-1]).nonzero()[0] + 1, (len(hashed),)))
    return Grams(hashed.take(bounds[:-1]).astype(np.int64), bounds[1:] - bounds[:-1])


@lru_cache(REMEMBERED)
def heard_in(folded: str) -> tuple[Letters, Grams]:
    """Return the letters and the n-grams of a folded text, which its judgement and its reasons both need."""
    letters = letters_of(folded)
    return letters, grams_of(letters)


def _hashed(codes: npt.NDArray[np.uint32]) -> list[npt.NDArray[np.uint32]]:
    """Return, for each size, the bucket of the n-gram starting at each letter."""
    hashed = []
    state = codes
    for size in range(2, max(SIZES) + 1):
        state = (state[:-1] * _FACTOR) ^ codes[size - 1 :]
        hashed.append(((state ^ np.uint32(size)) * _SPREAD) >> np.uint32(32 - BITS))
    return hashed


def _by_word(folded: str, letters: Letters, per_letter: Floats) -> list[tuple[str, float]]:
    words = [m for m in _LONG_WORD.finditer(folded[:MAX_LETTERS]) if not m.group().isdigit()]
    if not words:
        return []
    bounds = np.searchsorted(letters.positions, [m.span() for m in words]).ravel()
    sums: list[float] = np.add.reduceat(np.append(per_letter, np.float32(0)), bounds)[::2].tolist()
    found: dict[str, float] = {}
    for match, weight in zip(words, sums, strict=True):
        found[match.group()] = found.get(match.group(), 0.0) + weight
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    return [(word, weight) for word, weight in ranked[:MAX_WORDS] if weight > 0]


def read_voice(path: Path, intercepts: tuple[float, float]) -> Voice:
    """Load the bundled voice."""
    rarity, alert, digest = np.load(path, allow_pickle=False).astype(np.float32)
    return Voice(rarity, alert, digest, intercepts)


def write_voice(voice: Voice, path: Path) -> None:
    """Write the voice's tables in half precision."""
    np.save(path, np.stack([voice.rarity, voice.alert, voice.digest]).astype(np.float16))
