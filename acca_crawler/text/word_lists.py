"""Word lists of several languages in TOML files, with the examples that the tests read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WordLists = Mapping[str, Mapping[str, Any]]
"""Groups of lines by language; each line is a regular expression."""


def read_word_lists(module: str, name: str) -> WordLists:
    """Read a TOML file beside a module (its `__file__`)."""
    return tomllib.loads(Path(module).with_name(name).read_text(encoding="utf-8"))


def any_of(lists: WordLists, group: str) -> str:
    """Return a pattern for any line of a group, in any of its languages; not in parentheses."""
    return "|".join(dict.fromkeys(line for listed in lists.values() for line in listed.get(group, ())))
