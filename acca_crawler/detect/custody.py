"""Find places of custody that differ by a number, name, town, district or owner (`lexicons/custody.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from acca_crawler.detect.annotate import Sentence, fold_sentence, lexicon_language
from acca_crawler.detect.lexicon import BUILT_IN
from acca_crawler.items import LANGUAGES
from acca_crawler.outlets import REGION
from acca_crawler.text.normalise import Folded
from acca_crawler.text.word_lists import any_of

FILE = BUILT_IN / "custody.toml"
REACH = 40
"""Maximum distance in code points between a place of custody and its number, town or owner."""

_NUMBER = r"\d{1,3}(?:/\d{1,2})?(?!\d)"
_WORD = re.compile(r"\w[\w-]*")
_WORD_AFTER = re.compile(r"\W(\w[\w-]*)")
_BLANK = r"[^\w,;:()]{1,2}"
_LOCATED = re.compile(r"(?:[дт](?:ағы|егі|агы|еги|огу|өгү)|dagi|daky|däki)$")


class CustodyPlace(NamedTuple):
    """A place of custody in a sentence; `start` and `end` are code points of its quote."""

    sentence: Sentence
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class CustodyWords:
    """Compiled words of one language, matched in folded text. `noun` has a group per kind of place."""

    noun: re.Pattern[str]
    names: re.Pattern[str]
    number_before: re.Pattern[str]
    number_after: re.Pattern[str]
    gap_before: re.Pattern[str]
    gap_after: re.Pattern[str]
    owners: re.Pattern[str]
    here: re.Pattern[str] | None
    district: re.Pattern[str] | None
    area: re.Pattern[str] | None
    somewhere: re.Pattern[str]


class _Town(NamedTuple):
    start: int
    end: int
    quote: str


def custody_places(sentences: Iterable[Sentence], language: str) -> Iterator[CustodyPlace]:
    """Yield each certain place of custody, in order; "a prison" alone is not one. `language` is a reading language."""
    words = custody_words(lexicon_language(language))
    latest = ""
    for sentence in sentences:
        folded = fold_sentence(sentence.plain, language)
        reader = _CustodyReader(sentence, folded, words)
        for start, end, here in reader.found(latest):
            first, last = folded.span(start, end)
            quote = sentence.quote[first:last]
            yield CustodyPlace(sentence, first, last, f"{quote}, {here}" if here else quote)
        if reader.towns:
            latest = reader.towns[-1].quote


class _CustodyReader:
    """The places of custody in one sentence."""

    def __init__(self, sentence: Sentence, folded: Folded, words: CustodyWords) -> None:
        self.plain = sentence.plain
        self.folded = folded
        self.text = folded.text
        self.words = words
        self.towns = [
            _Town(folded.folded_position(start), folded.folded_position(end), sentence.quote[start:end])
            for found in sentence.places
            if found.place.country in REGION and found.place.level in ("admin1", "town")
            for start, end in [(found.start - sentence.start, found.end - sentence.start)]
        ]

    def found(self, latest: str) -> Iterator[tuple[int, int, str]]:
        """Yield start and end of each place, and the town that "of this town" refers to; `latest` is an earlier one."""
        spans = [(match.start(), match.end(), "") for match in self.words.names.finditer(self.text)]
        end = 0
        for noun in self.words.noun.finditer(self.text):
            span = self._specified(noun)
            here = ""
            if span is None and noun.lastgroup == "place" and self._is_here(noun.end()):
                span, here = noun.span(), self._town_before(noun.start()) or latest
                span = span if here else None
            if span and span[0] >= end and all(span[1] <= first or last <= span[0] for first, last, _ in spans):
                spans.append((*span, here))
                end = span[1]
        yield from sorted(spans)

    def _specified(self, noun: re.Match[str]) -> tuple[int, int] | None:
        """Return the noun with what makes it a certain place, None if nothing does."""
        start, end = noun.span()
        if number := self.words.number_after.match(self.text, end):
            return start, number.end()
        if before := self.words.number_before.search(self.text, max(0, start - REACH), start):
            return before.start(), end
        if noun.lastgroup == "station":
            return self._of_district(start, end)
        if noun.lastgroup == "numbered":
            return None
        for first, last in [*((town.start, town.end) for town in self.towns), *self._owners()]:
            if last <= start and self._is_gap(self.words.gap_before, last, start):
                return first, end
            if end <= first and self._is_gap(self.words.gap_after, end, first):
                return start, self._with_area(last)
        return self._of_unlisted_town(start, end)

    def _of_unlisted_town(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a place with an unlisted town, capitalised before it and in the locative: Акдөбөдөгү."""
        words = list(_WORD.finditer(self.text, max(0, start - REACH), start))
        for word in words:
            first, last = word.span()
            is_town = _LOCATED.search(word.group()) and (first > 0 or not self.words.somewhere.match(word.group()))
            if is_town and self._is_capital(first) and self._is_gap(self.words.gap_before, last, start):
                return first, end
        return None

    def _of_district(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a police station with its district: a capitalised word before it, or one after it and "district"."""
        for word in _WORD.finditer(self.text, max(0, start - REACH), start):
            first, last = word.span()
            is_next = self._is_capital(first) and self._is_gap(self.words.gap_before, last, start)
            if is_next and self._names_district(word.group(), first, start, end):
                return first, end
        after = _WORD_AFTER.match(self.text, end)
        if after and self._is_capital(after.start(1)) and (whole := self._with_area(after.end())) > after.end():
            return start, whole
        return None

    def _names_district(self, word: str, first: int, start: int, end: int) -> bool:
        """Whether a capitalised word before a station (`start` to `end`) is its district, and no person or opening."""
        if any(town.start <= first < town.end for town in self.towns):
            return True
        if self.words.district:
            return self.words.district.fullmatch(word) is not None
        has_area = " " in self.text[first + len(word) + 1 : start]
        return first > 0 and (has_area or " " not in self.text[start:end])

    def _owners(self) -> Iterator[tuple[int, int]]:
        return (match.span() for match in self.words.owners.finditer(self.text))

    def _with_area(self, end: int) -> int:
        """Return the end of a town's name with the word for its area."""
        area = self.words.area.match(self.text, end) if self.words.area else None
        return area.end() if area else end

    def _is_gap(self, gap: re.Pattern[str], start: int, end: int) -> bool:
        return end - start <= REACH and gap.fullmatch(self.text, start, end) is not None

    def _is_capital(self, position: int) -> bool:
        return self.plain[self.folded.offset(position)].isupper()

    def _is_here(self, end: int) -> bool:
        return self.words.here is not None and self.words.here.match(self.text, end) is not None

    def _town_before(self, start: int) -> str:
        return next((town.quote for town in reversed(self.towns) if town.end <= start), "")


@cache
def custody_words(language: str) -> CustodyWords:
    """Compile the words of a lexicon language."""
    table = _data()[language]
    kinds = (("place", "places"), ("station", "stations"), ("numbered", "numbered"))
    nouns = "|".join(f"(?P<{kind}>{'|'.join(table[key])})" for kind, key in kinds)
    before, after = (_gap(table[key]) for key in ("before", "after"))
    number = rf"(?:№\W?{_NUMBER}|{_NUMBER}(?:-(?:{_of_all('ordinals')})(?!\w)|(?=-)))"
    return CustodyWords(
        noun=re.compile(rf"(?<!\w)(?:{nouns})(?!\w)"),
        names=_words(table["names"]),
        number_before=re.compile(rf"(?<!\w){number}{before}\Z"),
        number_after=re.compile(rf"(?:-|\W{{0,2}}(?:№|(?<=\W)(?:{_of_all('number_words')})(?!\w))\W{{0,2}}){_NUMBER}"),
        gap_before=re.compile(before),
        gap_after=re.compile(after if table["after"] else "(?!)"),
        owners=_words(table["owners"]),
        here=re.compile(rf"\W+(?:{'|'.join(table['here'])})(?!\w)") if table["here"] else None,
        district=re.compile(table["district"]) if table["district"] else None,
        area=re.compile(rf"\W+(?:{'|'.join(table['area'])})(?!\w)") if table["area"] else None,
        somewhere=re.compile(_of_all("somewhere")),
    )


def prison_names() -> dict[str, str]:
    """Return Russian names of prisons by their stems."""
    names: dict[str, str] = _data()["ru"]["base_forms"]
    return names


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _of_all(group: str) -> str:
    """Return a pattern for any line of a group, whatever its language: reports take over words of another one."""
    return any_of({language: _data()[language] for language in LANGUAGES}, group)


def _gap(words: Sequence[str]) -> str:
    """Return the pattern of what may be between a place and its town: blanks and up to three of these words."""
    return rf"{_BLANK}(?:(?:{'|'.join(words)}){_BLANK}){{0,3}}" if words else _BLANK


def _words(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")
