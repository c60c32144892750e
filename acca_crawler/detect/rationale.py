"""The deciding words, strongest first: what an analyst reads first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from acca_crawler.detect.annotate import Annotated, Sentence, TermMatch
from acca_crawler.detect.article import FEATURES
from acca_crawler.detect.lexicon import Term
from acca_crawler.detect.model import Model, Scorer
from acca_crawler.detect.rules import RuleBook, indexes_of
from acca_crawler.detect.windows import Window
from acca_crawler.items import Level, Span

MAX_REASONS = 6
VOICES = ("voice", "voice_digest")
"""The features computed from the n-grams' voice."""

MAX_SPANS = 40
"""More than a reader ever looks at; a forty-page report would otherwise have hundreds."""

MAX_STRENGTH = 3
CIRCUMSTANCES = frozenset({"agent", "place"})
"""Who and where: less important than what was done and to whom, so they count half."""

AGAINST_ROLES = frozenset({"frame", "denial", "mask"})
_SILENT_ROLES = AGAINST_ROLES | {"document", "topic"}


class _Word(NamedTuple):
    """A matched term with its contribution to the decision; `near` if it is in the deciding window or the title."""

    sentence: Sentence
    found: TermMatch
    near: bool
    weight: float


def reasons_of(
    annotated: Annotated, model: Model, level: Level, best: Window, features: Mapping[str, float]
) -> tuple[str, ...]:
    """Return the main reasons for and against the level, strongest first, in log odds.

    A rule counts by its part in the best window's score, by its own weight and by the branches of the forest that it
    decides; the n-grams' voice is shown with the words that raised it most.
    """
    judge, scorer = model.judge(level), model.scorer(level)
    passage = judge.features["digest" if level == "digest" else "best"]
    moved = (judge.forest * model.forest.contributions(model.values(features, best.matched))).tolist()
    weighed = [
        (passage * scorer.weights[rule.id] + judge.rules[rule.id] + moved[len(FEATURES) + index], rule.why)
        for index, rule in zip(indexes_of(best.matched), model.book.named(best.matched), strict=True)
    ]
    heard_of = {name: judge.features[name] * features[name] + moved[i] for i, name in enumerate(FEATURES)}
    weighed += [(heard_of[name], why) for name, why in FEATURES.items() if why and name not in VOICES]
    voice = sum(heard_of[name] for name in VOICES)
    telling = model.voice.telling_words(annotated.folded, digest=level == "digest") if level != "ignore" else []
    words = ", ".join(word for word, _ in telling)
    heard = f"{FEATURES['voice']}: {words}" if voice > 0 and words else FEATURES["voice"]
    weighed.append((voice, heard))
    ranked = sorted(weighed, key=lambda pair: -abs(pair[0]))
    return tuple(f"{weight:+.1f} {why}" for weight, why in ranked[:MAX_REASONS] if abs(weight) >= 0.05)


def deciding_spans(windows: Sequence[Window], best: Window, book: RuleBook, scorer: Scorer) -> tuple[Span, ...]:
    """Return the terms that support the level, ordered by contribution, at most `MAX_SPANS`.

    A rule's weight in the deciding window is divided among its conditions; stronger terms get a larger share. Words of
    the deciding window and the title precede those of other windows that support the level. Overlapping and repeated
    words come at the end after the first one, or are dropped if they add nothing.
    """
    sentences = distinct_sentences((best, *windows))
    inside = {(s.field, s.start) for s in best.sentences}
    weigh = _scale(_shares(best, book, scorer), book)
    words = [
        _Word(sentence, found, sentence.field == "title" or (sentence.field, sentence.start) in inside, weight)
        for sentence in sentences
        for found, weight in _weighed(sentence, weigh)
    ]
    words.sort(key=lambda w: (not w.near, -w.weight, w.found.start - w.found.end, w.found.start))
    return tuple(_span(word.sentence, word.found) for word in _ordered(words)[:MAX_SPANS])


def opposing_spans(windows: Iterable[Window]) -> tuple[Span, ...]:
    """Return the terms in the windows that weaken the level, in text order."""
    return tuple(
        _span(sentence, found)
        for sentence in distinct_sentences(windows)
        for found in sentence.found
        if found.term.role in AGAINST_ROLES
    )


def distinct_sentences(windows: Iterable[Window]) -> list[Sentence]:
    """Return the distinct sentences of all windows, title first."""
    sentences = {(s.field, s.start): s for window in windows for s in window.sentences}
    return sorted(sentences.values(), key=lambda s: (s.field != "title", s.start))


def _shares(window: Window, book: RuleBook, scorer: Scorer) -> list[tuple[int, float]]:
    """Return the conditions matched in the window, each with its share of its rule's weight."""
    weighed = ((rule, scorer.weights.get(rule.id, 0.0)) for rule in book.named(window.matched))
    return [(need, weight / len(rule.all_of)) for rule, weight in weighed if weight > 0 for need in rule.all_of]


def _weighed(sentence: Sentence, weigh: Callable[[Term], float]) -> Iterator[tuple[TermMatch, float]]:
    """Yield the terms of a sentence that support a level; a term that contains others gets their weight too."""
    alone = [(f, weigh(f.term)) for f in sentence.found if f.term.role not in _SILENT_ROLES]
    for found, weight in alone:
        yield found, weight + sum(w for f, w in alone if _holds(found, f))


def _holds(outer: TermMatch, inner: TermMatch) -> bool:
    wider = outer.end - outer.start > inner.end - inner.start
    return wider and outer.start <= inner.start and inner.end <= outer.end and outer.term.group != inner.term.group


def _scale(shares: Sequence[tuple[int, float]], book: RuleBook) -> Callable[[Term], float]:
    """Return a function for a term's contribution, from the shares of the conditions it meets."""

    @cache
    def by_features(features: int) -> float:
        return sum(share for need, share in shares if need & features)

    def weigh(term: Term) -> float:
        factor = 0.5 if term.role in CIRCUMSTANCES else 1.0
        return factor * by_features(book.features_of_term(term)) * term.strength / MAX_STRENGTH

    return weigh


def _ordered(words: Iterable[_Word]) -> list[_Word]:
    """Order words: first every distinct word, then those overlapping one of them, then repetitions."""
    first: list[_Word] = []
    upon: list[_Word] = []
    again: list[_Word] = []
    placed: dict[tuple[str, int], list[_Word]] = {}
    said: dict[str, str] = {}
    for word in words:
        if len(first) == MAX_SPANS:
            break
        beside = placed.setdefault((word.sentence.field, word.sentence.start), [])
        beneath = [other.found.term.group for other in beside if _overlap(word, other)]
        group = word.found.term.group
        if group in beneath:
            continue
        beside.append(word)
        quote = _quote(word.sentence, word.found).casefold()
        if quote in said.get(group, ""):
            again.append(word)
            continue
        said[group] = f"{said.get(group, '')}\n{quote}"
        (upon if beneath else first).append(word)
    return [*first, *upon, *again]


def _overlap(one: _Word, other: _Word) -> bool:
    return one.found.start < other.found.end and other.found.start < one.found.end


def _quote(sentence: Sentence, found: TermMatch) -> str:
    return sentence.quote[found.start - sentence.start : found.end - sentence.start]


def _span(sentence: Sentence, found: TermMatch) -> Span:
    return Span(
        sentence.field,
        found.start,
        found.end,
        _quote(sentence, found),
        found.term.name,
        found.term.gloss,
    )
