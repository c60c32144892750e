"""Combination rules from `rules.toml`, matched on sentence windows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from acca_crawler.detect.annotate import Sentence, without_invisible
from acca_crawler.detect.lexicon import Term, group_names
from acca_crawler.detect.roles import ROLES, roles_of
from acca_crawler.exceptions import LexiconError
from acca_crawler.items import CATEGORIES

RULES = Path(__file__).with_name("rules.toml")
MARK_WORDS = Path(__file__).with_name("marks.toml")
MAX_REMEMBERED = 100_000
KEYS = {"id", "in", "all", "none", "against", "digest", "prior", "digest_prior", "category", "why"}
MARKS = {"counted", "aged"} | ROLES
STRENGTHS = ("1", "2", "3")
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


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: every entry of `all_of` must share a feature with the scope it is applied to, none of `none_of` may.

    `against` weakens an alert; with `digest` it supports the digest at the same time. Fitting regularises the weights
    towards the priors, for the alert and for the digest.
    """

    id: str
    scope: str
    all_of: tuple[int, ...]
    none_of: int
    against: bool
    digest: bool
    prior: float
    digest_prior: float
    category: str
    why: str


@dataclass(frozen=True)
class RuleBook:
    """All rules with the features they use: a feature is a bit, a sentence's features are an integer."""

    rules: tuple[Rule, ...]
    features: dict[str, int]
    core: int

    @cached_property
    def bits(self) -> dict[str, int]:
        """Bit of each rule, by id."""
        return {rule.id: 1 << index for index, rule in enumerate(self.rules)}

    @cached_property
    def _term_features(self) -> dict[int, tuple[Term, int]]:
        return {}

    def features_of_term(self, term: Term) -> int:
        """Return the features a matched term sets: its group, and its group at each strength up to its own."""
        known = self._term_features.get(id(term))
        if known is None:
            known = self._term_features[id(term)] = (term, self._computed_features(term))
        return known[1]

    def is_used(self, term: Term) -> bool:
        """Whether a rule depends on this term."""
        return bool(self.features_of_term(term))

    def _computed_features(self, term: Term) -> int:
        names = [term.group, *(f"{term.group}:{strength}" for strength in range(1, term.strength + 1))]
        return sum(self.features.get(name, 0) for name in names)

    @cached_property
    def categories(self) -> dict[str, int]:
        """Bits of the rules of each category; a title-only rule merely supports another."""
        bits: dict[str, int] = {}
        for rule in self.rules:
            if rule.category and not rule.against and rule.scope != "title":
                bits[rule.category] = bits.get(rule.category, 0) | self.bits[rule.id]
        return bits

    def topics(self, opening: int) -> int:
        """Return the topic features of an article from the features of its title and opening."""
        about = 0
        for topic, groups in TOPICS.items():
            if any(opening & self.features.get(group, 0) for group in groups):
                about |= self.features.get(topic, 0)
        return about

    @cached_property
    def _by_scope(self) -> dict[str, list[tuple[int, tuple[int, ...], int]]]:
        bits = {scope: [] for scope in SCOPES}  # type: dict[str, list[tuple[int, tuple[int, ...], int]]]
        for index, rule in enumerate(self.rules):
            bits[rule.scope].append((1 << index, rule.all_of, rule.none_of))
        return bits

    @cached_property
    def _memo(self) -> dict[tuple[str, int], int]:
        return {}

    def matching(self, scope: str, features: int) -> int:
        """Return the bits of the rules of `scope` that match if `features` are set."""
        known = self._memo.get((scope, features))
        if known is not None:
            return known
        matched = 0
        for bit, all_of, none_of in self._by_scope[scope]:
            if features & none_of:
                continue
            for need in all_of:
                if not features & need:
                    break
            else:
                matched |= bit
        if len(self._memo) >= MAX_REMEMBERED:
            self._memo.clear()
        self._memo[(scope, features)] = matched
        return matched

    def names_of(self, features: int) -> tuple[str, ...]:
        """Return the names of the features set in `features`."""
        known = self._names.get(features)
        if known is None:
            if len(self._names) >= MAX_REMEMBERED:
                self._names.clear()
            known = self._names[features] = tuple(name for name, bit in self.features.items() if features & bit)
        return known

    @cached_property
    def _names(self) -> dict[int, tuple[str, ...]]:
        return {}

    def named(self, matched: int) -> list[Rule]:
        """Return the rules for the bits `matched`."""
        return [self.rules[index] for index in indexes_of(matched)]


