"""Roles in a sentence: who did it, to whom, and who only says so.

A sentence is cut into clauses. In each, cases, word order, agentive phrases ("by police", "тарабынан"), passive forms
and verbs of speech show the role of every official, private person and protected person beside an act. Words and
endings come from `roles.toml`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from acca_crawler.detect.annotate import Sentence, TermMatch
from acca_crawler.text.normalise import with_plain_letters

FILE = Path(__file__).with_name("roles.toml")

ROLES = frozenset(
    {
        "official_doer",
        "private_doer",
        "official_source",
        "role_object",
        "role_speaks",
        "custody_victim",
        "custody_death",
        "elite_tried",
        "private_tried",
    }
)
"""What can be said of a sentence; rules use these like lexicon groups."""

MAX_GAP = 60
"""Maximum code points between a doer and its act within a clause."""

MAX_SPEECH_GAP = 25
"""Maximum code points between a person and the verb of speech that belongs to them."""

_HARM = frozenset({"act", "deprivation", "pressure", "sentence"})
_TRIAL = frozenset({"court", "sentence", "accountability", "charge"})
_PRIVATE_CRIME = frozenset({"frame_private", "ordinary_crime"})
_RELEVANT = _HARM | {"agent", "victim", "elite", "frame", "mask", "outcome"}
_MARK = re.compile(r"[,;:()«»“”\"—–]")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled words and endings of one language."""

    is_head_first: bool
    speech: re.Pattern[str]
    private: re.Pattern[str]
    splits: re.Pattern[str]
    before: re.Pattern[str] | None
    beside: re.Pattern[str] | None
    relative: re.Pattern[str] | None
    relative_object: re.Pattern[str] | None
    after: re.Pattern[str] | None
    doer: re.Pattern[str] | None
    oblique: re.Pattern[str] | None
    passive: re.Pattern[str] | None
    active: re.Pattern[str]
    aux: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Clause:
    """Bounds in the sentence, and the terms that start in it.

    A relative clause ("who beat him", "whom they beat") also has the terms before it, of which it tells: as the subject
    or as the object.
    """

    start: int
    end: int
    terms: tuple[TermMatch, ...]
    subjects: tuple[TermMatch, ...] = ()
    objects: tuple[TermMatch, ...] = ()

    def of(self, *roles: str) -> list[TermMatch]:
        return [found for found in self.terms if found.term.role in roles]


