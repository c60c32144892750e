"""Annotate a title and a text with lexicon and gazetteer matches, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from acca_crawler.detect.languages import reading_language
from acca_crawler.detect.lexicon import Place, Term, places_for, terms_for
from acca_crawler.detect.matcher import Hit, Matcher
from acca_crawler.detect.undiacritised import plain_hits
from acca_crawler.text.normalise import Folded, fold, one_script
from acca_crawler.text.sentences import sentences

Field = Literal["title", "text"]
_AGENT_ROLES = frozenset({"agent", "place"})


class TermMatch(NamedTuple):
    """One lexicon match; offsets are code points of the title or text as given."""

    start: int
    end: int
    term: Term


class PlaceMatch(NamedTuple):
    """One gazetteer match, with offsets as in `TermMatch`."""

    start: int
    end: int
    place: Place


class Sentence(NamedTuple):
    """One sentence of title or text with its matches, without masked homonyms.

    `quote` is as stored; `plain` is the same with homoglyphs repaired, at the same positions.
    """

    field: Field
    start: int
    end: int
    quote: str
    plain: str
    found: tuple[TermMatch, ...]
    places: tuple[PlaceMatch, ...]


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotated title (at most one sentence) and text. `language` is None if no lexicon fits the script.

    `folded` contains both in the form used for matching, title first.
    """

    language: str | None
    sentences: tuple[Sentence, ...]
    folded: str = ""


def annotate(text: str, title: str = "", language: str | None = None, lexicons: tuple[Path, ...] = ()) -> Annotated:
    """Find every lexicon term and place in `title` and `text`."""
    read_as = reading_language(text or title, language)
    opening, title_sentences = _read_field("title", title, language or read_as, lexicons)
    body, sentences_ = _read_field("text", text, language or read_as, lexicons)
    return Annotated(read_as, (*title_sentences, *sentences_), f"{opening}\n{body}")


def _read_field(
    field: Field, text: str, language: str | None, lexicons: tuple[Path, ...]
) -> tuple[str, tuple[Sentence, ...]]:
    """Return the folded text, and its sentences if any of them contains a term or place."""
    read_as = reading_language(text, language)
    if read_as is None or not text:
        return "", ()
    plain = one_script(text, read_as)
    spans = ((0, len(text)),) if field == "title" and len(text) < 400 else sentences(plain)
    if not spans:
        return "", ()
    folded = fold(text, read_as)
    limits = _in_folded(folded, spans)
    lexicon = lexicon_language(read_as)
    hits = matcher_for(lexicon, lexicons).find(folded.text, limits)
    if lexicon == read_as and (more := plain_hits(folded.text, limits, lexicon, lexicons)):
        hits = sorted([*hits, *more], key=lambda hit: (hit.start, hit.end))
    return folded.text, tuple(_by_sentence(field, plain, folded, spans, hits)) if hits else ()


def _by_sentence(
    field: Field, plain: str, folded: Folded, spans: tuple[tuple[int, int], ...], hits: list[Hit[Term | Place]]
) -> Iterator[Sentence]:
    kept = _unmasked(hits)
    grouped: dict[int, list[Hit[Term | Place]]] = {}
    for hit in kept:
        grouped.setdefault(hit.sentence, []).append(hit)
    for index, (start, end) in enumerate(spans):
        terms, places = [], []
        for hit in grouped.get(index, ()):
            first, last = folded.span(hit.start, hit.end)
            if isinstance(hit.key, Term):
                terms.append(TermMatch(first, last, hit.key))
            else:
                places.append(PlaceMatch(first, last, hit.key))
        quote = folded.original[start:end]
        yield Sentence(field, start, end, quote, plain[start:end], tuple(terms), tuple(places))


def _in_folded(folded: Folded, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    if folded.keeps_offsets:
        return spans
    return tuple((folded.folded_position(start), folded.folded_position(end)) for start, end in spans)


def _unmasked(hits: list[Hit[Term | Place]]) -> list[Hit[Term | Place]]:
    """Drop masked matches: homonyms entirely, a speaker only as agent or place of custody."""
    masks = [hit for hit in hits if isinstance(hit.key, Term) and hit.key.role == "mask"]
    if not masks:
        return hits
    starts = [mask.start for mask in masks]
    return [hit for hit in hits if not _is_masked(hit, masks, starts)]


def _is_masked(hit: Hit[Term | Place], masks: list[Hit[Term | Place]], starts: list[int]) -> bool:
    if not isinstance(hit.key, Term) or hit.key.role == "mask":
        return False
    for mask in reversed(masks[: bisect_right(starts, hit.end - 1)]):
        if mask.end <= hit.start:
            if hit.start - mask.start > 400:
                break
            continue
        assert isinstance(mask.key, Term)
        if mask.key.group != "speaker" or hit.key.role in _AGENT_ROLES:
            return True
    return False


def lexicon_language(read_as: str) -> str:
    """Return the lexicon for a reading language: Uzbek in Cyrillic uses the Latin one, and so on."""
    return read_as.split("-")[0]


@cache
def matcher_for(language: str, lexicons: tuple[Path, ...] = ()) -> Matcher[Term | Place]:
    """Return the matcher for a lexicon language and the operators' own lexicon directories."""
    patterns: list[tuple[Term | Place, str]] = [
        (term, term.pattern) for term in terms_for(language, lexicons) if term.strength or term.role == "mask"
    ]
    patterns += [(place, pattern) for place, pattern in places_for(language)]
    return Matcher(patterns)
