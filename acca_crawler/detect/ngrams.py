"""The second voice: character n-grams of an article, weighed by what was learned from labelled news.

Texts are taken folded (see `acca_crawler.text.normalise`), so that case, look-alike letters and, for Uzbek, the script
play no part. Addresses, handles and tags are left out, since they name the outlet, and every digit is a nought.
N-grams are hashed into 2**BITS buckets: Cyrillic languages share the stems they share.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from acca_crawler.exceptions import LexiconError

BITS = 18
SIZES = (2, 3, 4, 5)
MAX_LETTERS = 6000
"""Letters of a title and a text that are looked at: an article says what it is about before."""

MAX_WORDS = 4
"""Words named as what weighed most."""

MIN_WORD = 4
"""Letters of a word worth naming."""

FILE = Path(__file__).with_name("ngrams.npy")

Floats = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int64]

_LEFT_OUT = re.compile(r"(?:https?://|www\.|t\.me/)\S+|[@#]\w+")
_NON_WORD = re.compile(r"[^\w]")
_SPACE = 32
_FACTOR = np.uint32(0x01000193)
_SPREAD = np.uint32(0x9E3779B1)


class Letters(NamedTuple):
    """The letters n-grams are made of, as code points, each with its position in the folded text."""

    codes: npt.NDArray[np.uint32]
    positions: Indexes


class Grams(NamedTuple):
    """The buckets that a text's n-grams fall into, each once, and how often."""

    buckets: Indexes
    counts: Indexes


@dataclass(frozen=True)
class Voice:
    """What the buckets weigh: rarity, and the weight for an alert and for a digest or more."""

    rarity: Floats
    alert: Floats
    digest: Floats
    intercepts: tuple[float, float]

    def scores(self, grams: Grams) -> tuple[float, float]:
        """The log odds of an alert and of a digest or more, before other features are weighed in."""
        values = self.values(grams)
        alert = float(values @ self.alert[grams.buckets]) + self.intercepts[0]
        return alert, float(values @ self.digest[grams.buckets]) + self.intercepts[1]

    def values(self, grams: Grams) -> Floats:
        """The damped and rarity-weighted counts, scaled to length one."""
        return values_of(grams, self.rarity)

    def telling_words(self, folded: str, *, digest: bool = False) -> list[tuple[str, float]]:
        """The words of a folded text that raised its score most, strongest first, with what they gave."""
        letters = letters_of(folded)
        grams = grams_of(letters)
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
    """Damped counts weighed by rarity and scaled to length one."""
    values = ((1 + np.log(grams.counts)) * rarity[grams.buckets]).astype(np.float32)
    length = float(np.sqrt(values @ values))
    return values / np.float32(max(length, 1e-9))


def letters_of(folded: str) -> Letters:
    """The letters of a folded text: runs of anything else are one blank, digits are noughts."""
    plain = _NON_WORD.sub(" ", _LEFT_OUT.sub(lambda match: " " * len(match.group()), folded[:MAX_LETTERS]))
    codes = np.frombuffer(f" {plain} ".encode("utf-32-le", "surrogatepass"), dtype=np.uint32).copy()
    codes[(codes >= ord("0")) & (codes <= ord("9"))] = ord("0")
    blank = (codes == _SPACE) | (codes == ord("\n"))
    codes[blank] = _SPACE
    keep = ~(blank & np.concatenate(([False], blank[:-1])))
    positions = np.nonzero(keep)[0]
    return Letters(codes[positions], positions - 1)


def grams_of(letters: Letters) -> Grams:
    """The n-grams of all sizes, hashed and counted."""
    if len(letters.codes) <= max(SIZES):
        return Grams(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    buckets, counts = np.unique(np.concatenate(_hashed(letters.codes)), return_counts=True)
    return Grams(buckets.astype(np.int64), counts.astype(np.int64))


def _hashed(codes: npt.NDArray[np.uint32]) -> list[npt.NDArray[np.uint32]]:
    """For each size, the bucket of the n-gram that begins at each letter."""
    hashed = []
    state = codes
    for size in range(2, max(SIZES) + 1):
        state = (state[:-1] * _FACTOR) ^ codes[size - 1 :]
        hashed.append(((state ^ np.uint32(size)) * _SPREAD) >> np.uint32(32 - BITS))
    return hashed


def _by_word(folded: str, letters: Letters, per_letter: Floats) -> list[tuple[str, float]]:
    found: dict[str, float] = {}
    for match in re.finditer(r"\w+", folded[:MAX_LETTERS]):
        if match.end() - match.start() < MIN_WORD or match.group().isdigit():
            continue
        first, last = np.searchsorted(letters.positions, (match.start(), match.end()))
        found[match.group()] = found.get(match.group(), 0.0) + float(per_letter[first:last].sum())
    ranked = sorted(found.items(), key=lambda pair: -pair[1])
    return [(word, weight) for word, weight in ranked[:MAX_WORDS] if weight > 0]


def read_voice(path: Path, sha256: str, intercepts: tuple[float, float]) -> Voice:
    """The shipped voice. Raises LexiconError where the file is not the one that the weights were fitted with."""
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise LexiconError(f"{path.name} is not the file that weights.json was fitted with: run `make weights`")
    rarity, alert, digest = np.load(path, allow_pickle=False).astype(np.float32)
    return Voice(rarity, alert, digest, intercepts)


def write_voice(voice: Voice, path: Path) -> str:
    """Write the voice's tables in half precision; returns the file's SHA-256."""
    np.save(path, np.stack([voice.rarity, voice.alert, voice.digest]).astype(np.float16))
    return hashlib.sha256(path.read_bytes()).hexdigest()
