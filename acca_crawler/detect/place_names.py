"""Convert a town's name from its form in a text to the base form, and find places that the gazetteer lacks.

A stem of the gazetteer is the name itself in most languages; Russian names are in `place_names.toml`. A place that no
list has is recognised by the word for what it is: деҳаи Навкат, Навкат айылында, Навкатский район.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from acca_crawler.detect.annotate import Sentence, fold_sentence, lexicon_language
from acca_crawler.detect.lexicon import places_for
from acca_crawler.detect.name_words import name_words
from acca_crawler.outlets import REGION
from acca_crawler.text.normalise import CYRILLIC_LANGUAGES, Folded, fold_for_matching
from acca_crawler.text.word_lists import any_of

FILE = Path(__file__).with_name("place_names.toml")

_NOT_LITERAL = re.compile(r"\\w[*+]|\[[^\[\]]*\]|\(\?:[^()]*\)|.\?|\$")
_BLANK = "[ \u00a0]"
_WORD = r"[^\W\d_][\w’'-]*"
_MAX_WORDS = 4
_LONG = 5
_DISTRICT = re.compile(r"ск(?:ого|ому|им|ом)$")
_OF_ADJECTIVE = re.compile(r"(?<=[нк])(?:ого|ому|ом)$")
"""How a Russian village is declined that has an adjective for a name: в селе Тепличном."""
_ADJECTIVE = re.compile(r"(?<=ск)(?:ого|ому|им|ом|ой|ую|ая|ие|их)$")


class NamedPlace(NamedTuple):
    """A place in a sentence; `start` and `end` are code points of its quote, `name` is its base form."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class PlaceKinds:
    """Patterns of one language over folded text, with the groups `name` and, for an adjective, `kind`."""

    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    adjective: re.Pattern[str] | None


@lru_cache(maxsize=10_000)
def base_form(quote: str, language: str) -> str:
    """Return a town's name in the base form of the text's language: Худжанд for Худжанде, Ош for Ошто.

    `language` is a reading language (`ru`, `kk-Latn`, `uz-Cyrl`, ...). A name that no stem explains stays as it is.
    """
    folded = fold_for_matching(quote, language)
    lexicon = lexicon_language(language)
    if lexicon == "en":
        return quote
    stem = max((stem for stem in _stems(lexicon) if _is_form(folded.text, stem)), key=len, default="")
    literal = _literal(stem)
    named = _named(stem, lexicon) if literal else ""
    if named and language not in ("uz-Cyrl", "kk-Latn"):
        return named
    first = folded.text.find(literal)
    if not literal or first < 0 or lexicon == "ru":
        return _ADJECTIVE.sub("ий", quote)
    start, end = folded.span(first, first + len(literal))
    cut = quote[start:end]
    return cut[:1].upper() + cut[1:]


def _is_form(text: str, stem: str) -> bool:
    return text.startswith(stem[:3]) and _compiled(stem).fullmatch(text) is not None


@cache
def _compiled(stem: str) -> re.Pattern[str]:
    return re.compile(stem)


@cache
def _stems(lexicon: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pattern for place, pattern in places_for(lexicon) if place.level == "town"))


@cache
def _named(stem: str, lexicon: str) -> str:
    """Return the listed name of a stem, a Russian one for a stem borrowed from Russian; empty if none."""
    literal = _literal(stem).replace("ё", "е")
    is_borrowed = lexicon in CYRILLIC_LANGUAGES and stem in _stems("ru")
    for language in (lexicon, "ru") if is_borrowed else (lexicon,):
        lower = {name.lower().replace("ё", "е"): name for name in _names().get(language, ())}
        fitting = [name for name in lower if name.startswith(literal) or literal.startswith(_stem(name))]
        if fitting:
            return lower[min(fitting, key=lambda name: (abs(len(name) - len(literal)), name))]
    return ""


@cache
def _literal(stem: str) -> str:
    """Return the letters of a stem, without those that may be missing and the word for what the place is."""
    return _kind_in_stem().sub("", _NOT_LITERAL.sub("", stem))


def _stem(name: str) -> str:
    """Return a name without its last letter, which declension changes; a short one stays whole."""
    return name[:-1] if len(name) >= _LONG else name


