"""Literal prefixes (stems) of a lexicon pattern: strings that every match must start with.

A pattern is split at its top-level alternations; for each branch, every match starts with one of its stems.
Only the syntax allowed by the lexicon contract is supported; anything else ends a stem. Stems are collapsed like the
text they are searched in: a run of non-word characters is one space, a run of digits one zero, so that a stem may
extend over several words.
"""

from __future__ import annotations

import re
from itertools import product

from acca_crawler.exceptions import PatternError

MAX_STEM_LENGTH = 14
MAX_STEMS = 80
_PLAIN = re.compile(r"[^\\\[\](){}?*+|.^$]+(?=\\w)")
_LITERALS = re.compile(r"[^\\\[\](){}?*+|.^$]+")
_STRUCTURE = re.compile(r"\\.|\[[^\]]+\]|[()|]")
_DIGITS = re.compile("[0-9]+")
_SPACES = re.compile(r"[^\w]+")
_CLASS_OF_NON_WORDS = re.compile(r"(?:\\[Ws]|[^\w\\^])+")
_QUANTIFIERS = re.compile(r"(?:[?*+]|\{[^}]*\})?[?+]?")
_LOOKAROUNDS = ("(?!", "(?=", "(?<")


def branches_of(pattern: str) -> list[str]:
    """Return the top-level alternatives of `pattern`. Raises `PatternError` if its brackets do not close."""
    if "|" not in pattern and "(" not in pattern:
        return [pattern]
    branches, depth, start = [], 0, 0
    for mark in _STRUCTURE.finditer(pattern):
        sign = mark.group()
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif sign == "|" and depth == 0:
            branches.append(pattern[start : mark.start()])
            start = mark.end()
    if depth:
        raise PatternError(f"brackets do not close in {pattern!r}")
    branches.append(pattern[start:])
    return branches


def collapsed(text: str) -> str:
    """Return `text` with every run of non-word characters as one space and every run of ASCII digits as one zero."""
    return _DIGITS.sub("0", _SPACES.sub(" ", text))


def stems_of(branch: str) -> frozenset[str]:
    """Return strings such that every match of `branch`, collapsed, starts with one; includes "" if none is literal.

    A trailing space in a stem marks the end of the word.
    """
    plain = _PLAIN.match(branch)
    if plain and branch[plain.end() + 2 : plain.end() + 3] in ("*", "+", ""):
        return frozenset((collapsed(plain.group()),))
    found = {collapsed(prefix + " " * is_open) for prefix, is_open in _expand(branch)}
    return frozenset(_shortest_only(found))


def later_stems_of(branch: str) -> frozenset[str]:
    """Return strings one of which, collapsed, begins a later word of every match of `branch`; empty if none is known.

    Of the places at which every match begins another word, it is the one whose shortest string is longest.
    """
    found = (stems_of(branch[at:]) for at in _later_words(branch))
    best = max(found, key=_letters_of_shortest, default=frozenset())
    return best if _letters_of_shortest(best) else frozenset()


def _letters_of_shortest(stems: frozenset[str]) -> int:
    return min((len(stem.strip()) for stem in stems), default=0)


def _later_words(branch: str) -> list[int]:
    """Return the places in `branch` that every match reaches behind a character that is not part of a word."""
    places: list[int] = []
    at, is_behind = 0, False
    while at < len(branch):
        end = _atom_end(branch, at)
        atom = branch[at:end]
        quantifier = _QUANTIFIERS.match(branch, end)
        assert quantifier
        at = quantifier.end()
        if atom in ("\\b", "\\B") or atom.startswith(_LOOKAROUNDS):
            continue
        is_optional = quantifier.group().startswith(("?", "*", "{0", "{,"))
        is_behind = (is_behind or not is_optional) if _ends_words(atom) else False
        if is_behind:
            places.append(at)
    return places


def _ends_words(atom: str) -> bool:
    """Whether all that an atom matches ends with a character that is not part of a word."""
    if atom[0] == "(":
        inside = atom[1:-1].removeprefix("?:")
        return all(_later_words(branch)[-1:] == [len(branch)] for branch in branches_of(inside))
    if atom[0] == "[":
        return _CLASS_OF_NON_WORDS.fullmatch(atom[1:-1]) is not None
    return atom in ("\\W", "\\s")


