"""Features of a report used for comparison: folded stems, names, places and numbers, by sentence.

A profile is computed once, stored with the revision, and loaded without the text.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from acca_crawler.dedup.concepts import concepts_in
from acca_crawler.dedup.content import content_sha256
from acca_crawler.dedup.date_words import date_words
from acca_crawler.dedup.datelines import AGENCIES
from acca_crawler.dedup.names import NameSet
from acca_crawler.dedup.numerals import numbers
from acca_crawler.dedup.places import place_of
from acca_crawler.dedup.rarity import Rarity, rarity_in
from acca_crawler.dedup.roundups import calls_itself_roundup
from acca_crawler.dedup.words import Part, Reading
from acca_crawler.text.transliterate import folded_words

STEM = 5
"""Letters shared by the folds of a word's inflected forms; more would miss Turkic and Russian endings."""
_VERSION = 8
_BEFORE_STEMS = f'[{_VERSION}, "'
_CAPITALS = "".join(filter(str.isupper, map(chr, range(0x530))))
"""Capital letters of the Latin, Greek and Cyrillic scripts."""
_REST = r"[^\W\d_]*(?:[ʻʼ'’‘-][^\W\d_]+)*"
_WORD = re.compile(rf"[^\W\d_]{_REST}")
_CAPITALISED = re.compile(rf"[{_CAPITALS}](?<![^\W\d_][{_CAPITALS}])(?<![^\W\d_][ʻʼ'’‘-][{_CAPITALS}]){_REST}")
# A quotation that ends like a sentence, or before a dash, is what somebody said.
_TITLE = re.compile(
    r"(?:«((?:[^«»]|«[^«»]{1,200}»){12,400})|[“„\"]([^«»“”„\"]{12,400}))(?<![.,!?…:;])[»”\"](?!,?\s*[—–-])"
)
# An outlet may forget the opening mark: then the title begins somewhere in the sentence.
_UNOPENED = re.compile(r"([^«»]{12,400})(?<![.,!?…:;])»(?!,?\s*[—–-])")
_NO_QUOTATION = frozenset('»”"').isdisjoint
_MIN_TITLE = 3
_MIN_NAME = 3
# Before or after another part of a name, one letter with a full stop is a name's: "Ш. Каримов", "Нурлан К."
_ABBREVIATED = re.compile(rf"(?:[{_CAPITALS}]|[SCKZ]h|Y[aeou]|Ts)(?=\.)")
_NEXT_PART = re.compile(rf"\.[ \u00a0]?[{_CAPITALS}]")
_MAX_INITIALS = 6
# A sentence with a larger share of words in capitals is a heading: its capitals do not mark persons.
_SHOUTED = 0.5
_HASH = 16
_NOTHING: frozenset[str] = frozenset()
# Characters in which a report says when its event was; days named later are of other events.
_BEGINNING = 600
# A first word that more than about one text in 150 has is not a name.
_COMMON_WORD = 0.5
# A text of at least four paragraphs of which at most a quarter shares a distinctive word with another is a roundup.
_MIN_UNIT, _MIN_UNITS, _MAX_PARAGRAPHS = 4, 4, 24
_TELLING = 0.35
_CONNECTED = 0.25


@dataclass(frozen=True, slots=True)
class Sentence:
    """Features of a sentence; every string is folded.

    `persons` are runs of adjacent capitalised words; `initials` are acronyms, and the first letters of names with their
    full stop; `opener` is the first word if its capital may mark either a
    name or the start of the sentence, else empty. `titled` are the stems of titles in quotation marks: of laws, films.
    """

    stems: frozenset[str]
    persons: tuple[tuple[str, ...], ...] = ()
    initials: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    opener: str = ""
    titled: frozenset[str] = frozenset()

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


