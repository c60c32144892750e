"""Decide how two candidate reports from the index are related, with reasons.

Similarity alone cannot distinguish a rewritten report from another one with the same template ("three detained
in ..."): what decides is whether their names, places and numbers contradict each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from acca_crawler.dedup.address import canonical_address
from acca_crawler.dedup.document import Document
from acca_crawler.dedup.pair_features import Evidence, Overlap, days_between, evidence_of, overlap_of
from acca_crawler.dedup.places import OUR_COUNTRIES
from acca_crawler.dedup.profile import Profile
from acca_crawler.dedup.weights import Fitted, Weights, read_weights

RelationKind = Literal["same", "copy", "excerpt", "rewrite", "translation", "same event", "follow-up", "mentions"]

# Shares of words found in the other text, tuned on the tuning split of `benchmarks/dedup.py`.
_COPY_OF_SHORTER = 0.9
_COPY_OF_LONGER = 0.6
_EXCERPT_OF_SHORTER = 0.75
_REWRITE_OF_SHORTER = 0.6
_REWRITE_OF_LONGER = 0.4
_MIN_EVIDENCE = 8
"""Minimum number of words in aligned sentences."""
_CONTRADICTIONS_BORNE = 0.25
"""Tolerated share of contradicting sentences among those that state facts on both sides: a slip, a correction."""
_MIN_PROBABILITY = 0.3
"""Below this probability aligned sentences are a stock phrase."""
_LEAST_OF_COPY = 0.6
"""Likeness of the shorter text that every copy has; the least of 21 copies on the streams has 0.86."""
_TELLING = 0.35
"""Likeness of rare words from which a rewrite needs no more: 15 of 15 rewrites below it were of one pattern."""
_SCANT = 0.4
"""`scant_of_outlet` above which an outlet's two texts have only its pattern in common, however much of them that is."""
MAX_DAYS = 3
"""Days within which one event is reported; beyond them only near-verbatim copies of long texts, and news of the
same persons, join (21 of 32 joins by aligned sentences beyond them were wrong, 2 of 33 within)."""
_MAX_DAYS_OF_TRANSLATION = 4
_MIN_SHARED_WORDS, _NAMELESS, _SURELY = 2, 0.8, 0.9
"""Rare shared words and probability required of a translation without a name or place in common, and the probability
from which one word is enough: notices that differ only in an unknown place share none and reach 0.97."""
_MIN_WORDS_OF_FAR_COPY = 25
_MAX_DAYS_OF_CASE = 60
"""Days after which a report about the same persons is a different case."""
_MIN_LIKENESS_OF_CASE = 0.2
_TEMPLATE = 0.8
"""Aligned share of the shorter text from which a contradiction means a different report with the same template."""
_MIN_LIKENESS = 0.2
"""Similarity required of two reports without a rare person in common: a place and a topic are not enough."""
_MAX_DAYS_OF_RETELLING = 1
_OTHER_PERSON_OF_NOTICE = 0.2
"""The same of two texts after one pattern."""
_OTHER_PERSON = 0.25
"""`other_names` from which each report names a rare person missing from the other; with nobody in common, two cases."""
_MIN_PERSONS_OF_RETELLING = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of evidence ("aligned", "names", "places", "figures", "words", "days", "hreflang") and the items found."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Relation:
    """`similarity` (0 to 1): share of the shorter text found in the longer, otherwise the probability of one event."""

    kind: RelationKind
    similarity: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A profile with the metadata used in the decision. `published` is an ISO 8601 date or time."""

    profile: Profile
    outlet: str = ""
    published: str | None = None
    url: str = ""
    alternates: tuple[tuple[str, str], ...] = ()


def report_of(document: Document) -> Report:
    """Prepare a document for comparison."""
    return Report(document.profile, document.outlet, document.published, document.url, document.alternates)


def relation(a: Document, b: Document) -> Relation | None:
    """Relate two documents (symmetric); None if they are about different events."""
    return decide(report_of(a), report_of(b))


def decide(
    a: Report, b: Report, holders: Mapping[str, int] | None = None, weights: Fitted | None = None
) -> Relation | None:
    """Relate two reports; `holders` as in `evidence_of`, `weights` override the bundled ones."""
    if a.profile.body_hash and a.profile.body_hash == b.profile.body_hash:
        return Relation("same" if a.profile.title_hash == b.profile.title_hash else "copy", 1.0)
    days = days_between(a.published, b.published)
    across = a.profile.language != b.profile.language
    if across and (_linked(a, b) or _linked(b, a)):
        return Relation("translation", 1.0, (Reason("hreflang", ""),))
    if days is not None and days > _MAX_DAYS_OF_CASE and across:
        return None
    overlap = overlap_of(a.profile, b.profile, holders)
    same_outlet = bool(a.outlet) and a.outlet == b.outlet
    within, between, _ = weights or read_weights()
    fitted = between if across else within
    in_favour = overlap.in_favour(days, same_outlet)
    if _is_hopeless(overlap, days, in_favour, fitted):
        return None
    evidence = evidence_of(overlap, in_favour, days)
    if across:
        return _translation(evidence, between) or _follow_up_across(evidence, between.probability(evidence))
    return within_a_language(a.profile, b.profile, evidence, within)


def _is_hopeless(overlap: Overlap, days: int | None, in_favour: Mapping[str, float], fitted: Weights) -> bool:
    """Whether no comparison of sentences, other names, places and numbers can relate the two.

    Sentences in common make them one event only above a probability, or a copy if they are nearly all of the text.
    """
    compared = overlap.compares_sentences
    best = fitted.probability_of({**in_favour, "aligned": 1.0} if compared else in_favour)
    if compared and (best >= _MIN_PROBABILITY or overlap.likeness_short >= _LEAST_OF_COPY):
        return False
    if not compared and best >= fitted.threshold:
        return False
    if days is None or _MAX_DAYS_OF_RETELLING < days <= MAX_DAYS:
        return True
    if days > MAX_DAYS:
        return not any(len(person) > 1 for person in overlap.rare)
    return best < _MIN_PROBABILITY or len(overlap.rare) < _MIN_PERSONS_OF_RETELLING


def _linked(a: Report, b: Report) -> bool:
    """Whether `a` links to `b`'s URL as its version in another language."""
    return bool(b.url and a.alternates) and canonical_address(b.url) in {
        canonical_address(url) for _, url in a.alternates
    }


