"""Features of a report used for comparison: folded stems, names, places and numbers, by sentence.

A profile is computed once, stored with the revision, and loaded without the text.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from acca_crawler.dedup.concepts import concepts_in
from acca_crawler.dedup.content import content_sha256
from acca_crawler.dedup.date_words import date_words
from acca_crawler.dedup.names import NameSet
from acca_crawler.dedup.numerals import numbers
from acca_crawler.dedup.places import place_of
from acca_crawler.dedup.rarity import Rarity, rarity_in
from acca_crawler.dedup.words import Part, words_of
from acca_crawler.text.transliterate import fold, folded_words

STEM = 5
"""Letters shared by the folds of a word's inflected forms; more would miss Turkic and Russian endings."""
MAX_SENTENCES = 48
"""Maximum number of body sentences compared: the news is at the beginning of a report."""
MAX_TEXT = 100_000
"""Characters of a text that are divided into sentences, far more than the compared ones take up."""
_VERSION = 2
_CAPITALS = "".join(filter(str.isupper, map(chr, range(0x530))))
"""Capital letters of the Latin, Greek and Cyrillic scripts."""
_REST = r"[^\W\d_]*(?:[ʻʼ'’‘-][^\W\d_]+)*"
_WORD = re.compile(rf"[^\W\d_]{_REST}")
_CAPITALISED = re.compile(rf"[{_CAPITALS}](?<![^\W\d_][{_CAPITALS}])(?<![^\W\d_][ʻʼ'’‘-][{_CAPITALS}]){_REST}")
_MIN_NAME = 3
_MAX_INITIALS = 6
# A sentence with a larger share of words in capitals is a heading: its capitals do not mark names.
_SHOUTED = 0.5
_HASH = 16
# Characters in which a report says when its event was; days named later are of other events.
_BEGINNING = 600
# A first word that more than about one text in 150 has is not a name.
_COMMON_WORD = 0.5
# A text of at least four paragraphs of which at most a quarter shares a distinctive word with another is a roundup.
_MIN_UNIT, _MIN_UNITS, _MAX_PARAGRAPHS = 4, 4, 24
_HEADING = 120
_ROUNDUP = re.compile(
    r"главн\w{2,3} (?:материал|новост|событи)\w{1,3}|главное за (?:день|недел|сутки)|итоги (?:дня|недели|суток)"
    r"|дайджест|новости (?:дня|недели|к этому часу)|(?:main|top) (?:news|stories)|news digest|week in review"
    r"|(?:аптаның|күннің|тәуліктің) басты|(?:жуманын|жумалыктын|аптанын|күндүн) (?:башкы|негизги)"
    r"|(?:haftaning|kunning) (?:asosiy|eng muhim)|(?:ҳафтанинг|куннинг) (?:асосий|энг муҳим)"
    r"|(?:хабарҳои асосии|муҳимтарин хабарҳои) (?:рӯз|ҳафта)|(?:hepdäniň|günüň) (?:esasy|möhüm)"
)
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

    @cached_property
    def whole(self) -> tuple[Sentence, ...]:
        """Title and sentences."""
        if isinstance(self.packed, tuple):
            return self.packed
        return tuple(_unpacked(row, self.sorted_stems) for row in self.packed.split("\n"))

    @property
    def length(self) -> int:
        """Number of the body's sentences."""
        return len(self.packed) - 1 if isinstance(self.packed, tuple) else self.packed.count("\n")

    @property
    def title(self) -> Sentence:
        """The title."""
        return self.whole[0]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The body's sentences."""
        return self.whole[1:]

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

    @property
    def stems(self) -> Set[str]:
        """All stems of title and body."""
        return self.stem_weights.keys()

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
    def names_and_openers(self) -> NameSet:
        """All words of persons' names, and the first words of sentences, whose capital may mark a name."""
        return NameSet({*self.names.names, *self.openers})

    def to_bytes(self) -> bytes:
        """Serialise for the archive: about 1 kB for 300 words."""
        place = {stem: position for position, stem in enumerate(self.sorted_stems)}
        head = [
            _VERSION,
            self.language,
            self.title_hash,
            self.body_hash,
            self.is_roundup,
            self.words,
            " ".join(self.sorted_stems),
            "|".join(" ".join(person) for person in self.persons),
            *(" ".join(sorted(values)) for values in (self.openers, self.initials, self.numbers)),
            "|".join(sorted(self.places)),
            " ".join(sorted(self.dates)),
            "\n".join(_packed(sentence, place) for sentence in self.whole),
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
        language, title_hash, body_hash, roundup, words, stems, *sets, rows = head
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


def profile_of(title: str, text: str, language: str | None) -> Profile:
    """Build the profile of a report; `language` is a code of `text.language`; if None, number words are ignored."""
    base = base_of(language)
    rarity = rarity_in(base)
    parts = words_of(text[:MAX_TEXT], language)
    body = [_read(part.text, part.words, language, rarity) for part in parts[:MAX_SENTENCES] if part.words]
    read = (read_sentence(title, language), *body)
    return Profile(
        base,
        content_sha256(title, "")[:_HASH],
        content_sha256("", text)[:_HASH] if text.strip() else "",
        _calls_itself_roundup(title, text) or _is_roundup(text, parts, rarity),
        sum(sentence.words for sentence in read[1:]),
        tuple(sorted(frozenset().union(*(sentence.stems for sentence in read)))),
        tuple(dict.fromkeys(person for sentence in read for person in sentence.persons)),
        frozenset(sentence.opener for sentence in read if sentence.opener),
        frozenset().union(*(sentence.initials for sentence in read)),
        frozenset().union(*(sentence.places for sentence in read)),
        frozenset().union(*(sentence.numbers for sentence in read)),
        frozenset(date_words(f"{title}\n{text[:_BEGINNING]}")),
        read,
    )


def base_of(language: str | None) -> str | None:
    """Return the base language of a code of `text.language`: "uz" for both scripts."""
    return language.split("-")[0] if language else None


def _calls_itself_roundup(title: str, text: str) -> bool:
    """Whether the title or the first line announces the main news of a day or a week."""
    first = text.split("\n", 1)[0][:_HEADING]
    return bool(_ROUNDUP.search(title.lower()) or _ROUNDUP.search(first.lower()))


def _is_roundup(text: str, parts: Sequence[Part], rarity: Rarity) -> bool:
    """Whether almost no paragraph shares a distinctive word with another."""
    paragraphs: defaultdict[int, set[str]] = defaultdict(set)
    number = at = 0
    for part in parts:
        number += text.count("\n", at, part.start)
        at = part.start
        if number < _MAX_PARAGRAPHS:
            paragraphs[number].update([word[:STEM] for word in part.words])
    items = [stems for stems in paragraphs.values() if len(stems) >= _MIN_UNIT]
    if len(items) < _MIN_UNITS:
        return False
    of = rarity.of
    items = [{stem for stem in stems if of(stem) >= _TELLING} for stems in items]
    holders = Counter(stem for stems in items for stem in stems)
    connected = sum(any(holders[stem] > 1 for stem in stems) for stems in items)
    return connected <= _CONNECTED * len(items)


def read_sentence(text: str, language: str | None) -> Sentence:
    """Extract the features of one sentence."""
    return _read(text, folded_words(text, language=language), language, rarity_in(base_of(language)))


def _read(text: str, words: Collection[str], language: str | None, rarity: Rarity) -> Sentence:
    """Extract the features of a sentence with these folded words."""
    persons: list[list[str]] = []
    initials: set[str] = set()
    places: set[str] = set()
    opener, run_end = "", -1
    for word, start, end, is_first, certain in _capitalised(text):
        key = fold_word(word, language)
        place = _place(key)
        if place is not None:
            places.add(place)
        elif is_first and rarity.of(key[:STEM]) < _COMMON_WORD:
            continue  # "Premier Mikhail Mishustin": the capital of a common word marks the beginning of a sentence.
        elif len(word) > 1 and word.isupper():
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
        frozenset([word[:STEM] for word in words]),
        tuple(map(tuple, persons)),
        frozenset(initials),
        frozenset(places),
        frozenset(numbers(text, language, words)),
        opener,
    )


