"""Annotate a title and a text with lexicon and gazetteer matches, sentence by sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple

from acca_crawler.detect.languages import reading_language
from acca_crawler.detect.lexicon import GazetteerPlace, Term, places_for, terms_for
from acca_crawler.detect.matcher import Hit, Matcher
from acca_crawler.detect.undiacritised import plain_hits
from acca_crawler.text.normalise import INVISIBLE, Folded, fold_for_matching, has_any, one_script
from acca_crawler.text.sentences import sentences
from acca_crawler.uncollected import uncollected

Field = Literal["title", "text"]
MAX_TITLE = 400
"""Code points from which a title is split into sentences like a text."""

SENTENCES_REMEMBERED = 1024
"""Sentences kept folded: those of a long article, which half a dozen readers of facts and categories ask for."""

_NO_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
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
    place: GazetteerPlace


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


def without_invisible(sentence: Sentence) -> Sentence:
    """Return the sentence with `plain` as a reader sees it, and its terms at their places there.

    Patterns that read `plain` would miss a word with a soft hyphen in it. The start stays; places are left out.
    """
    plain, start = sentence.plain, sentence.start
    if plain.isascii() or not has_any(plain, INVISIBLE):
        return sentence
    kept = [0, *accumulate(letter not in INVISIBLE for letter in plain)]
    found = tuple(TermMatch(start + kept[f.start - start], start + kept[f.end - start], f.term) for f in sentence.found)
    return sentence._replace(plain=plain.translate(_NO_INVISIBLE), found=found, places=())


@lru_cache(SENTENCES_REMEMBERED)
def fold_sentence(text: str, language: str) -> Folded:
    """Fold one sentence as `fold_for_matching` does; once for all that read it."""
    return fold_for_matching(text, language)


@dataclass(frozen=True, slots=True, eq=False)
class Annotated:
    """An annotated title (at most one sentence) and text. `language` is None if no lexicon fits the script.

    `folded` contains both in the form used for matching, title first. Equal only to itself, so that what was read of it
    is found again at once.
    """

    language: str | None
    sentences: tuple[Sentence, ...]
    folded: str = ""


class Prepared(NamedTuple):
    """A title or a text folded for matching, with the language it is read as."""

    field: Field
    folded: Folded
    language: str


def prepare(text: str, title: str = "", language: str | None = None) -> tuple[str | None, tuple[Prepared, ...]]:
    """Return the language to read an article as (None if no lexicon fits), and its title and text, folded."""
    read_as = reading_language(text or title, language)
    fields: list[Prepared] = []
    if title and (title_as := reading_language(title, language or read_as)):
        fields.append(Prepared("title", fold_for_matching(title, title_as), title_as))
    if text and (text_as := read_as if language else reading_language(text, read_as)):
        fields.append(Prepared("text", fold_for_matching(text, text_as), text_as))
    return read_as, tuple(fields)


def annotate(text: str, title: str = "", language: str | None = None, lexicons: tuple[Path, ...] = ()) -> Annotated:
    """Find every lexicon term and place in `title` and `text`."""
    return annotate_prepared(*prepare(text, title, language), lexicons)


def annotate_prepared(language: str | None, fields: tuple[Prepared, ...], lexicons: tuple[Path, ...] = ()) -> Annotated:
    """Find every lexicon term and place in the title and text that `prepare` folded."""
    found: dict[Field, tuple[Sentence, ...]] = {"title": (), "text": ()}
    folded = {"title": "", "text": ""}
    for prepared in fields:
        plain = one_script(prepared.folded.original, prepared.language)
        spans = ((0, len(plain)),) if prepared.field == "title" and len(plain) < MAX_TITLE else sentences(plain)
        if spans:
            folded[prepared.field] = prepared.folded.text
            found[prepared.field] = _read_field(prepared, plain, spans, lexicons)
    return Annotated(language, (*found["title"], *found["text"]), f"{folded['title']}\n{folded['text']}")


def folded_text(fields: tuple[Prepared, ...]) -> str:
    """Return the folded title, a line break, and the folded text."""
    folded = {prepared.field: prepared.folded.text for prepared in fields}
    return f"{folded.get('title', '')}\n{folded.get('text', '')}"


def _read_field(
    prepared: Prepared, plain: str, spans: tuple[tuple[int, int], ...], lexicons: tuple[Path, ...]
) -> tuple[Sentence, ...]:
    """Return the sentences of a field if any of them contains a term or place."""
    folded, read_as = prepared.folded, prepared.language
    limits = _in_folded(folded, spans)
    lexicon = lexicon_language(read_as)
    hits = matcher_for(lexicon, lexicons).find(folded.text, limits)
    if lexicon == read_as and (more := plain_hits(folded.text, limits, lexicon, lexicons)):
        hits = sorted([*hits, *more], key=lambda hit: (hit.start, hit.end))
    return tuple(_by_sentence(prepared.field, plain, folded, spans, hits)) if hits else ()


def _by_sentence(
    field: Field, plain: str, folded: Folded, spans: tuple[tuple[int, int], ...], hits: list[Hit[Term | GazetteerPlace]]
) -> Iterator[Sentence]:
    kept = _unmasked(hits)
    grouped: dict[int, list[Hit[Term | GazetteerPlace]]] = {}
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


def _unmasked(hits: list[Hit[Term | GazetteerPlace]]) -> list[Hit[Term | GazetteerPlace]]:
    """Drop masked matches: homonyms entirely, a speaker only as agent or place of custody."""
    masks = [hit for hit in hits if isinstance(hit.key, Term) and hit.key.role == "mask"]
    if not masks:
        return hits
    starts = [mask.start for mask in masks]
    return [hit for hit in hits if not _is_masked(hit, masks, starts)]


def _is_masked(hit: Hit[Term | GazetteerPlace], masks: list[Hit[Term | GazetteerPlace]], starts: list[int]) -> bool:
    if not isinstance(hit.key, Term) or hit.key.role == "mask":
        return False
    for number in range(bisect_right(starts, hit.end - 1) - 1, -1, -1):
        mask = masks[number]
        if mask.end <= hit.start:
            if hit.start - mask.start > 400:
                break
            continue
        if hit.start < mask.start and mask.end < hit.end:
            continue  # a phrase around what is masked, such as an outlet's name
        assert isinstance(mask.key, Term)
        if mask.key.group != "speaker" or hit.key.role in _AGENT_ROLES:
            return True
    return False


def lexicon_language(read_as: str) -> str:
    """Return the lexicon for a reading language: Uzbek in Cyrillic uses the Latin one, and so on."""
    return read_as.split("-")[0]


@cache
@uncollected()
def matcher_for(language: str, lexicons: tuple[Path, ...] = ()) -> Matcher[Term | GazetteerPlace]:
    """Return the matcher for a lexicon language and the operators' own lexicon directories."""
    patterns: list[tuple[Term | GazetteerPlace, str]] = [
        (term, term.pattern) for term in terms_for(language, lexicons) if term.strength or term.role == "mask"
    ]
    patterns += [(place, pattern) for place, pattern in places_for(language)]
    return Matcher(patterns)
