"""Parses search queries and translates them for the full-text index.

    Рузахунов пытки             both words, each in any inflected form; a name in any script and romanisation
    "пытки в СИЗО"              exact phrase: these words next to each other, in this order
    torture OR ill-treatment    either; AND works too and is the default
    арест NOT суд, арест -суд   the first without the second
    задерж*                     every word with this prefix
    (пытки OR побои) Ош         brackets group

Operators must be upper case; `and`, `or`, `not` in lower case are ordinary words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from acca_crawler.exceptions import QueryError
from acca_crawler.text.kindred import kindred
from acca_crawler.text.searchable import fold_word, joined, stem_word, words_of

MAX_LENGTH, MAX_DEPTH = 500, 20
"""Maximum characters and bracket depth of a query: nobody types more, and the parser's stack is limited."""

_TOKEN = re.compile(
    r'\s+|(?P<quoted>"[^"]*"\*?)|(?P<bracket>[()])|(?P<minus>(?<![^\s(])-(?=[^\s)-]))|(?P<word>[^\s()"]+)'
)
_QUOTES = str.maketrans("“”„«»", '"""""')

_ENDINGS = ("а", "ы", "ый", "ого", "ая", "ие", "ть", "e", "s", "ed", "ing", "ion")
MANY_LETTERS = 6
"""Letters by which a whole word is shorter than a beginning that matches as many articles."""

MAX_FORMS = 40
"""Phrases that are asked for in place of one with irregular words, each with other stems."""

TELLING = 5
"""Minimum letters of a fold that works as a prefix: it then matches inflected forms of a name, not other words."""


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """Adjacent words; with `prefix`, the last one is only the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """Matches all of `wanted` and none of `unwanted`."""

    wanted: tuple[Query, ...]
    unwanted: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """Matches at least one of the parts."""

    parts: tuple[Query, ...]


Query = QueryTerm | Both | Either


def parse(text: str) -> Query:
    """Parse a query. Raises `QueryError`."""
    if len(text) > MAX_LENGTH:
        raise QueryError("the query is longer than {n} characters", n=MAX_LENGTH)
    parser = _Parser(_tokens(joined(text).translate(_QUOTES)))
    query = parser.either()
    if parser.left:
        raise QueryError("a bracket is closed and not opened")
    return query


def expression(query: Query, period: str = "", *, exactly: bool = False) -> str:
    """Return the FTS5 expression for a query.

    A word matches by stem in Russian and English text, and by the prefix of its fold in all text (see
    `text.searchable`). `period` is prepended to every word, as in the index (see `storage.articles.search`). With
    `exactly`, short words don't match by prefix: an excluded word must not exclude a longer word that starts with it
    (-суд keeps судьба).
    """
    if isinstance(query, QueryTerm):
        return _term(query, period, exactly)
    if isinstance(query, Either):
        return f"({' OR '.join(expression(part, period, exactly=exactly) for part in query.parts)})"
    wanted = " AND ".join(expression(part, period, exactly=exactly) for part in query.wanted)
    if not query.unwanted:
        return f"({wanted})"
    return f"(({wanted}) NOT ({' OR '.join(expression(part, period, exactly=True) for part in query.unwanted)}))"


def required(query: Query) -> list[Query]:
    """Return the parts that every hit must contain, if there are several: words of a phrase, and operands of AND."""
    if isinstance(query, QueryTerm):
        last = len(query.words) - 1
        return [QueryTerm((word,), query.prefix and at == last) for at, word in enumerate(query.words)] if last else []
    if isinstance(query, Either) or len(query.wanted) == 1:
        return []
    return [part for wanted in query.wanted for part in (required(wanted) or [wanted])]


def rarity(query: Query) -> int:
    """Return a guess at how rare a query's matches are: longer words are rarer, and beginnings match many words."""
    if isinstance(query, QueryTerm):
        return sum(map(len, query.words)) - (MANY_LETTERS if query.prefix else 0)
    if isinstance(query, Either):
        return min(map(rarity, query.parts))
    return max(map(rarity, query.wanted))


