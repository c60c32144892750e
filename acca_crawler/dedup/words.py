"""A report as it is compared: its first sentences with their folded words, read once for signature and profile."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from acca_crawler.dedup.datelines import end_of_dateline
from acca_crawler.dedup.run_together import is_dated_headline, separated
from acca_crawler.detect.sections import opening_of
from acca_crawler.text.sentences import first_sentences
from acca_crawler.text.transliterate import folded_words

MAX_SENTENCES = 48
"""Maximum number of body sentences compared: the news is at the beginning of a report."""


class Part(NamedTuple):
    """A sentence, the position in its text, and its words, folded as in `text.transliterate.name_key`.

    `recalled`: it is about what was reported before, or points to another article; an outlet repeats such sentences
    under everything that it reports about a case.
    """

    start: int
    text: str
    words: tuple[str, ...]
    recalled: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Title and body of a report, its language (a code of `text.language`, None if unknown), and its first sentences.

    A sentence without words is left out, and so is an agency's dateline: the news begins after `start` characters.
    """

    title: str
    text: str
    language: str | None
    parts: tuple[Part, ...]
    start: int


def read(title: str, text: str, language: str | None) -> Reading:
    """Read a report for comparison; without a language number words are ignored."""
    parts: list[Part] = []
    recalls = False
    begin = end_of_dateline(text)
    for first, end in islice(separated(text, first_sentences(text, MAX_SENTENCES)), MAX_SENTENCES):
        start = max(first, begin)
        sentence = text[start:end]
        if words := folded_words(sentence, language=language):
            points_away = False
            if parts:
                opening = opening_of(sentence)
                recalls = recalls or opening.recalls
                points_away = opening.points_away or is_dated_headline(sentence)
            parts.append(Part(start, sentence, tuple(words), recalls or points_away))
    return Reading(title, text, language, tuple(parts), begin)