@dataclass(frozen=True, slots=True)
class Incidence:
    """Which sentence has which stem: numbers of sentences, positions of stems, and the stems that each has in all."""

    rows: NDArray[np.intp]
    positions: NDArray[np.intp]
    lengths: NDArray[np.intp]
    stems: int

    @classmethod
    def of(cls, positions: Sequence[int], lengths: Sequence[int], stems: int) -> Incidence:
        """Put together the positions of all sentences and how many of them are of each."""
        each = np.array(lengths, dtype=np.intp)
        return cls(np.repeat(np.arange(len(each)), each), np.array(positions, dtype=np.intp), each, stems)

    def matrix(self, positions: Sequence[int]) -> NDArray[np.float32]:
        """Return 1 for each sentence (row) that has one of these stems (column), otherwise 0."""
        column = np.full(self.stems, -1, dtype=np.intp)
        column[np.array(positions, dtype=np.intp)] = np.arange(len(positions))
        columns = column[self.positions]
        found = columns >= 0
        matrix = np.zeros((len(self.lengths), len(positions)), dtype=np.float32)
        matrix[self.rows[found], columns[found]] = 1
        return matrix


@dataclass(frozen=True)
class Profile:
    """Features of a report's title and first sentences, and its base language ("uz" for both scripts, None if unknown).

    `title_hash` and `body_hash` are prefixes of `dedup.content.content_sha256` of each; the second is empty for
    an empty body. `is_roundup`: its paragraphs have almost nothing in common, as in a digest of the day's news.
    `stems` are sorted, `persons` distinct and in text order, `places` gazetteer ids, `numbers` digits; `words` sums the
    distinct stems of each body sentence; `dates` are the days named at the beginning (`date_words`). `packed` are title
    and sentences, which only an alignment needs: as they are, or as `to_bytes` stores them.
    """

    language: str | None
    title_hash: str
    body_hash: str
    is_roundup: bool
    words: int
    sorted_stems: tuple[str, ...]
    persons: tuple[tuple[str, ...], ...]
    openers: frozenset[str]
    initials: frozenset[str]
    places: frozenset[str]
    numbers: frozenset[str]
    dates: frozenset[str]
    packed: tuple[Sentence, ...] | str

    @property
    def whole(self) -> tuple[Sentence, ...]:
        """Title and sentences."""
        if isinstance(self.packed, tuple):
            return self.packed
        return tuple([self._row(number) for number in range(self.length + 1)])

    @property
    def length(self) -> int:
        """Number of the body's sentences."""
        return len(self.packed) - 1 if isinstance(self.packed, tuple) else self.packed.count("\n")

    @property
    def title(self) -> Sentence:
        """The title."""
        return self._row(0)

    def sentence(self, number: int) -> Sentence:
        """Return one of the body's sentences, from 0."""
        return self._row(number + 1)

    def _row(self, number: int) -> Sentence:
        if isinstance(self.packed, tuple):
            return self.packed[number]
        if number not in self._unpacked:
            self._unpacked[number] = _unpacked(self._rows[number], self.sorted_stems)
        return self._unpacked[number]

    @cached_property
    def _rows(self) -> list[str]:
        return self.packed.split("\n") if isinstance(self.packed, str) else []

    @cached_property
    def _unpacked(self) -> dict[int, Sentence]:
        return {}

    @cached_property
    def places_of_stems(self) -> dict[str, int]:
        """Position of each stem among the sorted ones."""
        return dict(zip(self.sorted_stems, count(), strict=False))

    @cached_property
    def incidence(self) -> Incidence:
        """The stems of each of the body's sentences."""
        if isinstance(self.packed, tuple):
            place = self.places_of_stems
            stems = [[place[stem] for stem in sentence.stems] for sentence in self.packed[1:]]
            return Incidence.of(list(chain.from_iterable(stems)), [len(places) for places in stems], len(place))
        rows = [row.partition("\t")[0] for row in self._rows[1:]]
        positions = list(map(int, " ".join(rows).split()))
        return Incidence.of(positions, [row.count(" ") + 1 for row in rows], len(self.sorted_stems))

    @cached_property
    def length_squared(self) -> float:
        """Sum of the squares of the stems' weights."""
        return sum(weight * weight for weight in self.stem_weights.values())

    @cached_property
    def concept_weights(self) -> dict[str, float]:
        """Weight of what each stem means in any language (`concepts`): that of the rarest stem that means it."""
        concepts = concepts_in(self.language)
        if not concepts:
            return self.stem_weights
        found: dict[str, float] = {}
        for stem, weight in self.stem_weights.items():
            concept = concepts.get(stem, stem)
            found[concept] = max(weight, found.get(concept, 0.0))
        return found

    @cached_property
    def stems(self) -> frozenset[str]:
        """All stems of title and body."""
        return frozenset(self.sorted_stems)

    @cached_property
    def stem_weights(self) -> dict[str, float]:
        """Weight (`rarity`) of each stem."""
        return rarity_in(self.language).weights_of(self.sorted_stems)

    @cached_property
    def weight(self) -> float:
        """Sum of the stems' weights."""
        return sum(self.stem_weights.values())

    @cached_property
    def distinct_persons(self) -> dict[tuple[str, ...], str]:
        """The rarest word of each person's name: sharing only a given name is not a match. Several forms count once."""
        rarity = rarity_in(self.language)
        found: dict[tuple[str, ...], str] = {}
        counted: set[str] = set()
        for person in sorted(self.persons, key=len, reverse=True):
            stems = [name[:STEM] for name in person]
            if counted.isdisjoint(stems):
                found[person] = max(reversed(person), key=lambda name: rarity.of(name[:STEM]))
            counted.update(stems)
        return found

    @cached_property
    def person_weights(self) -> dict[tuple[str, ...], float]:
        """Weight of each distinct person: that of the rarest word of the name, since several words are one person."""
        of = rarity_in(self.language).of
        return {person: max(of(name[:STEM]) for name in person) for person in self.distinct_persons}

    @cached_property
    def names(self) -> NameSet:
        """All words of persons' names."""
        return NameSet(word for person in self.persons for word in person)

    @cached_property
    def first_words(self) -> NameSet:
        """The first words of sentences, whose capital may mark a name."""
        return NameSet(self.openers)

    def packed_up(self) -> Profile:
        """Return the same with its sentences packed and with all that was found out about it."""
        packed = copy(self)
        if isinstance(self.packed, tuple):
            place = self.places_of_stems
            vars(packed)["packed"] = "\n".join([_packed(sentence, place) for sentence in self.packed])
        return packed

    def to_bytes(self) -> bytes:
        """Serialise for the archive: about 1 kB for 300 words."""
        head = [
            _VERSION,
            " ".join(self.sorted_stems),
            self.language,
            self.title_hash,
            self.body_hash,
            self.is_roundup,
            self.words,
            "|".join(" ".join(person) for person in self.persons),
            *(" ".join(sorted(values)) for values in (self.openers, self.initials, self.numbers)),
            "|".join(sorted(self.places)),
            " ".join(sorted(self.dates)),
            self.packed_up().packed,
        ]
        return zlib.compress(json.dumps(head, ensure_ascii=False).encode(), 1)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Profile:
        """Deserialise the output of `to_bytes`; raises ValueError for bytes of another kind or version."""
        try:
            version, *head = json.loads(zlib.decompress(stored))
        except (zlib.error, ValueError, TypeError) as error:
            raise ValueError("not a profile") from error
        if version != _VERSION:
            raise ValueError(f"a profile of version {version}, not {_VERSION}")
        stems, language, title_hash, body_hash, roundup, words, *sets, rows = head
        persons, openers, initials, numbers_, places, dates = sets
        return cls(
            language,
            title_hash,
            body_hash,
            roundup,
            words,
            tuple(stems.split()),
            _persons(persons),
            frozenset(openers.split()),
            frozenset(initials.split()),
            _places(places),
            frozenset(numbers_.split()),
            frozenset(dates.split()),
            rows,
        )