def _translation(evidence: Evidence, weights: Weights) -> Relation | None:
    if evidence.days is not None and evidence.days > _MAX_DAYS_OF_TRANSLATION:
        return None
    probability = weights.probability(evidence)
    # Numbers alone do not make a translation. A rare word shared across languages may be a sentence-initial name.
    if not evidence.names and not evidence.places:
        needed = _NAMELESS if len(evidence.words) >= _MIN_SHARED_WORDS else _SURELY
        enough = bool(evidence.words) and probability >= needed
    else:
        enough = probability >= weights.threshold
    if not enough or _elsewhere(evidence):
        return None
    return Relation("translation", round(probability, 3), _reasons(evidence))


def _elsewhere(evidence: Evidence) -> bool:
    """Whether both name places but share none."""
    return evidence["other_places"] >= 0.5 and not evidence.places


def within_a_language(a: Profile, b: Profile, evidence: Evidence, weights: Weights) -> Relation | None:
    """Relate two reports in one language by evidence that is known; `decide` gathers no more than can matter."""
    probability = weights.probability(evidence)
    # An outlet's report of the next day may use the same template: weather, rates, court notices.
    series = bool(evidence["same_outlet"]) and bool(evidence.days)
    contradicted = evidence.contradicted.total > (0 if series else _CONTRADICTIONS_BORNE)
    another_day = bool(evidence["same_outlet"] and evidence["other_dates"]) and not evidence.rare_names
    # A notice that names another person is another notice, however much of the pattern the two share.
    another_person = evidence["other_names"] >= _OTHER_PERSON_OF_NOTICE and not evidence.rare_names
    kind = None if contradicted or another_day or another_person else _kind(evidence, min(a.words, b.words))
    if evidence.days is not None and evidence.days > MAX_DAYS:
        # An outlet publishes a text again as it is; an excerpt of its own is the next announcement of a series.
        verbatim = kind == "copy" or (kind == "excerpt" and not evidence["same_outlet"])
        verbatim = verbatim and evidence.aligned[0] >= _COPY_OF_SHORTER
        other_numbers = a.numbers != b.numbers if evidence["same_outlet"] else bool(evidence["other_figures"])
        differs = bool(evidence.contradicted.total) or other_numbers
        if not verbatim or differs or min(a.words, b.words) < _MIN_WORDS_OF_FAR_COPY:
            return _follow_up(evidence, probability)
    elif kind is not None and probability < _needed(kind, evidence, weights.threshold):
        kind = None  # What the two share is the pattern of an outlet's notices, not what they tell.
    if kind is None and not another_day and _is_one_event(evidence, probability, weights.threshold, contradicted):
        kind = "same event"
    if kind is None:
        return None
    if a.is_roundup != b.is_roundup and kind != "copy":
        kind = "mentions"
    elif a.is_roundup and kind != "copy":
        return None
    similarity = probability if kind == "same event" else evidence.aligned[0]
    return Relation(kind, round(similarity, 3), _reasons(evidence))


