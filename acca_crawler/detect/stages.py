"""How far a report says that a case is, from the lexicons' groups of terms and the words of `stages.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from acca_crawler.detect.annotate import Sentence, fold_sentence, lexicon_language

FILE = Path(__file__).with_name("stages.toml")
STAGES = {
    "allegation": "allegation",
    "accountability": "investigation",
    "officers_accused": "investigation",
    "charge": "charge",
    "court": "trial",
    "sentence": "verdict",
    "denial": "denial",
    "statistics": "official_statistics",
}
_COMPLAINT = re.compile("complain|appeal")


class Stage(NamedTuple):
    """A stage in a sentence; `start` and `end` are code points of its quote."""

    sentence: Sentence
    start: int
    end: int
    name: str


def stages(sentences: Sequence[Sentence], language: str) -> Iterator[Stage]:
    """Yield the stages of the case, each at its first mention. `language` is a reading language."""
    seen: set[str] = set()
    for sentence in sentences:
        for stage in sorted((*_of_terms(sentence), *_of_words(sentence, language)), key=lambda stage: stage.start):
            if stage.name not in seen:
                seen.add(stage.name)
                yield stage


def _of_terms(sentence: Sentence) -> Iterator[Stage]:
    for found in sentence.found:
        name = STAGES.get(found.term.group)
        if name == "allegation" and _COMPLAINT.search(found.term.gloss):
            name = "complaint"
        if name:
            yield Stage(sentence, found.start - sentence.start, found.end - sentence.start, name)


def _of_words(sentence: Sentence, language: str) -> Iterator[Stage]:
    pattern = stage_words(lexicon_language(language))
    folded = fold_sentence(sentence.plain, language)
    for match in pattern.finditer(folded.text):
        yield Stage(sentence, *folded.span(*match.span()), match.lastgroup or "")


@cache
def stage_words(lexicon: str) -> re.Pattern[str]:
    """Compile the words of a lexicon language, with a group for each stage."""
    table: dict[str, list[str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))[lexicon]
    groups = "|".join(f"(?P<{stage}>{'|'.join(patterns)})" for stage, patterns in table.items())
    return re.compile(rf"(?<!\w)(?:{groups})(?!\w)")
