"""Combination rules over sentence windows: which of the rules in `rules.toml` hold where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from acca_crawler.detect.lexicon import LexiconError, Term
from acca_crawler.detect.reading import Sentence

RULES = Path(__file__).with_name("rules.toml")
MOST_REMEMBERED = 100_000
SCOPES = ("window", "sentence", "title", "opening")
TOPICS = {
    "about_crime": ("frame_private", "ordinary_crime"),
    "about_caught": ("caught",),
    "about_policy": ("frame_policy", "policy_event", "statistics"),
    "about_release": ("frame_release",),
    "about_statistics": ("statistics",),
    "about_law": ("legal_text",),
    "about_soviet": ("soviet",),
    "about_opinion": ("opinion",),
}

_AGED = re.compile(r"\b\d{2}-?\s?(?:летн|year|yosh|ёш|жаш|жаст|сола|ýaş)|\b(?:aged|в возрасте)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|двое|трое|четверо|пятеро|шестеро|двух|трех|трёх)"
    r"[\s-]+(?!год|лет|year|июн|июл|янв|фев|мар|апр|мая|авг|сен|окт|ноя|дек|%|процент|млн|тыс|yil|жыл|йил|сол\b|ýyl)\w{3}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: every entry of `needs` must share a flag with the place it is tried on, none of `bars` may.

    `against` speaks against an alert; with `digest` it speaks for the digest at the same time. The priors are what
    fitting holds its weight to, for the alert and for the digest.
    """

    id: str
    scope: str
    needs: tuple[int, ...]
    bars: int
    against: bool
    digest: bool
    prior: float
    digest_prior: float
    category: str
    why: str


@dataclass(frozen=True)
class RuleBook:
    """All rules with the flags they speak of: a flag is a bit, a flagged sentence an integer."""

    rules: tuple[Rule, ...]
    flags: dict[str, int]
    core: int

    @cached_property
    def bits(self) -> dict[str, int]:
        """The bit of each rule, by its id."""
        return {rule.id: 1 << index for index, rule in enumerate(self.rules)}

    @cached_property
    def _term_flags(self) -> dict[int, tuple[Term, int]]:
        return {}

    def flags_of_term(self, term: Term) -> int:
        """The flags a found term sets: its group, and its group at each strength up to its own."""
        known = self._term_flags.get(id(term))
        if known is None:
            known = self._term_flags[id(term)] = (term, self._computed_flags(term))
        return known[1]

    def _computed_flags(self, term: Term) -> int:
        names = [term.group, *(f"{term.group}:{strength}" for strength in range(1, term.strength + 1))]
        return sum(self.flags.get(name, 0) for name in names)

    @cached_property
    def categories(self) -> dict[str, int]:
        """The bits of the rules behind each category; a rule on the title alone only supports another."""
        bits: dict[str, int] = {}
        for rule in self.rules:
            if rule.category and not rule.against and rule.scope != "title":
                bits[rule.category] = bits.get(rule.category, 0) | self.bits[rule.id]
        return bits

    def topics(self, opening: int) -> int:
        """The flags that say what an article is about, from the flags of its title and opening."""
        about = 0
        for topic, groups in TOPICS.items():
            if any(opening & self.flags.get(group, 0) for group in groups):
                about |= self.flags.get(topic, 0)
        return about

    @cached_property
    def _by_scope(self) -> dict[str, list[tuple[int, tuple[int, ...], int]]]:
        bits = {scope: [] for scope in SCOPES}  # type: dict[str, list[tuple[int, tuple[int, ...], int]]]
        for index, rule in enumerate(self.rules):
            bits[rule.scope].append((1 << index, rule.needs, rule.bars))
        return bits

    @cached_property
    def _memo(self) -> dict[tuple[str, int], int]:
        return {}

    def holding(self, scope: str, flags: int) -> int:
        """The bits of the rules of `scope` that hold where `flags` are set."""
        known = self._memo.get((scope, flags))
        if known is not None:
            return known
        held = 0
        for bit, needs, bars in self._by_scope[scope]:
            if flags & bars:
                continue
            for need in needs:
                if not flags & need:
                    break
            else:
                held |= bit
        if len(self._memo) >= MOST_REMEMBERED:
            self._memo.clear()
        self._memo[(scope, flags)] = held
        return held

    def named(self, held: int) -> list[Rule]:
        """The rules behind the bits `held`."""
        return [rule for index, rule in enumerate(self.rules) if held >> index & 1]


def read_rules(path: Path = RULES) -> RuleBook:
    """The rule book; raises LexiconError where a rule breaks the contract of the file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sets: dict[str, list[str]] = data["sets"]
    flags: dict[str, int] = {}
    rules = tuple(_rule(table, sets, flags) for table in data["rule"])
    if len({rule.id for rule in rules}) < len(rules):
        raise LexiconError(f"{path.name}: two rules share an id")
    return RuleBook(rules, flags, _mask("core", sets, flags))


def _rule(table: dict[str, Any], sets: dict[str, list[str]], flags: dict[str, int]) -> Rule:
    if table.get("in") not in SCOPES:
        raise LexiconError(f"rule {table.get('id')}: `in` must be one of {', '.join(SCOPES)}")
    needs = tuple(_mask(entry, sets, flags) for entry in table["all"])
    bars = 0
    for entry in table.get("none", ()):
        bars |= _mask(entry, sets, flags)
    prior = table.get("prior", -0.5 if table.get("against") else 0.5)
    return Rule(
        id=table["id"],
        scope=table["in"],
        needs=needs,
        bars=bars,
        against=table.get("against", False),
        digest=table.get("digest", False),
        prior=prior,
        digest_prior=table.get("digest_prior", 0.5 if table.get("digest") else prior),
        category=table.get("category", ""),
        why=table["why"],
    )


def _mask(entry: str, sets: dict[str, list[str]], flags: dict[str, int]) -> int:
    mask = 0
    for name in _members(entry.split("|"), sets):
        mask |= flags.setdefault(name, 1 << len(flags))
    return mask


def _members(names: Iterable[str], sets: dict[str, list[str]]) -> list[str]:
    members: list[str] = []
    for name in names:
        members += _members(sets[name], sets) if name in sets else [name]
    return members


def marks_of(sentence: Sentence) -> list[str]:
    """What a sentence shows besides lexicon terms: a count, an age."""
    marks = []
    if _COUNTED.search(sentence.plain):
        marks.append("counted")
    if _AGED.search(sentence.plain):
        marks.append("aged")
    return marks