def _needed(kind: RelationKind, evidence: Evidence, threshold: float) -> float:
    """Return the probability required of two reports that have much text in common.

    An outlet seldom rewrites a report of its own: it writes the next one after the same pattern.
    """
    rewritten = kind == "rewrite" and (evidence["same_outlet"] or evidence["rare_words"] < _TELLING)
    if rewritten or evidence["scant_of_outlet"] > _SCANT:
        return threshold
    return 0.0 if kind == "copy" else _MIN_PROBABILITY


def _kind(evidence: Evidence, words: int) -> RelationKind | None:
    in_shorter, in_longer = evidence.aligned
    if in_shorter * words < _MIN_EVIDENCE:
        return None
    if in_shorter >= _COPY_OF_SHORTER and in_longer >= _COPY_OF_LONGER:
        return "copy"
    if in_shorter >= _EXCERPT_OF_SHORTER and in_longer < _COPY_OF_LONGER:
        return "excerpt"
    if in_shorter >= _REWRITE_OF_SHORTER and in_longer >= _REWRITE_OF_LONGER:
        return "rewrite"
    return None


def _is_one_event(evidence: Evidence, probability: float, threshold: float, contradicted: bool) -> bool:
    if evidence.days is None or evidence.days > MAX_DAYS:
        return False
    if (contradicted and evidence.aligned[0] >= _TEMPLATE) or evidence.contradicted.titles > _CONTRADICTIONS_BORNE:
        return False
    if evidence["likeness"] < _MIN_LIKENESS and not evidence.rare_names:
        return False
    if evidence["other_names"] >= _OTHER_PERSON and not evidence.rare_names:
        return False
    return probability >= threshold or (probability >= _MIN_PROBABILITY and _is_retold(evidence))


def _is_retold(evidence: Evidence) -> bool:
    """Whether both name two rare persons and a place or a distinctive figure, at most a day apart."""
    return (
        evidence.days is not None
        and evidence.days <= _MAX_DAYS_OF_RETELLING
        and len(evidence.rare_names) >= _MIN_PERSONS_OF_RETELLING
        and bool(evidence.figures or any(len(place) > 2 or place in OUR_COUNTRIES for place in evidence.places))
        and not _elsewhere(evidence)
        and not evidence["other_names"]
    )


def _follow_up(evidence: Evidence, probability: float) -> Relation | None:
    """Detect news of the same case: a rare person by full name, and shared words.

    The caller must know whether the person is a party to a case and not an official.
    """
    if evidence.days is None or evidence.days > _MAX_DAYS_OF_CASE or evidence["likeness"] < _MIN_LIKENESS_OF_CASE:
        return None
    if not any(" " in name for name in evidence.rare_names) or evidence["other_names"] or _elsewhere(evidence):
        return None
    return Relation("follow-up", round(probability, 3), _reasons(evidence))


def _follow_up_across(evidence: Evidence, probability: float) -> Relation | None:
    """Detect news of the same case in another language: a rare person by full name, and another one or a place."""
    if evidence.days is None or not MAX_DAYS < evidence.days <= _MAX_DAYS_OF_CASE:
        return None
    if _elsewhere(evidence) or evidence["other_names"]:
        return None
    in_full = any(" " in name for name in evidence.rare_names)
    if not in_full or not (len(evidence.rare_names) > 1 or any(len(place) > 2 for place in evidence.places)):
        return None
    return Relation("follow-up", round(probability, 3), _reasons(evidence))


def _reasons(evidence: Evidence) -> tuple[Reason, ...]:
    """List what the two reports have in common, strongest first."""
    found = (
        ("aligned", f"{evidence.aligned[0]:.0%}" if evidence.aligned[0] else ""),
        ("names", ", ".join(evidence.names[:MAX_NAMED])),
        ("places", ", ".join(evidence.places[:MAX_NAMED])),
        ("figures", ", ".join(evidence.figures[:MAX_NAMED])),
        ("words", ", ".join(evidence.words[:MAX_NAMED])),
        ("days", "" if evidence.days is None else str(evidence.days)),
    )
    return tuple(Reason(kind, value) for kind, value in found if value)


MAX_NAMED = 5
"""Maximum number of items given as reasons, for each of names, places, figures and words."""