@lru_cache(maxsize=512)
def stems_in(stored: bytes) -> frozenset[str]:
    """Return the stems of a profile as the archive keeps it, without reading the rest; none of another version's.

    Those of an outlet's latest reports are asked for again with its next one.
    """
    start = len(_BEFORE_STEMS)
    try:
        text = zlib.decompress(stored).decode()
        return frozenset(text[start : text.index('"', start)].split()) if text.startswith(_BEFORE_STEMS) else _NOTHING
    except (zlib.error, ValueError):
        return _NOTHING


def profile_of(reading: Reading) -> Profile:
    """Build the profile of a report."""
    title, text, language = reading.title, reading.text, reading.language
    base = base_of(language)
    rarity = rarity_in(base)
    parts = [part for part in reading.parts if not part.recalled]
    body = [_read(part.text, part.words, language, rarity) for part in parts]
    read = (read_sentence(title, language), *body)
    stems = sorted(_NOTHING.union(*[sentence.stems for sentence in read]))
    return Profile(
        base,
        content_sha256(title, "")[:_HASH],
        content_sha256("", text)[:_HASH] if text.strip() else "",
        calls_itself_roundup(title, text) or _is_roundup(text, parts, body, rarity),
        sum([len(sentence.stems) for sentence in body]),
        tuple(stems),
        tuple(dict.fromkeys(person for sentence in read for person in sentence.persons)),
        frozenset([sentence.opener for sentence in read if sentence.opener]),
        _NOTHING.union(*[sentence.initials for sentence in read]),
        _NOTHING.union(*[sentence.places for sentence in read]),
        _NOTHING.union(*[sentence.numbers for sentence in read]),
        frozenset(date_words(f"{title}\n{text[reading.start : reading.start + _BEGINNING]}")),
        read,
    )


