"""A quick first pass over an article: which features its terms set, and which places it names.

Most articles have no term that could decide them and cost little here: most terms are whole words or beginnings of
words, which need no regular expression. Masks are not applied, so there may be more terms than `annotate` finds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from acca_crawler.detect.annotate import PlaceMatch, Prepared, Sentence, lexicon_language
from acca_crawler.detect.lexicon import GazetteerPlace, Term, places_for, terms_for
from acca_crawler.detect.matcher import Branch, Hit, Matcher, longest
from acca_crawler.detect.undiacritised import plain_terms
from acca_crawler.uncollected import uncollected


class _Seen(NamedTuple):
    """What a stem tells: the features of the terms that it proves, the terms to try, and places.

    A term to try comes with its features and the later stems of which a text that holds it has one.
    """

    features: int
    terms: tuple[tuple[int, frozenset[int], Branch[Term | GazetteerPlace]], ...]
    places: tuple[Branch[Term | GazetteerPlace], ...]


def glance(
    fields: tuple[Prepared, ...], features_of: Callable[[Term], int], lexicons: tuple[Path, ...] = ()
) -> tuple[int, tuple[Sentence, ...]]:
    """Return the features of all terms of an article, and its places with each field as one sentence.

    `features_of` gives the features that a term sets; terms without any are not looked for.
    """
    features = 0
    found: list[Sentence] = []
    for prepared in fields:
        matcher, seen = _matcher(prepared.language, features_of, lexicons)
        text = prepared.folded.text
        limit = len(text)
        occurrences, collapsed = matcher.occurrences(text)
        has_none_of = {stem for stem, _, _ in occurrences}.isdisjoint
        position = collapsed.positions.item
        places: list[Hit[Term | GazetteerPlace]] = []
        for stem, at, _ in occurrences:
            known, terms, named = seen[stem]
            features |= known
            for sets, later, branch in terms:
                if later and has_none_of(later):
                    continue
                if sets & ~features and branch.match(text, position(at), limit):
                    features |= sets
            for branch in named:
                start = position(at)
                if match := branch.match(text, start, limit):
                    places.append(Hit(start, match.end(), 0, branch.key))
        if places:
            found.append(_sentence_of_places(prepared, longest(places)))
    return features, tuple(found)


def _sentence_of_places(prepared: Prepared, hits: list[Hit[Term | GazetteerPlace]]) -> Sentence:
    folded, original = prepared.folded, prepared.folded.original
    places = (
        PlaceMatch(*folded.span(hit.start, hit.end), hit.key) for hit in hits if isinstance(hit.key, GazetteerPlace)
    )
    return Sentence(prepared.field, 0, len(original), original, original, (), tuple(places))


@cache
@uncollected()
def _matcher(
    read_as: str, features_of: Callable[[Term], int], lexicons: tuple[Path, ...]
) -> tuple[Matcher[Term | GazetteerPlace], list[_Seen]]:
    """Return the matcher for the terms and the places of a language, both also without its special letters."""
    language = lexicon_language(read_as)
    patterns: list[tuple[Term | GazetteerPlace, str]] = [
        (term, term.pattern) for term in terms_for(language, lexicons) if term.strength and features_of(term)
    ]
    patterns += [(place, pattern) for place, pattern in places_for(language)]
    if language == read_as:
        patterns += plain_terms(language, lexicons, lambda term: bool(features_of(term)))
    matcher = Matcher(patterns)
    return matcher, [_seen(branches, features_of) for branches in matcher.beginnings]


def _seen(branches: list[Branch[Term | GazetteerPlace]], features_of: Callable[[Term], int]) -> _Seen:
    features = 0
    terms: list[tuple[int, frozenset[int], Branch[Term | GazetteerPlace]]] = []
    for branch in branches:
        if isinstance(branch.key, Term) and branch.is_proven:
            features |= features_of(branch.key)
        elif isinstance(branch.key, Term):
            terms.append((features_of(branch.key), branch.later, branch))
    return _Seen(features, tuple(terms), tuple(branch for branch in branches if isinstance(branch.key, GazetteerPlace)))
