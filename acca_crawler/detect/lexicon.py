"""Load lexicon files and the gazetteer from TOML: terms with role, strength and pattern.

`acca lexicon check` validates a file against the contract; a pattern matches whole words,
`(?<!\\w)(?:RE)(?!\\w)`, in text folded by `acca_crawler.text.normalise`.
"""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from acca_crawler.exceptions import LexiconError
from acca_crawler.items import LANGUAGES

BUILT_IN = Path(__file__).with_name("lexicons")
CERTAINTIES = ("high", "medium", "low")
ROLES = (
    "accountability", "act", "agent", "allegation", "case", "charge", "condition", "denial", "deprivation", "document",
    "elite", "frame", "institution", "mask", "outcome", "place", "pressure", "process", "relative", "sentence", "topic",
    "transfer", "victim",
)  # fmt: skip
"""Possible roles of a group of terms."""
_GROUP_KEYS = {"ok": "must_match", "no": "must_not_match"}
_TERM_KEYS = {"re": "pattern", "s": "strength"}
"""Keys of earlier releases, with their present names."""
_LATIN = ("en", "uz", "tk")
_NATIONAL = {"KZ": "kk", "KG": "ky", "TJ": "tg", "UZ": "uz", "TM": "tk"}


@dataclass(frozen=True, slots=True)
class Term:
    """One pattern of one language. `role` is what it denotes, `strength` (0 to 3) how strong the evidence is."""

    language: str
    group: str
    role: str
    strength: int
    lemma: str
    pattern: str
    gloss: str = ""

    @property
    def name(self) -> str:
        """Name of the term in reasons and spans: `ru.torture: пытка`."""
        return f"{self.language}.{self.group}: {self.lemma}"


@dataclass(frozen=True, slots=True)
class Group:
    """One table of a lexicon file, with its test examples."""

    name: str
    role: str
    certainty: str
    terms: tuple[Term, ...]
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()
    note: str = ""


def read_lexicon(path: Path) -> tuple[Group, ...]:
    """Read the groups of one lexicon file; raises LexiconError if the file violates the contract.

    Warns (FutureWarning) if the file still uses the short keys of earlier releases.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise LexiconError(f"{path.name}: {error}") from error
    except RecursionError as error:
        raise LexiconError(f"{path.name}: brackets are nested too deeply") from error
    if data.get("kind") != "lexicon" or data.get("lang") not in LANGUAGES:
        raise LexiconError(f'{path.name}: needs kind = "lexicon" and lang = one of {", ".join(LANGUAGES)}')
    tables = {name: table for name, table in data.items() if isinstance(table, dict)}
    old_keys = [_rename_keys(table) for table in tables.values()]
    if any(old_keys):
        renamed = ", ".join(f"{old} -> {new}" for old, new in (_GROUP_KEYS | _TERM_KEYS).items())
        warnings.warn(f"{path.name} uses old keys; rename {renamed}", FutureWarning, stacklevel=2)
    return tuple(_group(path.name, data["lang"], name, table) for name, table in tables.items())


def _rename_keys(table: dict[str, Any]) -> bool:
    """Give the old short keys of a table and its terms their new names; return whether there were any."""
    terms = [term for term in table.get("terms", ()) if isinstance(term, dict)]
    found = False
    for keys, entries in ((_GROUP_KEYS, [table]), (_TERM_KEYS, terms)):
        for entry in entries:
            for old in keys.keys() & entry.keys():
                entry.setdefault(keys[old], entry.pop(old))
                found = True
    return found


def _term(language: str, group: str, role: str, entry: dict[str, Any]) -> Term:
    """Return a term. Raises `KeyError` or `TypeError` for the key that is missing or of another type."""
    lemma, pattern, gloss = entry["lemma"], entry["pattern"], entry.get("gloss", "")
    for key, value in (("lemma", lemma), ("pattern", pattern), ("gloss", gloss)):
        if not isinstance(value, str):
            raise TypeError(f"{key!r}: {value!r} is not text")
    if type(entry["strength"]) is not int:
        raise TypeError(f"'strength': {entry['strength']!r} is not a whole number")
    return Term(language, group, role, entry["strength"], lemma, pattern, gloss)


def _group(file: str, language: str, name: str, table: dict[str, Any]) -> Group:
    try:
        terms = tuple(_term(language, name, table["role"], entry) for entry in table["terms"])
        certainty = table["certainty"]
    except (KeyError, TypeError, ValueError) as error:
        raise LexiconError(f"{file}: [{name}] misses or misstates {error}") from error
    if table["role"] not in ROLES:
        raise LexiconError(f"{file}: [{name}] role must be one of {', '.join(ROLES)}")
    if certainty not in CERTAINTIES:
        raise LexiconError(f"{file}: [{name}] certainty must be one of {', '.join(CERTAINTIES)}")
    if any(not 0 <= term.strength <= 3 for term in terms):
        raise LexiconError(f"{file}: [{name}] strength must be 0 to 3")
    examples = {key: table.get(key, []) for key in ("must_match", "must_not_match")}
    for key, texts in examples.items():
        if not (isinstance(texts, list) and all(isinstance(text, str) for text in texts)):
            raise LexiconError(f"{file}: [{name}] {key} must be a list of texts")
    return Group(
        name,
        table["role"],
        certainty,
        terms,
        tuple(examples["must_match"]),
        tuple(examples["must_not_match"]),
        table.get("note", ""),
    )


@cache
def group_names() -> frozenset[str]:
    """Return the names of all groups in our lexicons, read only from the files' table headings."""
    heading = re.compile(r"^\[(\w+)\]", re.MULTILINE)
    return frozenset(
        name for path in lexicon_files(BUILT_IN) for name in heading.findall(path.read_text(encoding="utf-8"))
    )