def _atom_end(branch: str, at: int) -> int:
    if branch[at] == "(":
        return _group_end(branch, at) + 1
    if branch[at] == "[":
        return _class_end(branch, at) + 1
    return at + 1 + (branch[at] == "\\")


def _shortest_only(prefixes: set[str]) -> list[str]:
    """Drop stems that have another stem as a prefix."""
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return kept


def _expand(pattern: str) -> list[tuple[str, bool]]:
    """Return prefixes of the matches of `pattern`, each with whether the pattern is exhausted (so more may follow)."""
    results = []
    for branch in branches_of(pattern):
        results.extend(_expand_sequence(branch))
    return results


def _expand_sequence(branch: str) -> list[tuple[str, bool]]:
    beginnings: list[tuple[str, bool]] = [("", True)]
    at = 0
    while at < len(branch) and any(is_open and len(text) < MAX_STEM_LENGTH for text, is_open in beginnings):
        literals = _LITERALS.match(branch, at)
        if literals and literals.end() - at > 1:
            end = literals.end() - (literals.end() < len(branch) and branch[literals.end()] in "?*+{")
            choices, at = [(branch[at:end], True)], end
        else:
            choices, at = _atom(branch, at)
            choices, at = _quantified(branch, at, choices)
        joined: list[tuple[str, bool]] = [(text, False) for text, is_open in beginnings if not is_open]
        still_open = [text for text, is_open in beginnings if is_open]
        if len(joined) + len(still_open) * len(choices) > MAX_STEMS:
            return [(text, False) for text, _ in beginnings]
        joined += [(head + tail, is_open) for head, (tail, is_open) in product(still_open, choices)]
        beginnings = joined
    spent = at >= len(branch)
    return [
        (text[:MAX_STEM_LENGTH], is_open and spent and len(text) <= MAX_STEM_LENGTH) for text, is_open in beginnings
    ]


def _atom(branch: str, at: int) -> tuple[list[tuple[str, bool]], int]:
    letter = branch[at]
    if letter == "(":
        end = _group_end(branch, at)
        inside = branch[at + 1 : end]
        if inside.startswith(("?!", "?=", "?<")):
            return [("", True)], end + 1
        return _expand(inside.removeprefix("?:")), end + 1
    if letter == "[":
        end = _class_end(branch, at)
        members = branch[at + 1 : end]
        if _CLASS_OF_NON_WORDS.fullmatch(members):
            return [(" ", True)], end + 1
        if members.startswith("^") or "\\" in members or len(members) > 12:
            return [("", False)], end + 1
        return [(member, True) for member in members], end + 1
    if letter == "\\":
        escaped = branch[at + 1]
        if escaped == "d":
            return [("0", True)], at + 2
        if escaped in "Ws":
            return [(" ", True)], at + 2
        if escaped in "wDSbB":
            return [("", escaped == "b")], at + 2
        return [(escaped, True)], at + 2
    if letter in ".^$":
        return [("", False)], at + 1
    return [(letter, True)], at + 1


def _quantified(branch: str, at: int, choices: list[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], int]:
    if at >= len(branch) or branch[at] not in "?*+{":
        return choices, at
    quantifier = branch[at]
    end = branch.index("}", at) + 1 if quantifier == "{" else at + 1
    bounds = branch[at:end]
    if end < len(branch) and branch[end] == "?":
        end += 1
    once = [(text, is_open and text in (" ", "0")) for text, is_open in choices]  # a collapsed run is one character
    if quantifier == "?":
        return [*choices, ("", True)], end
    if quantifier == "+" or (quantifier == "{" and not bounds.startswith(("{0", "{,"))):
        return once, end
    return [("", False)] if ("", False) in once else [*once, ("", True)], end


def _group_end(pattern: str, at: int) -> int:
    depth = 0
    for mark in _STRUCTURE.finditer(pattern, at):
        if mark.group() == "(":
            depth += 1
        elif mark.group() == ")":
            depth -= 1
            if depth == 0:
                return mark.start()
    raise PatternError(f"brackets do not close in {pattern!r}")


def _class_end(pattern: str, at: int) -> int:
    end = pattern.find("]", at + 2)
    if end < 0:
        raise PatternError(f"brackets do not close in {pattern!r}")
    return end
