"""Features of a report used for comparison: folded stems, names, places and numbers, by sentence.

A profile is computed once, stored with the revision, and loaded without the text.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from acca_crawler.dedup.content import content_sha256
from acca_crawler.dedup.names import NameSet
from acca_crawler.dedup.numerals import numbers
from acca_crawler.dedup.places import place_of
from acca_crawler.dedup.rarity import rarity_in
from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import fold

STEM = 5
"""Letters shared by the folds of a word's inflected forms; more would miss Turkic and Russian endings."""
MAX_SENTENCES = 48
"""Maximum number of body sentences compared: the news is at the beginning of a report."""
_VERSION = 1
_WORD = re.compile(r"[^\W\d_]+(?:[ʻʼ'’‘-][^\W\d_]+)*")
_MIN_NAME = 3
_MAX_INITIALS = 6
# A sentence with a larger share of capitalised words is a heading: its capitals do not mark names.
_SHOUTED = 0.5
_HASH = 16
# A text of at least four paragraphs of which at most a quarter shares a distinctive word with another is a roundup.
_MIN_UNIT, _MIN_UNITS, _MAX_PARAGRAPHS = 4, 4, 24
_TELLING = 0.35
_CONNECTED = 0.25


@dataclass(frozen=True, slots=True)
class Sentence:
    """Features of a sentence; every string is folded.

    `persons` are runs of adjacent capitalised words; `opener` is the first word if its capital may mark either a
    name or the start of the sentence, else empty.
    """

    stems: frozenset[str]
    persons: tuple[tuple[str, ...], ...] = ()
    initials: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    opener: str = ""

    @property
    def words(self) -> int:
        """Number of distinct stems."""
        return len(self.stems)

    @property
    def names(self) -> frozenset[str]:
        """Words of the persons' names, and the initials."""
        return frozenset(word for person in self.persons for word in person) | self.initials

    @property
    def states(self) -> bool:
        """Whether the sentence contains a person, a place or a number."""
        return bool(self.persons or self.initials or self.places or self.numbers)


@dataclass(frozen=True)
class Profile:
    """Features of a report's title and first sentences, and its base language ("uz" for both scripts, None if unknown).

    `title_hash` and `body_hash` are prefixes of `dedup.content.content_sha256` of each; the second is empty for
    an empty body. `is_roundup`: its paragraphs have almost nothing in common, as in a digest of the day's news.
    """

    language: str | None
    title: Sentence
    sentences: tuple[Sentence, ...]
    title_hash: str = ""
    body_hash: str = ""
    is_roundup: bool = False

    @cached_property
    def whole(self) -> tuple[Sentence, ...]:
        """Title and sentences."""
        return (self.title, *self.sentences)

    @cached_property
    def words(self) -> int:
        """Sum of the distinct stems of each body sentence."""
        return sum(sentence.words for sentence in self.sentences)

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems of title and body."""
        return frozenset().union(*(sentence.stems for sentence in self.whole))

    @cached_property
    def persons(self) -> tuple[tuple[str, ...], ...]:
        """Distinct runs of capitalised words, in text order."""
        return tuple(dict.fromkeys(person for sentence in self.whole for person in sentence.persons))

    @cached_property
    def names(self) -> NameSet:
        """All words of persons' names."""
        return NameSet(word for person in self.persons for word in person)

    @cached_property
    def names_and_openers(self) -> NameSet:
        """All words of persons' names, and the first words of sentences, whose capital may mark a name."""
        openers = (sentence.opener for sentence in self.whole if sentence.opener)
        return NameSet({*self.names.names, *openers})

    @cached_property
    def initials(self) -> frozenset[str]:
        """All abbreviations in capitals."""
        return frozenset().union(*(sentence.initials for sentence in self.whole))

    @cached_property
    def places(self) -> frozenset[str]:
        """Gazetteer ids of all places."""
        return frozenset().union(*(sentence.places for sentence in self.whole))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """All numbers, as digits."""
        return frozenset().union(*(sentence.numbers for sentence in self.whole))

    def to_bytes(self) -> bytes:
        """Serialise for the archive: about 1 kB for 300 words."""
        rows = [_row(sentence) for sentence in self.whole]
        return zlib.compress(
            json.dumps(
                [_VERSION, self.language, self.title_hash, self.body_hash, self.is_roundup, rows], ensure_ascii=False
            ).encode(),
            1,
        )

    @classmethod
    def from_bytes(cls, stored: bytes) -> Profile:
        """Deserialise the output of `to_bytes`; raises ValueError for bytes of another kind or version."""
        try:
            version, language, title_hash, body_hash, roundup, rows = json.loads(zlib.decompress(stored))
        except (zlib.error, ValueError, TypeError) as error:
            raise ValueError("not a profile") from error
        if version != _VERSION:
            raise ValueError(f"a profile of version {version}, not {_VERSION}")
        title, *body = (_sentence(row) for row in rows)
        return cls(language, title, tuple(body), title_hash, body_hash, roundup)


