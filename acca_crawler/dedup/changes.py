"""Classify what changed between two versions of a report, and find what a retelling adds to a story."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from acca_crawler.dedup.content import content_sha256
from acca_crawler.dedup.names import same_name
from acca_crawler.dedup.prisons import may_be_same_prison
from acca_crawler.items import ChangeKind, Detection, Fact, Span
from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import name_key

# Severity of an act by lexicon group: a milder act can replace a graver one.
_GRAVITY = {
    "death": 6,
    "torture": 5,
    "disappearance": 5,
    "method": 4,
    "beating": 4,
    "psychiatric": 4,
    "ill_treatment": 3,
    "forced_labour": 3,
    "detention": 2,
    "custody_status": 2,
    "pressure": 1,
}
_LEVELS = ("ignore", "digest", "alert")
_INJURY = re.compile(r"injur|bruis|brok|fractur|wound|ribs|teeth|disab", re.IGNORECASE)
_VIOLENCE = frozenset({"beating", "method", "torture"})
_COMPARED = frozenset(["person", "place", "legal_article", "stage", "outcome", "act"])
_CUSTODY_GROUPS = frozenset({"custody_place", "prison_named"})
# Words an addition may lose: inserting a clause can change the words around it.
_LOST_IN_ADDITIONS = 0.01
# Two spellings of one name: Сабитханов, Сабитхонов.
_SPELLING = 0.75
_TOKEN = re.compile(r"\w+(?:[-'’ʻʼ]\w+)*|[^\w\s]|\s+")
_SHORT_ISLAND = 3
_INITIAL = 2


@dataclass(frozen=True, slots=True)
class Edit:
    """One segment of the diff. Concatenated in order, `old` gives the old text and `new` the new one."""

    kind: Literal["equal", "delete", "insert", "replace"]
    old: str
    new: str


def word_diff(old: str, new: str) -> tuple[Edit, ...]:
    """Diff two texts by whole words; a single short word between two changes is merged into them.

    Sentences are compared first, and words only within changed sentences, to keep long articles fast.
    """
    edits: list[Edit] = []
    for before, after in _changed_blocks(_sentences(old), _sentences(new)):
        if before == after:
            _append(edits, before, after)
            continue
        for old_words, new_words in _changed_blocks(_TOKEN.findall(before), _TOKEN.findall(after)):
            _append(edits, old_words, new_words)
    return tuple(edits)


def _sentences(text: str) -> list[str]:
    """Split the text at sentence starts without losing a character."""
    starts = [start for start, _ in sentences(text)][1:]
    return [text[start:end] for start, end in pairwise([0, *starts, len(text)])]


def _changed_blocks(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield equal and changed segments of both sides in order."""
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        yield "".join(old[i1:i2]), "".join(new[j1:j2])


def _append(edits: list[Edit], old: str, new: str) -> None:
    if edits and old == new and edits[-1].kind == "equal":
        before = edits.pop()
        old, new = before.old + old, before.new + new
    if edits and old != new and edits[-1].kind == "equal" and len(edits[-1].old.strip()) <= _SHORT_ISLAND and edits[1:]:
        island = edits.pop()
        old, new = island.old + old, island.new + new
    if edits and old != new and edits[-1].kind != "equal":
        before = edits.pop()
        old, new = before.old + old, before.new + new
    kind: Literal["equal", "delete", "insert", "replace"] = (
        "equal" if old == new else "insert" if not old else "delete" if not new else "replace"
    )
    edits.append(Edit(kind, old, new))


def classify_change(
    old_title: str,
    old_text: str,
    new_title: str,
    new_text: str,
    *,
    old: Detection,
    new: Detection,
    boilerplate: Callable[[str], bool] = lambda paragraph: False,
) -> ChangeKind:
    """Classify the change between two versions; `old` and `new` are their detections.

    "none": same text; "cosmetic": same words with different typography, or changes only in paragraphs that
    `boilerplate` matches; "softening": an act, a person, a number of people or an agency was removed, or a milder
    act replaced a graver one; "addition": all old words are still there; "correction": everything else.
    """
    if content_sha256(old_title, old_text) == content_sha256(new_title, new_text):
        return "none"
    old_words = _words(old_title, _without(old_text, boilerplate))
    new_words = _words(new_title, _without(new_text, boilerplate))
    if old_words == new_words:
        return "cosmetic"
    if _softened(old, new, f"{new_title}\n{new_text}"):
        return "softening"
    return "addition" if _all_kept(old_words, new_words) else "correction"


def _without(text: str, boilerplate: Callable[[str], bool]) -> str:
    return "\n\n".join(paragraph for paragraph in text.split("\n\n") if not boilerplate(paragraph))


def _words(title: str, text: str) -> list[str]:
    """Return the words without typography: in lower case, ё as е."""
    plain = unicodedata.normalize("NFKC", f"{title}\n{text}").lower().replace("ё", "е")
    plain = re.sub("[\u00ad\u200b-\u200d\u2060\ufeff'’‘ʻʼ`´]", "", plain)
    return re.findall(r"\w+", plain)


def _all_kept(old_words: list[str], new_words: list[str]) -> bool:
    lost = (Counter(old_words) - Counter(new_words)).total()
    return len(new_words) > len(old_words) and lost <= _LOST_IN_ADDITIONS * len(old_words)


def _softened(old: Detection, new: Detection, new_text: str) -> bool:
    return (
        _LEVELS.index(new.level) < _LEVELS.index(old.level)
        or _acts_softened(_groups(old.spans), _groups(new.spans))
        or _persons_lost(old, new, new_text)
        or _people_fewer(old, new)
        or bool(_agencies(old) - _agencies(new))
    )