def roles_of(sentence: Sentence) -> set[str]:
    """Return the roles (`ROLES`) that the grammar of a sentence shows."""
    relevant = [found for found in sentence.found if found.term.role in _RELEVANT or found.term.group in _TRIAL]
    if not relevant:
        return set()
    grammar = grammars().get(relevant[0].term.language)
    if grammar is None:
        return set()
    text = with_plain_letters(sentence.plain)
    if len(text) != len(sentence.plain):  # a letter whose lower case is longer: offsets would not fit
        return set()
    found: set[str] = set()
    for clause in _clauses(sentence, text, relevant, grammar):
        found |= _Reader(sentence.start, text, clause, grammar).roles()
    if "official_doer" in found:
        found -= {"private_tried", "official_source"}
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Find the roles in one clause."""

    offset: int
    text: str
    clause: _Clause
    grammar: Grammar

    def roles(self) -> set[str]:
        harms, speaks = self.clause.of(*_HARM), self._has(self.grammar.speech)
        agents, victims = self.clause.of("agent"), _protected(self.clause.terms)
        acts = [found for found in harms if found.term.role in ("act", "deprivation")]
        found = set()
        if any(self._does(agent, act) for agent in agents for act in acts) or self._do_subjects(acts):
            found.add("official_doer")
        elif not acts and ((agents and speaks) or any(f.term.group == "speaker" for f in self.clause.terms)):
            found.add("official_source")
        if acts and not agents and self._is_private(acts):
            found.add("private_doer")
        if any(self._suffers(victim, harm) for victim in victims for harm in harms) or self._suffer_before(harms):
            found.add("role_object")
        elif speaks and not harms and self._only_speak(victims):
            found.add("role_speaks")
        if self._is_in_custody() and any(act.term.role == "act" for act in acts):
            found.add("custody_victim")
        if any(f.term.group == "death" for f in self.clause.terms) and self._is_in_custody():
            found.add("custody_death")
        return found | self._trial(bool(agents))

    def _only_speak(self, victims: list[TermMatch]) -> bool:
        """Whether protected persons merely tell something; who speaks in court may be on trial there."""
        in_court = any(found.term.group == "court" for found in self.clause.terms)
        return bool(victims) and not (in_court and any(victim.term.strength > 1 for victim in victims))

    def _trial(self, has_agent: bool) -> set[str]:
        groups = {found.term.group for found in self.clause.terms}
        if not groups & _TRIAL:
            return set()
        found = {"elite_tried"} if "elite" in groups else set()
        if groups & _PRIVATE_CRIME and not has_agent and "officers_accused" not in groups:
            found.add("private_tried")
        return found

    def _is_in_custody(self) -> bool:
        agents = self.clause.of("agent")
        places = [
            place
            for place in self.clause.of("place")
            if place.term.strength > 1 and not any(place.start < a.end and a.start < place.end for a in agents)
        ]
        return bool(places) or any(f.term.group == "custody_status" for f in self.clause.terms)

    def _does(self, agent: TermMatch, act: TermMatch) -> bool:
        """Whether an official is the doer of an act: by case or agentive phrase, else as the subject before it."""
        if agent.start < act.end and act.start < agent.end:
            return False
        start, end = agent.start - self.offset, agent.end - self.offset
        return self._is_doer(start, end, act) and self._gap(agent, act) <= MAX_GAP

    def _do_subjects(self, acts: list[TermMatch]) -> bool:
        """Whether officials named before a relative clause are the doers in it."""
        return any(f.term.role == "agent" for f in self.clause.subjects) and any(self._is_active(act) for act in acts)

    def _suffer_before(self, harms: list[TermMatch]) -> bool:
        """Whether a protected person named before a relative clause suffers in it."""
        if _protected(self.clause.subjects):
            return any(not self._is_active(harm) for harm in harms)
        return bool(harms) and bool(_protected(self.clause.objects))

    def _is_doer(self, start: int, end: int, act: TermMatch) -> bool:
        grammar = self.grammar
        before, after = self.text[max(self.clause.start, start - 16) : start], self.text[end : end + 24]
        if (grammar.before and grammar.before.search(before)) or (grammar.after and grammar.after.match(after)):
            return True
        head = self._head(start, end)
        if grammar.doer and grammar.doer.fullmatch(head):
            return not (grammar.beside and grammar.beside.search(before))
        if grammar.oblique and grammar.oblique.fullmatch(head):
            return False
        return end <= act.start - self.offset and self._is_active(act)

    def _suffers(self, victim: TermMatch, harm: TermMatch) -> bool:
        """Whether a protected person is the object: of a passive form, of a noun, or in an oblique case."""
        head = self._head(victim.start - self.offset, victim.end - self.offset)
        if self.grammar.oblique and self.grammar.oblique.fullmatch(head):
            return self._gap(victim, harm) <= MAX_GAP
        if self._is_active(harm) or self._tells(victim, harm):
            return False
        return self._gap(victim, harm) <= MAX_GAP

    def _tells(self, person: TermMatch, harm: TermMatch) -> bool:
        """Whether a verb of speech beside a person precedes the harm: "a journalist reported the arrest"."""
        start, end = person.start - self.offset, person.end - self.offset
        limit = harm.start - self.offset
        for said in self.grammar.speech.finditer(self.text, self.clause.start, self.clause.end):
            beside = max(said.start() - end, start - said.end())
            if said.end() <= limit and beside <= MAX_SPEECH_GAP:
                return True
        return False

    def _is_active(self, act: TermMatch) -> bool:
        words = self._words(act)
        aux = self.grammar.aux
        if aux and aux.search(self.text, self.clause.start, self.clause.end):
            return False
        if self.grammar.passive and any(self.grammar.passive.fullmatch(word) for word in words):
            return False
        return any(self.grammar.active.fullmatch(word) for word in words)

    def _is_private(self, acts: list[TermMatch]) -> bool:
        for match in self.grammar.private.finditer(self.text, self.clause.start, self.clause.end):
            if any(self._is_doer(match.start(), match.end(), act) for act in acts):
                return True
        return False

    def _gap(self, one: TermMatch, other: TermMatch) -> int:
        return max(one.start, other.start) - min(one.end, other.end)

    def _head(self, start: int, end: int) -> str:
        words: list[str] = re.findall(r"\w+", self.text[start:end]) or [""]
        return words[0] if self.grammar.is_head_first else words[-1]

    def _words(self, found: TermMatch) -> list[str]:
        return re.findall(r"\w+", self.text[found.start - self.offset : found.end - self.offset])

    def _has(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.text, self.clause.start, self.clause.end) is not None


def _clauses(sentence: Sentence, text: str, relevant: Iterable[TermMatch], grammar: Grammar) -> list[_Clause]:
    cuts = sorted({0, *(m.end() for m in _MARK.finditer(text)), *(m.start() for m in grammar.splits.finditer(text))})
    grouped: dict[int, list[TermMatch]] = {}
    for found in (*relevant, *(f for f in sentence.found if f.term.role == "place")):
        grouped.setdefault(bisect_right(cuts, found.start - sentence.start) - 1, []).append(found)
    ends = [*cuts[1:], len(text)]
    clauses: list[_Clause] = []
    for index, terms in sorted(grouped.items()):
        start, last = cuts[index], clauses[-1] if clauses else None
        before = last.terms if last and not text[last.end : start].strip() else ()
        is_subject = bool(grammar.relative and grammar.relative.match(text, start))
        is_object = bool(grammar.relative_object and grammar.relative_object.match(text, start))
        clauses.append(
            _Clause(start, ends[index], tuple(terms), before if is_subject else (), before if is_object else ())
        )
    return clauses


def _protected(terms: Iterable[TermMatch]) -> list[TermMatch]:
    """Return journalists, activists, believers and their like: teachers and doctors are protected only from labour."""
    return [found for found in terms if found.term.role == "victim" and found.term.group != "public_worker"]


@cache
def grammars() -> dict[str, Grammar]:
    """Compile `roles.toml`, by language."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        language: Grammar(
            is_head_first=table["head"] == "first",
            speech=_words(table["speech"]),
            private=_words(table["private"]),
            splits=_words(table["splits"]),
            before=_optional(table["before"], r"(?<!\w)(?:{})(?:\W+\w+)?\W*$"),
            beside=_optional(table["beside"], r"(?<!\w)(?:{})(?:\W+\w+)?\W*$"),
            relative=_optional(table["relative"], r"\W*(?:{})(?!\w)"),
            relative_object=_optional(table["relative_object"], r"\W*(?:{})(?!\w)"),
            after=_optional(table["after"], r"(?:\W+\w+)?\W+(?:{})(?!\w)"),
            doer=re.compile(rf"\w+{table['doer']}") if table["doer"] else None,
            oblique=re.compile(rf"\w+{table['oblique']}") if table["oblique"] else None,
            passive=re.compile(table["passive"]) if table["passive"] else None,
            active=re.compile(table["active"]),
            aux=_optional(table["aux"], r"(?<!\w)(?:{})(?!\w)"),
        )
        for language, table in data.items()
    }


def _words(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def _optional(patterns: list[str], form: str) -> re.Pattern[str] | None:
    return re.compile(form.format("|".join(patterns))) if patterns else None