def base_of(language: str | None) -> str | None:
    """Return the base language of a code of `text.language`: "uz" for both scripts."""
    return language.split("-")[0] if language else None


def _is_roundup(text: str, parts: Sequence[Part], sentences: Sequence[Sentence], rarity: Rarity) -> bool:
    """Whether almost no paragraph shares a distinctive word with another."""
    if len(sentences) < _MIN_UNITS:
        return False
    paragraphs: dict[int, frozenset[str]] = {}
    number = at = 0
    for part, sentence in zip(parts, sentences, strict=True):
        number += text.count("\n", at, part.start)
        at = part.start
        if number >= _MAX_PARAGRAPHS:
            break
        paragraphs[number] = paragraphs.get(number, _NOTHING) | sentence.stems
    items = [stems for stems in paragraphs.values() if len(stems) >= _MIN_UNIT]
    if len(items) < _MIN_UNITS:
        return False
    holders = Counter(chain.from_iterable(items))
    telling = {stem for stem, count in holders.items() if count > 1 and rarity.of(stem) >= _TELLING}
    connected = sum([not telling.isdisjoint(stems) for stems in items])
    return connected <= _CONNECTED * len(items)


def read_sentence(text: str, language: str | None) -> Sentence:
    """Extract the features of one sentence."""
    return _read(text, folded_words(text, language=language), language, rarity_in(base_of(language)))


def _read(text: str, words: Sequence[str], language: str | None, rarity: Rarity) -> Sentence:
    """Extract the features of a sentence with these folded words."""
    persons: list[list[str]] = []
    initials: set[str] = set()
    places: set[str] = set()
    opener, run_end = "", -1
    capitalised = [(match.span(), _capital(match[0], language)) for match in _CAPITALISED.finditer(text)]
    if capitalised and _is_heading(text, sum([capital.shouted for _, capital in capitalised])):
        places.update(capital.place for _, capital in capitalised if capital.place)
        capitalised = []
    may_be_first = True
    for (start, end), (key, place, shouted) in capitalised:
        is_first = may_be_first and _is_first_word(text, start)
        may_be_first = False
        certain = not is_first or _is_followed_by_name(text, end)
        if place is not None:
            places.add(place)
        elif _is_initial(text, start, end):
            initials.add(f"{key}.")
            continue
        elif is_first and rarity.of(key[:STEM]) < _COMMON_WORD:
            continue  # "Premier Mikhail Mishustin": the capital of a common word marks the beginning of a sentence.
        elif shouted:
            if end - start <= _MAX_INITIALS:
                initials.add(key)
        elif certain and len(key) >= _MIN_NAME:
            if run_end == start - 1 and run_end > 0 and text[run_end] == " ":
                persons[-1].append(key)
            else:
                persons.append([key])
            run_end = end
        if not certain and key:
            opener = key
    stems = frozenset([word[:STEM] for word in words])
    return Sentence(
        stems,
        tuple(map(tuple, persons)) if persons else (),
        frozenset(initials) if initials else _NOTHING,
        frozenset(places) if places else _NOTHING,
        frozenset(found) if (found := numbers(text, language, words)) else _NOTHING,
        opener,
        _titled(text, language) & stems,
    )


