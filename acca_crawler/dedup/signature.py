"""Index keys of a text for finding its copies, excerpts and quotations.

Every sentence gives the least hashes of the trigrams of its longer words. A sentence shared by two texts gives both the
same keys regardless of the rest, so excerpts, quotations and moved sentences are found.

Words are folded as in `text.transliterate`, so Uzbek in Latin and in Cyrillic has the same keys. All hashing is BLAKE2b
of UTF-8: the same on every machine and Python version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from acca_crawler.dedup.words import Part

# Short reports get more keys per sentence, so that two rewritten sentences still match.
KEYS_WANTED = 16
MAX_KEYS_A_SENTENCE = 4
MAX_SENTENCES = 28
"""Sentences that give keys: a copy has the beginning of a text."""
MIN_SENTENCE = 4
MIN_WORD = 4
_SIGN = 1 << 63


@dataclass(frozen=True, slots=True)
class Signature:
    """Distinct index keys (signed 64-bit), first one per sentence, then the additional ones.

    `sentences` counts those with a key of their own. Two texts worth comparing share at least one key. A key shared by
    very many texts is a common phrase or a site's boilerplate; a look-up may skip it.
    """

    sentences: int
    keys: tuple[int, ...]


def signature(parts: Sequence[Part]) -> Signature:
    """Compute the keys of a body's sentences, of any number; titles are excluded since copies change them."""
    long_enough = [part.words for part in parts if len(part.words) >= MIN_SENTENCE] or [part.words for part in parts]
    each = max(1, min(MAX_KEYS_A_SENTENCE, KEYS_WANTED // max(1, len(long_enough))))
    least = [_least(_shingles(words), each) for words in long_enough[:MAX_SENTENCES]]
    firsts = dict.fromkeys(group[0] for group in least)
    further = dict.fromkeys(key for group in least for key in group[1:] if key not in firsts)
    return Signature(len(firsts), (*firsts, *further))


def _shingles(words: Sequence[str]) -> set[str]:
    """Return the trigrams of the longer words: those of the shortest words occur in every other report."""
    telling = [word for word in words if len(word) >= MIN_WORD or word.isdecimal()]
    if len(telling) <= 2:
        telling = [*words]
    if len(telling) <= 3:
        return {" ".join(telling)}
    return {f"{a} {b} {c}" for a, b, c in zip(telling, telling[1:], telling[2:], strict=False)}


def _least(shingles: set[str], number: int) -> list[int]:
    """Return so many of the lowest hashes."""
    digests = [blake2b(shingle.encode(), digest_size=8).digest() for shingle in shingles]
    least = [min(digests)] if number == 1 else sorted(digests)[:number]
    return [int.from_bytes(digest, "big") - _SIGN for digest in least]