def indexes_of(bits: int) -> Iterator[int]:
    """Yield the index of each bit that is set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def read_rules(path: Path = RULES) -> RuleBook:
    """Read the rule book; raises LexiconError if a rule violates the file's contract."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sets: dict[str, list[str]] = data["sets"]
    for name, members in sets.items():
        _require_known(f"set {name}", members, sets)
    features: dict[str, int] = {}
    rules = tuple(_rule(table, sets, features) for table in data["rule"])
    if len({rule.id for rule in rules}) < len(rules):
        raise LexiconError(f"{path.name}: two rules share an id")
    return RuleBook(rules, features, _mask("core", sets, features))


def _rule(table: dict[str, Any], sets: dict[str, list[str]], features: dict[str, int]) -> Rule:
    where = f"rule {table.get('id')}"
    if odd := set(table) - KEYS:
        raise LexiconError(f"{where}: unknown key {', '.join(sorted(odd))}")
    if missing := {"id", "in", "all", "why"} - set(table):
        raise LexiconError(f"{where}: needs {', '.join(sorted(missing))}")
    if table["in"] not in SCOPES:
        raise LexiconError(f"{where}: `in` must be one of {', '.join(SCOPES)}")
    if table.get("category", CATEGORIES[0]) not in CATEGORIES:
        raise LexiconError(f"{where}: category must be one of {', '.join(CATEGORIES)}")
    for entry in (*table["all"], *table.get("none", ())):
        _require_known(where, entry.split("|"), sets)
    all_of = tuple(_mask(entry, sets, features) for entry in table["all"])
    none_of = 0
    for entry in table.get("none", ()):
        none_of |= _mask(entry, sets, features)
    prior = table.get("prior", -0.5 if table.get("against") else 0.5)
    return Rule(
        id=table["id"],
        scope=table["in"],
        all_of=all_of,
        none_of=none_of,
        against=table.get("against", False),
        digest=table.get("digest", False),
        prior=prior,
        digest_prior=table.get("digest_prior", 0.5 if table.get("digest") else prior),
        category=table.get("category", ""),
        why=table["why"],
    )


def _require_known(where: str, names: Iterable[str], sets: Container[str]) -> None:
    """Raise LexiconError for a name that is not a lexicon group, set, mark or topic: its rule would never match."""
    for name in names:
        group, colon, strength = name.partition(":")
        known = group in group_names() if colon else name in sets or group in group_names() | MARKS | set(TOPICS)
        if not known or (colon and strength not in STRENGTHS):
            raise LexiconError(f"{where}: {name!r} is not a group, set, mark or topic")


def _mask(entry: str, sets: dict[str, list[str]], features: dict[str, int]) -> int:
    mask = 0
    for name in _members(entry.split("|"), sets):
        mask |= features.setdefault(name, 1 << len(features))
    return mask


def _members(names: Iterable[str], sets: dict[str, list[str]]) -> list[str]:
    members: list[str] = []
    for name in names:
        members += _members(sets[name], sets) if name in sets else [name]
    return members


def marks_of(sentence: Sentence) -> list[str]:
    """Return a sentence's marks besides lexicon terms: a count, an age, who did what to whom."""
    sentence = without_invisible(sentence)
    marks = sorted(roles_of(sentence))
    return marks + [mark for mark, pattern in _mark_patterns().items() if pattern.search(sentence.plain)]


@cache
def _mark_patterns() -> dict[str, re.Pattern[str]]:
    """Compile `marks.toml`: a count of people or things, an age."""
    lists: dict[str, list[str]] = tomllib.loads(MARK_WORDS.read_text(encoding="utf-8"))
    words = {key: "|".join(values) for key, values in lists.items()}
    # Most words begin with none of these letters, and of ninety alternatives each would be tried at every word.
    by_letter = groupby(sorted(lists["counted"]), key=itemgetter(0))
    counts = "|".join(f"{letter}(?:{'|'.join(word[1:] for word in group)})" for letter, group in by_letter)
    letters = "".join({word[0] for word in lists["counted"]})
    counted = rf"\b(?=[\d{letters}])(?:\d{{1,4}}|{counts})[\s-]+(?!{words['measures']})\w{{3}}"
    aged = rf"\b\d{{2}}-?\s?(?:{words['aged']})|\b(?:{words['aged_phrases']})\b"
    return {"counted": re.compile(counted, re.IGNORECASE), "aged": re.compile(aged, re.IGNORECASE)}
