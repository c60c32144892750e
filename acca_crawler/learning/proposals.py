"""Proposes masks and weaker terms from decided alerts, and measures them on decisions that were held out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from acca_crawler.detect.detector import Detector
from acca_crawler.detect.lexicon import Term, terms_for
from acca_crawler.text.normalise import fold_for_matching
from storage.review.labelled_alerts import Outcome

HELD_OUT = 3
"""One story in three, by number, is held out: nothing is proposed from it."""
MIN_FALSE_ALARMS = 3
"""False alarms with a phrase, and none confirmed, from which on it is proposed as a mask."""
MIN_DECIDED = 6
"""Decided alerts with a term from which on a weaker strength is proposed for it."""
MAX_PRECISION = 0.25
"""Share of confirmed alerts up to which a term is proposed to be weaker."""
MAX_MASKS = 20
HARMFUL = frozenset({"act", "deprivation", "outcome", "pressure", "charge", "sentence", "accountability"})
"""Roles of terms whose other meanings a mask may take out; never those of state agents, victims or places."""
_SENTENCE_END = re.compile(r"[.!?…\n]")
_WORD = re.compile(r"[^\W\d_]+(?:[-ʻ'’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class TermProposal:
    """A term for the operator's own lexicon, and how many of the decided alerts behind it were confirmed.

    A mask takes a phrase out of the text before anything is matched; a weaker term replaces ours of the same name.
    """

    kind: Literal["mask", "weaker"]
    term: Term
    right: int
    decided: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What proposals change among decided alerts: false alarms that fall silent, and confirmed ones that would."""

    decided: int
    false_alarms: int
    silenced: tuple[Outcome, ...]
    lost: tuple[Outcome, ...]


def divided(found: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Divide decided alerts into those to learn from and those held out, the same way every time."""
    learnt: list[Outcome] = []
    held: list[Outcome] = []
    for one in found:
        (held if one.story_id % HELD_OUT == 0 else learnt).append(one)
    return learnt, held


def proposals(learnt: Sequence[Outcome], detector: Detector) -> list[TermProposal]:
    """Return what the decisions suggest: masks first, those that would have silenced the most first."""
    return [*_masks(learnt, detector)[:MAX_MASKS], *_weaker(learnt)]


def effect(held: Sequence[Outcome], ours: Detector, theirs: Detector) -> Effect:
    """Return what other lexicons (`theirs`) change among decided alerts."""
    silenced: list[Outcome] = []
    lost: list[Outcome] = []
    for one in held:
        before = ours.detect(one.text, title=one.title, language=one.language or None).level
        after = theirs.detect(one.text, title=one.title, language=one.language or None).level
        if before == "alert" != after:
            (lost if one.is_right else silenced).append(one)
    return Effect(len(held), sum(not one.is_right for one in held), tuple(silenced), tuple(lost))


def _masks(learnt: Sequence[Outcome], detector: Detector) -> list[TermProposal]:
    """Return phrases of two or three words around a matched word that only false alarms have."""
    phrases: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in learnt:
        if not one.is_right:
            for phrase in _phrases_of(one, detector):
                phrases[_base(one.language), phrase].add(one.story_id)
    confirmed: dict[str, str] = defaultdict(str)
    for one in learnt:
        if one.is_right:
            confirmed[_base(one.language)] += f" {_words(one)} "
    found = [
        TermProposal("mask", _mask(language, phrase), 0, len(stories))
        for (language, phrase), stories in phrases.items()
        if len(stories) >= MIN_FALSE_ALARMS and f" {phrase} " not in confirmed[language]
    ]
    found.sort(key=lambda one: (-one.decided, len(one.term.lemma), one.term.lemma))
    kept: list[TermProposal] = []
    for proposal in found:  # a longer phrase adds nothing to a shorter one that it contains
        if not any(f" {other.term.lemma} " in f" {proposal.term.lemma} " for other in kept):
            kept.append(proposal)
    return kept


def _phrases_of(one: Outcome, detector: Detector) -> set[str]:
    detection = detector.detect(one.text, title=one.title, language=one.language or None)
    found: set[str] = set()
    harmful = {term.name for term in terms_for(_base(one.language)) if term.role in HARMFUL}
    for span in detection.spans:
        if span.rule not in harmful:
            continue
        source = one.title if span.field == "title" else one.text
        folded = fold_for_matching(source, one.language or None)
        words = [
            (folded.offset(match.start()), folded.offset(match.end()), match[0].lower())
            for match in _WORD.finditer(folded.text)
        ]
        inside = [at for at, (start, end, _) in enumerate(words) if start < span.end and span.start < end]
        if not inside or inside[-1] - inside[0] > 1:
            continue
        for first in range(max(0, inside[0] - 1), inside[0] + 1):
            for last in range(inside[-1], min(len(words) - 1, inside[-1] + 1) + 1):
                between = source[words[first][0] : words[last][1]]
                if 1 <= last - first <= 2 and not _SENTENCE_END.search(between):
                    found.add(" ".join(word for _, _, word in words[first : last + 1]))
    return found


def _base(language: str) -> str:
    """Return the code of the lexicon of a language."""
    return language.split("-")[0]


def _words(one: Outcome) -> str:
    whole = fold_for_matching(f"{one.title}\n{one.text}", one.language or None).text
    return " ".join(match[0].lower() for match in _WORD.finditer(whole))


def _mask(language: str, phrase: str) -> Term:
    pattern = r"\W+".join(re.escape(word) for word in phrase.split())
    return Term(language, "mask", "mask", 0, phrase, pattern, "learnt from false alarms")


def _weaker(learnt: Sequence[Outcome]) -> list[TermProposal]:
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in learnt:
        for rule in one.rules:
            counted[rule][0] += one.is_right
            counted[rule][1] += 1
    found = []
    for rule, (right, decided) in sorted(counted.items()):
        named = [term for term in terms_for(rule.partition(".")[0]) if term.name == rule] if "." in rule else []
        if decided >= MIN_DECIDED and right / decided <= MAX_PRECISION and len(named) == 1 and named[0].strength > 1:
            found.append(TermProposal("weaker", replace(named[0], strength=named[0].strength - 1), right, decided))
    return found
