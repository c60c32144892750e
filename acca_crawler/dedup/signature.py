"""A few hundred bytes of a text by which its copies are found through an index.

Two things are kept, because copies come in two kinds:

* **bins**: a one-permutation MinHash (Li, Owen, Zhang 2012) of the text's word pairs. Each pair is hashed once, the
  hash's remainder chooses a bin, each bin keeps its least hash, and an empty bin borrows from the next full one.
  Equal bins estimate the Jaccard similarity of two whole texts.
* **anchors**: for every sentence the least hashes of the triples of its longer words. A sentence that two texts
  share gives both of
  them the same anchors, however long the rest is: so excerpts, quotations and moved sentences are found.

Words are folded as in `text.transliterate`, so that Uzbek in Latin and in Cyrillic has one signature. All hashing is
BLAKE2b of UTF-8: the same on every machine and every Python.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import fold

BINS = 48
ROWS_PER_BAND = 4
# Short reports get more anchors a sentence: two rewritten sentences must still meet.
ANCHORS_WANTED = 16
MAX_ANCHORS_A_SENTENCE = 4
# In long articles the beginning keeps its anchors (that is what excerpts quote), the rest is thinned by hash.
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
    """`words` counts the text's words, `sentences` those with an anchor of their own.

    `bins` are unsigned 32-bit, `anchors` signed 64-bit integers: each sentence's first, then the further ones.
    """

    words: int
    sentences: int
    bins: tuple[int, ...]
    anchors: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """What the archive stores: 201 bytes and 8 for each anchor."""
        head = _HEADER.pack(_VERSION, self.words, self.sentences, len(self.anchors))
        return head + struct.pack(f"<{BINS}I{len(self.anchors)}q", *self.bins, *self.anchors)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Signature:
        """The signature behind `to_bytes`; raises `ValueError` for bytes of another kind or version."""
        try:
            version, words, count_of_sentences, count = _HEADER.unpack_from(stored)
            numbers = struct.unpack(f"<{BINS}I{count}q", stored[_HEADER.size :])
        except struct.error as error:
            raise ValueError("not a signature") from error
        if version != _VERSION:
            raise ValueError(f"a signature of version {version}, not {_VERSION}")
        return cls(words, count_of_sentences, numbers[:BINS], numbers[BINS:])


def signature(text: str) -> Signature:
    """The signature of a body (title left out: copies are re-headlined). Any length, the empty text included."""
    parts = [part for part in (fold(text[start:end]).split() for start, end in sentences(text)) if part]
    words = [word for part in parts for word in part]
    firsts, further = _anchors(parts)
    bins = _bins(_hash(pair) for pair in set(_shingles(words, 2)))
    return Signature(len(words), len(firsts), bins, (*firsts, *further))


def bands(signature: Signature) -> tuple[int, ...]:
    """Index keys (signed 64-bit, distinct): two texts worth comparing share at least one.

    A key held by very many texts is a common phrase or a site's boilerplate; a look-up may skip it.
    """
    if not signature.words:
        return ()
    rows = range(0, BINS, ROWS_PER_BAND)
    keys = (_hash((str(row), *map(str, signature.bins[row : row + ROWS_PER_BAND]))) - _SIGN for row in rows)
    return tuple(dict.fromkeys((*keys, *signature.anchors)))


def similarity(a: Signature, b: Signature) -> float:
    """Estimated Jaccard similarity (0 to 1) of the two texts' word pairs."""
    if not a.words or not b.words:
        return float(a.words == b.words)
    return sum(one == other for one, other in zip(a.bins, b.bins, strict=True)) / BINS


def _shingles(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    if 0 < len(words) < size:
        yield tuple(words)
    for at in range(len(words) - size + 1):
        yield tuple(words[at : at + size])


def _telling(words: list[str]) -> list[str]:
    """The words without the shortest: triples of small words stand in every other report."""
    telling = [word for word in words if len(word) >= MIN_WORD or word.isdecimal()]
    return telling if len(telling) > 2 else words


def _hash(shingle: Sequence[str]) -> int:
    """An unsigned 64-bit hash."""
    return int.from_bytes(hashlib.blake2b(" ".join(shingle).encode(), digest_size=8).digest(), "big")


def _bins(hashes: Iterable[int]) -> tuple[int, ...]:
    bins = [_EMPTY] * BINS
    for value in hashes:
        bin_, rest = value % BINS, value >> 32
        bins[bin_] = min(bins[bin_], rest)
    full = [at for at, value in enumerate(bins) if value != _EMPTY]
    if not full:
        return tuple(bins)
    return tuple(_borrowed(bins, at) for at in range(BINS))


def _borrowed(bins: list[int], at: int) -> int:
    """A bin's value, or that of the next full bin, changed by the distance so that neighbours differ."""
    for distance in range(BINS):
        value = bins[(at + distance) % BINS]
        if value != _EMPTY:
            return (value + distance * 0x9E3779B1) & _EMPTY
    return _EMPTY


def _anchors(parts: list[list[str]]) -> tuple[list[int], list[int]]:
    """The least hash of each sentence, and the next ones of short texts; no number twice."""
    long_enough = [part for part in parts if len(part) >= MIN_SENTENCE] or parts
    each = max(1, min(MAX_ANCHORS_A_SENTENCE, ANCHORS_WANTED // max(1, len(long_enough))))
    least = [sorted({_hash(triple) for triple in _shingles(_telling(part), 3)})[:each] for part in long_enough]
    kept = least[:FIRST_SENTENCES] + sorted(least[FIRST_SENTENCES:])[: MAX_SENTENCES - FIRST_SENTENCES]
    firsts = dict.fromkeys(group[0] - _SIGN for group in kept)
    further = dict.fromkeys(value - _SIGN for group in kept for value in group[1:])
    return list(firsts), [value for value in further if value not in firsts]
