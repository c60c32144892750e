"""Finds the passage of an article that matches most of the query."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from acca_crawler.search.query import QueryTerm
from acca_crawler.text.kindred import kindred
from acca_crawler.text.searchable import fold_word, plain_words, stem_word, words_of

WORDS_BEFORE, WORDS = 8, 32
_BLANK = re.compile(r"\s")
_FOLD_TOGETHER = str.maketrans("hjzfe", "kddpi")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage and its matches: `marks` are code-point offsets into `text`, ends exclusive."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def marked(self, before: str = "[", after: str = "]") -> str:
        """Return the passage with each match between `before` and `after`."""
        text = self.text
        for start, end in reversed(self.marks):
            text = f"{text[:start]}{before}{text[start:end]}{after}{text[end:]}"
        return text


def snippet(text: str, title: str, wanted: Sequence[QueryTerm]) -> Snippet:
    """Return the passage of about 30 words with the most different terms; from the title if the body has no match."""
    for passage in (text, title):
        words = plain_words(passage)
        matched = _matched(words, wanted)
        if matched:
            return _cut(passage, len(words), matched)
    passage = text or title
    return _cut(passage, len(plain_words(passage)), {})


def _matched(words: Sequence[str], wanted: Sequence[QueryTerm]) -> dict[int, int]:
    """Return the positions of the words that belong to a match, each with the number of its term."""
    found: dict[int, int] = {}
    by_letter: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        by_letter.setdefault(word[0], []).append(at)
    for number, term in enumerate(wanted):
        first, *others = term.words
        open_ended = term.prefix and not others
        alike = [places for letter, places in by_letter.items() if _beginning(letter) == _beginning(first[0])]
        for at in chain.from_iterable(alike):
            if _is(words[at], first, open_ended) and _goes_on(
                words[at + 1 : at + 1 + len(others)], others, term.prefix
            ):
                found.update(dict.fromkeys(range(at, at + len(term.words)), number))
    return found


def _goes_on(words: Sequence[str], wanted: Sequence[str], open_ended: bool) -> bool:
    """Return whether the words are the wanted ones."""
    last = len(wanted) - 1
    return len(words) == len(wanted) and all(
        _is(words[at], word, open_ended and at == last) for at, word in enumerate(wanted)
    )


@lru_cache(1 << 10)
def _beginning(letter: str) -> str:
    """Return a key that the first letters of two matching words share, which spares most words stemming and folding.

    It is the letter's fold, merged for letters that fold alike before another letter (k and kh, z and zh, y and ye).
    """
    return fold_word(letter).translate(_FOLD_TOGETHER)[:1]


@lru_cache(1 << 16)
def _is(word: str, wanted: str, open_ended: bool) -> bool:
    if stem_word(word) in kindred(stem_word(wanted)):
        return True
    folded = fold_word(wanted)
    if folded and fold_word(word).startswith(folded):
        return True
    return open_ended and word.lower().startswith(wanted.lower())


def _cut(passage: str, words: int, matched: dict[int, int]) -> Snippet:
    if not words:
        return Snippet(passage[:200])
    first = max(0, _best_start(matched) - WORDS_BEFORE)
    last = min(words, first + WORDS) - 1
    places = [word.span() for word in islice(words_of(passage), first, last + 1)]
    start, end = places[0][0], places[-1][1]
    head, tail = "… " * (first > 0), " …" * (last < words - 1)
    shift = len(head) - start
    marked = [places[at - first] for at in sorted(matched) if first <= at <= last]
    marks = tuple((begin + shift, stop + shift) for begin, stop in marked)
    body = _BLANK.sub(" ", passage[start:end])
    return Snippet(f"{head}{body}{tail}", marks)


def _best_start(matched: dict[int, int]) -> int:
    """Return the start of the window with the most different terms; the first one in case of a tie."""
    reach = WORDS - WORDS_BEFORE
    places = sorted(matched)
    best, most, end = 0, 0, 0
    inside: Counter[int] = Counter()
    for start in places:
        while end < len(places) and places[end] < start + reach:
            inside[matched[places[end]]] += 1
            end += 1
        if len(inside) > most:
            best, most = start, len(inside)
        inside[matched[start]] -= 1
        if not inside[matched[start]]:
            del inside[matched[start]]
    return best