def places_by_kind(sentence: Sentence, language: str) -> Iterator[NamedPlace]:
    """Yield the places that a word beside them makes known and that no gazetteer name overlaps, in order.

    None in a sentence that names only places abroad.
    """
    known = sentence.places
    if any(found.place.level == "veto" for found in known) and not any(f.place.country in REGION for f in known):
        return
    kinds = place_kinds(lexicon_language(language))
    folded = fold_sentence(sentence.quote, language)
    found = [*_before(folded, kinds.before), *_after(folded, kinds.after), *_with_adjective(folded, kinds.adjective)]
    taken = [(one.start - sentence.start, one.end - sentence.start) for one in known]
    for place in sorted(found):
        if not any(place.start < last and first < place.end for first, last in taken):
            yield place


def _before(folded: Folded, pattern: re.Pattern[str] | None) -> Iterator[NamedPlace]:
    """Yield the capitalised words behind the word for a place; a Tajik link before another such word goes off."""
    for match in pattern.finditer(folded.text) if pattern else ():
        words = list(re.finditer(_WORD, match["name"]))
        count = next((n for n, word in enumerate(words) if not _is_named(folded, match, word, n)), len(words))
        if not count:
            continue
        start, end = folded.span(match.start("name"), match.start("name") + words[count - 1].end())
        name = folded.original[start:end]
        name = _OF_ADJECTIVE.sub("ое", name)
        is_linked = count < len(words) and name.endswith("и") and words[count][0].endswith("и")
        yield NamedPlace(start, end, name[:-1] if is_linked else name)


def _after(folded: Folded, pattern: re.Pattern[str] | None) -> Iterator[NamedPlace]:
    """Yield the capitalised word before the word for a place: no opening of a sentence, and no word in the genitive."""
    for match in pattern.finditer(folded.text) if pattern else ():
        start, end = folded.span(match.start("name"), match.end("name"))
        name = folded.original[start:end]
        is_opening = start == 0 and "-" not in name
        is_other = _IS_OTHER.search(name.lower()) or name_words().not_name.match(name)
        if name[:1].isupper() and not is_opening and not is_other:
            yield NamedPlace(start, end, name)


def _with_adjective(folded: Folded, pattern: re.Pattern[str] | None) -> Iterator[NamedPlace]:
    for match in pattern.finditer(folded.text) if pattern else ():
        start, end = folded.span(match.start("name"), match.end())
        adjective = folded.original[start : folded.span(match.start("name"), match.end("name"))[1]]
        if adjective[:1].isupper():
            yield NamedPlace(start, end, f"{adjective}ий район")


_IS_OTHER = re.compile(r"(?:[нтд][ыіиуүө][ңн]|ning|нинг|nyň|niň|nuň|nüň|[кгқғ]ы|дагы|дағы|dagi|daky)$")


def _is_named(folded: Folded, match: re.Match[str], word: re.Match[str], index: int) -> bool:
    """Whether a word is of the name: capitalised, and not of the district behind it (село Акбулак Шетского района)."""
    is_capital = folded.original[folded.offset(match.start("name") + word.start())].isupper()
    return is_capital and not (index and _DISTRICT.search(word.group()))


@cache
def place_kinds(lexicon: str) -> PlaceKinds:
    """Compile the words for places of a lexicon language."""
    table: dict[str, list[str]] = _data()["kinds"].get(lexicon, {})
    before, after, adjective = ("|".join(table.get(key, ())) for key in ("before", "after", "adjective"))
    return PlaceKinds(
        before=_over(before, rf"(?<!\w)(?:{before}){_BLANK}(?P<name>{_WORD}(?:{_BLANK}{_WORD}){{0,{_MAX_WORDS}}})"),
        after=_over(after, rf"(?<![\w-])(?P<name>{_WORD}){_BLANK}(?:{after})(?!\w)"),
        adjective=_over(adjective, rf"(?<![\w-])(?P<name>{_WORD}ск)(?:ий|ого|ому|им|ом){_BLANK}(?:{adjective})(?!\w)"),
    )


@cache
def _kind_in_stem() -> re.Pattern[str]:
    first, last = (any_of(_data()["kinds"], group) for group in ("stem_first", "stem_last"))
    return re.compile(rf"^(?:{first})\w* | (?:{last})\w*$")


def _over(words: str, pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern) if words else None


@cache
def _names() -> dict[str, tuple[str, ...]]:
    listed: Mapping[str, str] = _data()["names"]
    return {language: tuple(" ".join(one.split()) for one in names.split(",")) for language, names in listed.items()}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