def _groups(spans: Iterable[Span]) -> frozenset[str]:
    """Return the lexicon groups of spans; a span's rule looks like `ru.torture: пытка`."""
    return frozenset(_group(span) for span in spans)


def _group(span: Span) -> str:
    return span.rule.partition(":")[0].rpartition(".")[2]


def _acts_softened(old: frozenset[str], new: frozenset[str]) -> bool:
    lost = max((_GRAVITY.get(group, 0) for group in old - new), default=0)
    gained = max((_GRAVITY.get(group, 0) for group in new - old), default=0)
    return lost > gained


def _persons_lost(old: Detection, new: Detection, new_text: str) -> bool:
    """Whether a person's last name, in any spelling, is missing from the new version."""
    words = frozenset(name_key(new_text).split())
    before = {_last_name(fact.value) for fact in _facts(old, "person")}
    gained = {_last_name(fact.value) for fact in _facts(new, "person")} - before
    for name in before:
        respelt = any(SequenceMatcher(None, name, other).ratio() >= _SPELLING for other in gained)
        if not respelt and not any(same_name(name, word) for word in words):
            return True
    return False


def _last_name(person: str) -> str:
    return (name_key(person).split() or [""])[-1]


def _people_fewer(old: Detection, new: Detection) -> bool:
    """Whether a number of people shrank or was removed; the same number under another noun does not count."""
    before, after = _counts(old), _counts(new)
    return any(
        value > max(after.get(who, [0])) if who in after else value not in {n for ns in after.values() for n in ns}
        for who, values in before.items()
        for value in values[:1]
    )


def _counts(detection: Detection) -> dict[str, list[int]]:
    """Return the numbers given for each kind of people, largest first."""
    counts: dict[str, list[int]] = {}
    for fact in _facts(detection, "count"):
        if fact.value.isdecimal():
            counts.setdefault(name_key(fact.detail)[:5], []).append(int(fact.value))
    return {who: sorted(values, reverse=True) for who, values in counts.items()}


def _agencies(detection: Detection) -> frozenset[str]:
    return frozenset(fact.detail or name_key(fact.value) for fact in _facts(detection, "agency"))


def _facts(detection: Detection, kind: str) -> Iterator[Fact]:
    return (fact for fact in detection.facts if fact.kind == kind)


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a report says that a later report's news is compared with, as stored with its revision.

    `kind` is that of a fact, or "development" for a stage of the case (`dedup.developments`).
    """

    kind: str
    value: str


def statements_of(detection: Detection) -> tuple[Statement, ...]:
    """Return what a report says, without duplicates: its facts, and a first act, injury, death or disappearance."""
    facts = (*detection.facts, *_events(detection))
    return tuple(dict.fromkeys(Statement(fact.kind, fact.value) for fact in facts if fact.kind in _COMPARED))


def new_in_retelling(known: Collection[Statement], new: Detection) -> tuple[Fact, ...]:
    """Return the facts in `new` that are not among the known statements; languages may differ.

    Persons, places of custody, charges (articles of the criminal code and the stage "charge"), an official's denial
    (the stage "denial"), and a first beating or torture, injury, death or disappearance as facts of kind "act" and
    "outcome" built from the spans. The sentence of the latter is the matched span.
    """
    events = {event.value: event for event in reversed(tuple(_events(new)))}
    facts = (fact for fact in new.facts if _is_news(fact, known, new))
    return (*facts, *(event for event in reversed(events.values()) if Statement(event.kind, event.value) not in known))


def _is_news(fact: Fact, known: Collection[Statement], new: Detection) -> bool:
    earlier = [other.value for other in known if other.kind == fact.kind]
    if fact.kind == "person":
        return not any(may_be_one_person(fact.value, other) for other in earlier)
    if fact.kind == "legal_article":
        return fact.value not in earlier
    if fact.kind == "stage":
        return fact.value in ("charge", "denial") and fact.value not in earlier
    if fact.kind == "place":
        custody = any(_group(span) in _CUSTODY_GROUPS and span.quote in fact.sentence for span in new.spans)
        return custody and not any(_is_same_place(fact.value, other) for other in earlier)
    return False


def may_be_one_person(one: str, other: str) -> bool:
    """Whether two names have one last name, and no given names or one of them in common: a brother is somebody else."""
    (*given, last), (*others, other_last) = (name_key(name).split() or [""] for name in (one, other))
    if not same_name(last, other_last):
        return False
    return not (given and others) or any(_may_be_one_given_name(a, b) for a in given for b in others)


def _may_be_one_given_name(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return same_name(one, other) or (len(short) <= _INITIAL and long.startswith(short))


def _is_same_place(one: str, other: str) -> bool:
    """Whether one name of a place has no other words than the other one: нарынский изолятор, изолятор Нарына."""
    return same_name(name_key(one).replace(" ", ""), name_key(other).replace(" ", "")) or may_be_same_prison(one, other)


def _events(detection: Detection) -> Iterator[Fact]:
    """Yield one fact each for deaths, disappearances, injuries and acts of torture, in the text's order."""
    for span in detection.spans:
        group = _group(span)
        if group in ("death", "disappearance"):
            yield Fact("outcome", group, span, span.quote, span.gloss)
        elif group in _VIOLENCE:
            if _INJURY.search(span.gloss):
                yield Fact("act", "injury", span, span.quote, span.gloss)
            yield Fact("act", "torture", span, span.quote, span.gloss)