@lru_cache(maxsize=1 << 16)
def fold_word(word: str, language: str | None) -> str:
    """`text.transliterate.fold` of one word without hyphens; cached because words repeat throughout a crawl."""
    return fold(word, language=language).replace(" ", "")


@lru_cache(maxsize=1 << 16)
def _place(key: str) -> str | None:
    return place_of(key)


def _capitalised(text: str) -> Iterator[tuple[str, int, int, bool, bool]]:
    """Yield the capitalised words of a sentence: start, end, whether it is first, whether it is surely capitalised.

    At the start of a sentence this is so only if the next word is capitalised too, as in a full name.
    """
    capitalised = list(_CAPITALISED.finditer(text))
    if not capitalised or _is_heading(text, [match[0] for match in capitalised]):
        return
    first = _WORD.search(text)
    for match in capitalised:
        is_first = first is not None and match.start() == first.start()
        following = _WORD.search(text, match.end()) if is_first else None
        follower = following[0] if following else ""
        surely = not is_first or (follower[:1].isupper() and not follower.isupper())
        yield match[0], match.start(), match.end(), is_first, surely


def _is_heading(text: str, capitalised: Sequence[str]) -> bool:
    """Whether so much of a sentence is in capitals that they mark no names."""
    shouted = sum(len(word) > 1 and word.isupper() for word in capitalised)
    if not shouted:
        return False
    words = len(_WORD.findall(text))
    return words > 1 and shouted > _SHOUTED * words


def _packed(sentence: Sentence, place: Mapping[str, int]) -> str:
    """Pack a sentence into one line; its stems by their positions among those of the report."""
    return "\t".join(
        (
            " ".join(str(place[stem]) for stem in sorted(sentence.stems)),
            "|".join(" ".join(person) for person in sentence.persons),
            *(" ".join(sorted(values)) for values in (sentence.initials, sentence.numbers)),
            "|".join(sorted(sentence.places)),
            sentence.opener,
        )
    )


def _unpacked(row: str, stems: Sequence[str]) -> Sentence:
    positions, persons, initials, numbers_, places, opener = row.split("\t")
    return Sentence(
        frozenset([stems[int(position)] for position in positions.split()]),
        _persons(persons),
        frozenset(initials.split()),
        _places(places),
        frozenset(numbers_.split()),
        opener,
    )


def _persons(packed: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(person.split(" ")) for person in packed.split("|")) if packed else ()


def _places(packed: str) -> frozenset[str]:
    return frozenset(packed.split("|")) if packed else frozenset()
