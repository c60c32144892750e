"""Text signature of a few hundred bytes for finding copies through an index.

It has two parts, because there are two kinds of copies:

* **bins**: a one-permutation MinHash (Li, Owen, Zhang 2012) of the text's word pairs. Each pair is hashed once, the
  hash's remainder chooses a bin, each bin keeps its minimum hash, and an empty bin borrows from the next full one.
  Equal bins estimate the Jaccard similarity of two whole texts.
* **anchors**: for every sentence, the minimum hashes of the trigrams of its longer words. A sentence shared by two
  texts gives both the same anchors regardless of the rest, so excerpts, quotations and moved sentences are found.

Words are folded as in `text.transliterate`, so Uzbek in Latin and in Cyrillic has the same signature. All hashing is
BLAKE2b of UTF-8: the same on every machine and Python version.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from acca_crawler.dedup.words import sentence_words

BINS = 48
ROWS_PER_BAND = 4
# Short reports get more anchors per sentence, so that two rewritten sentences still match.
ANCHORS_WANTED = 16
MAX_ANCHORS_A_SENTENCE = 4
# In long articles the beginning keeps its anchors (excerpts quote it); the rest is sampled by hash.
FIRST_SENTENCES = 12
MAX_SENTENCES = 28
MIN_SENTENCE = 4
MIN_WORD = 4
_VERSION = 1
_HEADER = struct.Struct("<BIHH")
_EMPTY = 0xFFFFFFFF
_SIGN = 1 << 63


@dataclass(frozen=True, slots=True)
class Signature:
    """`words` counts the text's words, `sentences` the sentences with their own anchor.

    `bins` are unsigned 32-bit, `anchors` signed 64-bit integers: first one per sentence, then the additional ones.
    """

    words: int
    sentences: int
    bins: tuple[int, ...]
    anchors: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """Serialise for the archive: 201 bytes plus 8 per anchor."""
        head = _HEADER.pack(_VERSION, self.words, self.sentences, len(self.anchors))
        return head + struct.pack(f"<{BINS}I{len(self.anchors)}q", *self.bins, *self.anchors)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Signature:
        """Deserialise the output of `to_bytes`; raises `ValueError` for bytes of another kind or version."""
        try:
            version, words, count_of_sentences, count = _HEADER.unpack_from(stored)
            numbers = struct.unpack(f"<{BINS}I{count}q", stored[_HEADER.size :])
        except struct.error as error:
            raise ValueError("not a signature") from error
        if version != _VERSION:
            raise ValueError(f"a signature of version {version}, not {_VERSION}")
        return cls(words, count_of_sentences, numbers[:BINS], numbers[BINS:])


def signature(text: str) -> Signature:
    """Compute the signature of a body of any length, including empty; titles are excluded since copies change them."""
    parts = [part.words for part in sentence_words(text, None) if part.words]
    words = [word for part in parts for word in part]
    firsts, further = _anchors(parts)
    bins = _bins(_hashes(_shingles(words, 2)))
    return Signature(len(words), len(firsts), bins, (*firsts, *further))


def bands(signature: Signature) -> tuple[int, ...]:
    """Return distinct index keys (signed 64-bit); two texts worth comparing share at least one.

    A key shared by very many texts is a common phrase or a site's boilerplate; a look-up may skip it.
    """
    if not signature.words:
        return ()
    rows = range(0, BINS, ROWS_PER_BAND)
    keys = _hashes([" ".join(map(str, (row, *signature.bins[row : row + ROWS_PER_BAND]))) for row in rows])
    return tuple(dict.fromkeys((*(key - _SIGN for key in keys.tolist()), *signature.anchors)))


def similarity(a: Signature, b: Signature) -> float:
    """Estimate the Jaccard similarity (0 to 1) of the two texts' word pairs."""
    if not a.words or not b.words:
        return float(a.words == b.words)
    return sum(one == other for one, other in zip(a.bins, b.bins, strict=True)) / BINS


def _shingles(words: Sequence[str], size: int) -> set[str]:
    """Return each run of so many words, joined; the words themselves if there are fewer."""
    if len(words) <= size:
        return {" ".join(words)} if words else set()
    return set(map(" ".join, zip(*(words[at:] for at in range(size)), strict=False)))


def _telling(words: Sequence[str]) -> Sequence[str]:
    """Drop the shortest words: trigrams of them occur in every other report."""
    telling = [word for word in words if len(word) >= MIN_WORD or word.isdecimal()]
    return telling if len(telling) > 2 else words


def _hashes(shingles: Iterable[str]) -> NDArray[np.uint64]:
    """An unsigned 64-bit hash of each shingle."""
    digests = b"".join([blake2b(shingle.encode(), digest_size=8).digest() for shingle in shingles])
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)


def _bins(hashes: NDArray[np.uint64]) -> tuple[int, ...]:
    least = np.full(BINS, _EMPTY, dtype=np.uint64)
    np.minimum.at(least, (hashes % BINS).astype(np.intp), hashes >> 32)
    bins: list[int] = least.tolist()
    full = [at for at, value in enumerate(bins) if value != _EMPTY]
    if not full:
        return tuple(bins)
    return tuple(_borrowed(bins, at) for at in range(BINS))


def _borrowed(bins: list[int], at: int) -> int:
    """Return a bin's value, or that of the next full bin modified by the distance so that neighbours differ."""
    for distance in range(BINS):
        value = bins[(at + distance) % BINS]
        if value != _EMPTY:
            return (value + distance * 0x9E3779B1) & _EMPTY
    return _EMPTY


def _anchors(parts: Sequence[Sequence[str]]) -> tuple[list[int], list[int]]:
    """Return the minimum hash of each sentence, and the next-lowest ones of short texts, without duplicates."""
    long_enough = [part for part in parts if len(part) >= MIN_SENTENCE] or parts
    each = max(1, min(MAX_ANCHORS_A_SENTENCE, ANCHORS_WANTED // max(1, len(long_enough))))
    shingles = [_shingles(_telling(part), 3) for part in long_enough]
    hashes = _hashes(itertools.chain.from_iterable(shingles)).tolist()
    ends = itertools.accumulate(map(len, shingles), initial=0)
    least = [sorted({*hashes[start:end]})[:each] for start, end in itertools.pairwise(ends)]
    kept = least[:FIRST_SENTENCES] + sorted(least[FIRST_SENTENCES:])[: MAX_SENTENCES - FIRST_SENTENCES]
    firsts = dict.fromkeys(group[0] - _SIGN for group in kept)
    further = dict.fromkeys(value - _SIGN for group in kept for value in group[1:])
    return list(firsts), [value for value in further if value not in firsts]
