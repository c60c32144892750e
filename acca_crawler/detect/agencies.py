"""Find the state bodies that a report names, by kind (`lexicons/agencies.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from acca_crawler.detect.annotate import Sentence, fold_sentence, lexicon_language
from acca_crawler.detect.lexicon import BUILT_IN

FILE = BUILT_IN / "agencies.toml"


class Agency(NamedTuple):
    """A mention of a body; `start` and `end` are code points of the sentence's quote, `meaning` is the kind's gloss."""

    sentence: Sentence
    start: int
    end: int
    kind: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AgencyWords:
    """The words for one kind of body in one language, and how facts call it."""

    kind: str
    name: str
    pattern: re.Pattern[str]


def agencies(sentences: Iterable[Sentence], language: str) -> Iterator[Agency]:
    """Yield every mention of a state body, in order. `language` is a reading language such as `uz-Cyrl`."""
    words = agency_words(lexicon_language(language))
    names_any = _any_agency(lexicon_language(language)).search
    for sentence in sentences:
        folded = fold_sentence(sentence.plain, language)
        if not names_any(folded.text):
            continue
        mentions = [(match, one) for one in words for match in one.pattern.finditer(folded.text)]
        mentions.sort(key=lambda mention: (mention[0].start(), -mention[0].end()))
        end = 0
        for match, one in mentions:
            if match.start() >= end:
                end = match.end()
                yield Agency(sentence, *folded.span(match.start(), end), one.kind, one.name, kinds()[one.kind])


@cache
def kinds() -> dict[str, str]:
    """Return the kinds of bodies with the meaning shown to analysts."""
    found: dict[str, str] = _data()["kinds"]
    return found


@cache
def agency_words(language: str) -> tuple[AgencyWords, ...]:
    """Compile the words of a lexicon language."""
    return tuple(
        AgencyWords(kind, entry["name"], re.compile(rf"(?<!\w)(?:{'|'.join(entry['words'])})(?!\w)"))
        for kind, entry in _data()[language].items()
        if kind in kinds()
    )


@cache
def _any_agency(language: str) -> re.Pattern[str]:
    """Compile all words at once: most sentences have none, which one look tells."""
    words = chain.from_iterable(entry["words"] for kind, entry in _data()[language].items() if kind in kinds())
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