def terms(query: Query) -> list[QueryTerm]:
    """Return the terms that hits can contain, without excluded terms."""
    if isinstance(query, QueryTerm):
        return [query]
    parts = query.parts if isinstance(query, Either) else query.wanted
    return [term for part in parts for term in terms(part)]


def _term(term: QueryTerm, period: str, exactly: bool) -> str:
    stems = [stem_word(word) for word in term.words]
    folds = " ".join(fold_word(word) for word in term.words).split()
    asked = [_in("stems", period, forms) for forms in islice(product(*map(kindred, stems)), MAX_FORMS)]
    if term.prefix:
        head, cut = stems[:-1], term.words[-1].lower().replace("ё", "е")
        # The stem of a full word can be shorter than the typed prefix: задержанн*, задержанного, stem задержа.
        whole = dict.fromkeys(stem_word(cut + ending) for ending in _ENDINGS)
        asked += [_in("stems", period, [*head, stem]) for stem in whole if not stem.startswith(cut)]
        asked.append(_in("stems", period, [*head, cut]) + " *")
    if folds:
        any_ending = "" if exactly and not term.prefix and len(folds[-1]) < TELLING else " *"
        asked.append(_in("folds", period, folds) + any_ending)
    return f"({' OR '.join(asked)})"


def _in(kind: str, period: str, words: Sequence[str]) -> str:
    """Return the FTS5 phrase of these index words in title or body."""
    return f'{{title_{kind} body_{kind}}}: "{" ".join(f"{period}{word}" for word in words)}"'


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryError("a quotation mark is opened and not closed")
        at = match.end()
        if match["minus"]:
            found.append("NOT")
        elif not match[0].isspace():
            found.append(match[0])
    return found


class _Parser:
    """Recursive descent parser: `either` of `both` of single terms."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens
        self._depth = 0

    def either(self) -> Query:
        parts = [self._both()]
        while self.left[:1] == ["OR"]:
            self.left = self.left[1:]
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self) -> Query:
        wanted: list[Query] = []
        unwanted: list[Query] = []
        while True:
            operators = []
            while self.left[:1] in (["AND"], ["NOT"]):
                operators.append(self._next())
            if operators not in ([], ["AND"], ["NOT"], ["AND", "NOT"]):
                raise QueryError("{words} can't be understood", words=" ".join(operators))
            if operators[:1] == ["AND"] and not wanted and not unwanted:
                raise QueryError("there is nothing before {word}", word="AND")
            if not self.left or self.left[0] in ("OR", ")"):
                self._end_of_both(operators, wanted, unwanted)
                break
            (unwanted if "NOT" in operators else wanted).append(self._single())
        if len(wanted) == 1 and not unwanted:
            return wanted[0]
        return Both(tuple(wanted), tuple(unwanted))

    def _end_of_both(self, operators: list[str], wanted: list[Query], unwanted: list[Query]) -> None:
        if operators:
            raise QueryError("there is nothing after {word}", word=operators[-1])
        if unwanted and not wanted:
            raise QueryError("NOT can't stand alone: add words to search for")
        if not wanted:
            if self.left:
                raise QueryError("there is nothing to search for before {word}", word=self.left[0])
            raise QueryError("there is nothing to search for")

    def _single(self) -> Query:
        token = self._next()
        if token != "(":
            return _read_term(token)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError("brackets are nested more than {n} deep", n=MAX_DEPTH)
        inside = self.either()
        if self.left[:1] != [")"]:
            raise QueryError("a bracket is opened and not closed")
        self._next()
        self._depth -= 1
        return inside

    def _next(self) -> str:
        token, self.left = self.left[0], self.left[1:]
        return token


def _read_term(token: str) -> QueryTerm:
    words = tuple(match[0] for match in words_of(token) if fold_word(match[0]) or stem_word(match[0]))
    if not words:
        raise QueryError("“{word}” has no word to search for", word=token)
    return QueryTerm(words, prefix=token.endswith("*"))
