"""Match text typed without its language's special letters: камакка алынды for қамаққа алынды.

The patterns lose those letters too and run only on sentences too long to lack them by chance. Hits keep their full
strength: on retyped reports, one point less lost every fifth report and avoided no false alarm.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from acca_crawler.detect.languages import RUSSIAN_WORD
from acca_crawler.detect.lexicon import GazetteerPlace, Term, places_for, terms_for
from acca_crawler.detect.matcher import Hit, Matcher
from acca_crawler.text.normalise import PLAIN_LETTERS

MIN_LETTERS = {"kk": 25, "tk": 25, "tg": 40, "ky": 80}
"""Letters from which a sentence without special letters counts as undiacritised, by their share in the language."""

_SPECIAL = {language: re.compile(f"[{''.join(map(chr, table))}]") for language, table in PLAIN_LETTERS.items()}


def plain_hits(
    text: str, limits: Sequence[tuple[int, int]], language: str, lexicons: tuple[Path, ...]
) -> list[Hit[Term | GazetteerPlace]]:
    """Match the terms of `language` without its special letters in undiacritised sentences of the folded `text`."""
    if language not in PLAIN_LETTERS:
        return []
    plain = {index: limit for index, limit in enumerate(limits) if _is_plain(text, limit, language)}
    if not plain:
        return []
    indexes = list(plain)
    found = _plain_matcher(language, lexicons).find(text, list(plain.values()))
    return [
        hit._replace(sentence=indexes[hit.sentence])
        for hit in found
        if plain[indexes[hit.sentence]][0] <= hit.start < plain[indexes[hit.sentence]][1]
    ]


def _is_plain(text: str, limit: tuple[int, int], language: str) -> bool:
    start, end = limit
    if end - start < MIN_LETTERS[language] or _SPECIAL[language].search(text, start, end):
        return False
    return not RUSSIAN_WORD.search(text, start, end)


@cache
def _plain_matcher(language: str, lexicons: tuple[Path, ...]) -> Matcher[Term | GazetteerPlace]:
    table = PLAIN_LETTERS[language]
    places = ((place, pattern.translate(table), pattern) for place, pattern in places_for(language))
    return Matcher(
        [
            *plain_terms(language, lexicons, lambda term: bool(term.strength) or term.role == "mask"),
            *((place, plain) for place, plain, pattern in places if plain != pattern),
        ]
    )


def plain_terms(
    language: str, lexicons: tuple[Path, ...], is_used: Callable[[Term], bool]
) -> list[tuple[Term | GazetteerPlace, str]]:
    """Return the used terms whose patterns have special letters, with the pattern that lost them."""
    table = PLAIN_LETTERS.get(language)
    if table is None:
        return []
    return [
        (term, plain)
        for term in terms_for(language, lexicons)
        if is_used(term) and (plain := term.pattern.translate(table)) != term.pattern
    ]