def lexicon_files(directory: Path) -> list[Path]:
    """List the lexicon files of a directory in a fixed order, without the gazetteer and other tables."""
    return sorted(path for path in directory.glob("*.toml") if path.stem.split("-")[0] in LANGUAGES)


@cache
def terms_for(language: str, directories: tuple[Path, ...] = ()) -> tuple[Term, ...]:
    """Return all terms of a language: ours, then those in the operators' own `directories`.

    An operator's term replaces ours of the same name.
    """
    own = _terms_in(directories, language)
    replaced = {term.name for term in own}
    return (*(term for term in _terms_in((BUILT_IN,), language) if term.name not in replaced), *own)


def _terms_in(directories: Iterable[Path], language: str) -> tuple[Term, ...]:
    return tuple(
        term
        for directory in directories
        for path in lexicon_files(directory)
        if path.stem.split("-")[0] == language
        for group in read_lexicon(path)
        for term in group.terms
    )


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """A gazetteer entry: `level` is country, admin1, town, institution (only indicates the country) or veto (a
    foreign place)."""

    country: str
    level: str
    id: str
    ambiguous: bool = False


def places_for(language: str) -> Iterator[tuple[GazetteerPlace, str]]:
    """Yield every place with the whole-word pattern of one of its names, in the spellings `language` uses."""
    for entry, level in _entries():
        place = GazetteerPlace(entry.get("c") or entry.get("iso") or "XX", level, entry["id"], entry.get("amb", False))
        yield from ((place, _whole_word(stem)) for stem in _spellings(entry, place, language))


def _spellings(entry: dict[str, Any], place: GazetteerPlace, language: str) -> Iterable[str]:
    own = entry.get("other", {}).get(language, [])
    if language in ("ru", "en"):
        return [*entry.get(language, []), *own]
    if _NATIONAL.get(place.country) == language:
        return [*entry.get("nat", []), *own]
    borrowed = entry.get("en" if language in _LATIN else "ru", [])
    return own if own else [*borrowed]


@cache
def _entries() -> tuple[tuple[dict[str, Any], str], ...]:
    data = tomllib.loads((BUILT_IN / "gazetteer.toml").read_text(encoding="utf-8"))
    countries = (({"id": entry["iso"].lower(), **entry}, "country") for entry in data["country"])
    places = ((entry, entry["lvl"]) for entry in data["place"])
    vetoes = (({"c": "--", **entry}, "veto") for entry in data["veto"])
    return (*countries, *places, *vetoes)


def _whole_word(stem: str) -> str:
    return stem[:-1] if stem.endswith("$") else stem + r"\w*"