def profile_of(title: str, text: str, language: str | None) -> Profile:
    """Build the profile of a report; `language` is a code of `text.language`; if None, number words are ignored."""
    bounds = islice(sentences(text), MAX_SENTENCES)
    body = (read_sentence(text[start:end], language) for start, end in bounds)
    base = language.split("-")[0] if language else None
    return Profile(
        base,
        read_sentence(title, language),
        tuple(sentence for sentence in body if sentence.stems),
        content_sha256(title, "")[:_HASH],
        content_sha256("", text)[:_HASH] if text.strip() else "",
        _is_roundup(text, language),
    )


def _is_roundup(text: str, language: str | None) -> bool:
    rarity = rarity_in(language.split("-")[0] if language else None)
    items = [
        {word[:STEM] for word in fold(paragraph, language=language).split()}
        for paragraph in text.split("\n")[:_MAX_PARAGRAPHS]
        if paragraph.strip()
    ]
    items = [{stem for stem in stems if rarity.of(stem) >= _TELLING} for stems in items if len(stems) >= _MIN_UNIT]
    if len(items) < _MIN_UNITS:
        return False
    holders = Counter(stem for stems in items for stem in stems)
    connected = sum(any(holders[stem] > 1 for stem in stems) for stems in items)
    return connected <= _CONNECTED * len(items)


def read_sentence(text: str, language: str | None) -> Sentence:
    """Extract the features of one sentence."""
    stems = frozenset(word[:STEM] for word in fold(text, language=language).split())
    persons: list[list[str]] = []
    initials: set[str] = set()
    places: set[str] = set()
    opener, run_end = "", -1
    for word, start, end, certain in _capitalised(text):
        key = fold_word(word, language)
        place = _place(key)
        if place is not None:
            places.add(place)
        elif word.isupper() and len(word) > 1:
            if len(word) <= _MAX_INITIALS:
                initials.add(key)
        elif certain and len(key) >= _MIN_NAME:
            if text[run_end:start] == " " and run_end > 0:
                persons[-1].append(key)
            else:
                persons.append([key])
            run_end = end
        if not certain and key:
            opener = key
    return Sentence(
        stems,
        tuple(tuple(person) for person in persons),
        frozenset(initials),
        frozenset(places),
        frozenset(numbers(text, language)),
        opener,
    )


@lru_cache(maxsize=1 << 16)
def fold_word(word: str, language: str | None) -> str:
    """`text.transliterate.fold` of one word without hyphens; cached because words repeat throughout a crawl."""
    return fold(word, language=language).replace(" ", "")


@lru_cache(maxsize=1 << 16)
def _place(key: str) -> str | None:
    return place_of(key)


def _capitalised(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield the capitalised words of a sentence with start, end, and whether the word itself is surely capitalised.

    At the start of a sentence this is so only if the next word is capitalised too, as in a full name.
    """
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    shouted = sum(len(word) > 1 and word.isupper() for word, _, _ in words)
    if words and shouted > _SHOUTED * len(words) and len(words) > 1:
        return
    for index, (word, start, end) in enumerate(words):
        if word[0].isupper():
            follower = words[index + 1][0] if index + 1 < len(words) else ""
            yield word, start, end, index > 0 or (follower[:1].isupper() and not follower.isupper())


def _row(sentence: Sentence) -> list[str]:
    return [
        " ".join(sorted(sentence.stems)),
        "|".join(" ".join(person) for person in sentence.persons),
        *(" ".join(sorted(values)) for values in (sentence.initials, sentence.numbers)),
        "|".join(sorted(sentence.places)),
        sentence.opener,
    ]


def _sentence(row: Iterable[str]) -> Sentence:
    stems, persons, initials, numbers_, places, opener = row
    return Sentence(
        frozenset(stems.split()),
        tuple(tuple(person.split(" ")) for person in persons.split("|")) if persons else (),
        frozenset(initials.split()),
        frozenset(places.split("|")) if places else frozenset(),
        frozenset(numbers_.split()),
        opener,
    )