def _titled(text: str, language: str | None) -> frozenset[str]:
    """Return the stems of the words of titles in quotation marks."""
    if _NO_QUOTATION(text):
        return _NOTHING
    found = list(map("".join, _TITLE.findall(text)))
    if "»" in text and (unopened := _UNOPENED.match(text)):
        found.append(unopened[1])
    titles = [folded_words(title, language=language) for title in found]
    return _NOTHING.union(*[[word[:STEM] for word in title] for title in titles if len(title) >= _MIN_TITLE])


class _Capital(NamedTuple):
    """The fold of a capitalised word, the place it names, and whether it is all capitals."""

    key: str
    place: str | None
    shouted: bool


_NO_NAME = _Capital("", None, False)


@lru_cache(maxsize=1 << 16)
def _capital(word: str, language: str | None) -> _Capital:
    key = "".join(folded_words(word, language=language))  # Кара-Суу is one word
    if key in AGENCIES:
        return _NO_NAME
    return _Capital(key, place_of(key), len(word) > 1 and word.isupper())


def _is_first_word(text: str, start: int) -> bool:
    """Whether the word at `start` is the first one of a sentence."""
    if not start:
        return True
    first = _WORD.search(text)
    return first is not None and first.start() == start


def _is_initial(text: str, start: int, end: int) -> bool:
    """Whether a capitalised word is a letter that stands for a part of somebody's name."""
    found = _ABBREVIATED.match(text, start)
    if found is None or found.end() != end:
        return False
    before = text[:start].split()[-1:]
    return _NEXT_PART.match(text, end) is not None or bool(before and before[0][0].isupper() and before[0].isalpha())


def _is_followed_by_name(text: str, end: int) -> bool:
    """Whether the capital of a sentence's first word surely marks a name: the next word has one too, as a full name."""
    following = _WORD.search(text, end)
    return following is not None and following[0][0].isupper() and not following[0].isupper()


def _is_heading(text: str, shouted: int) -> bool:
    """Whether so much of a sentence is in capitals, with so many words, that they mark no names."""
    if not shouted:
        return False
    words = len(_WORD.findall(text))
    return words > 1 and shouted > _SHOUTED * words


def _packed(sentence: Sentence, place: Mapping[str, int]) -> str:
    """Pack a sentence into one line; its stems by their positions among those of the report."""
    return "\t".join(
        (
            " ".join(map(str, sorted(map(place.__getitem__, sentence.stems)))),
            "|".join([" ".join(person) for person in sentence.persons]) if sentence.persons else "",
            *[" ".join(sorted(values)) if values else "" for values in (sentence.initials, sentence.numbers)],
            "|".join(sorted(sentence.places)) if sentence.places else "",
            sentence.opener,
            " ".join([str(place[stem]) for stem in sorted(sentence.titled)]),
        )
    )


def _unpacked(row: str, stems: Sequence[str]) -> Sentence:
    positions, persons, initials, numbers_, places, opener, titled = row.split("\t")
    return Sentence(
        frozenset([stems[int(position)] for position in positions.split()]),
        _persons(persons),
        frozenset(initials.split()),
        _places(places),
        frozenset(numbers_.split()),
        opener,
        frozenset([stems[int(position)] for position in titled.split()]),
    )


def _persons(packed: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(person.split(" ")) for person in packed.split("|")) if packed else ()


def _places(packed: str) -> frozenset[str]:
    return frozenset(packed.split("|")) if packed else frozenset()
