"""Tell apart people whom reports do not name, by what they call them; the words are in `people.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Set
from pathlib import Path

from acca_crawler.text.transliterate import name_key

_STEM = 5
_LISTED: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
_GROUPS = [
    {name_key(word)[:_STEM]: number for number, line in enumerate(lines) for word in line.split()}
    for lines in _LISTED.values()
]


def are_other_people(here: Set[str], other: Set[str], there: Set[str], another: Set[str]) -> bool:
    """Whether two sentences call somebody what excludes each other: a driver and a cook, a woman and a man.

    `here` and `there` are the folded stems of the sentences, `other` and `another` those of the report that each is
    compared with: what this one says anywhere excludes nothing.
    """
    for groups in _GROUPS:
        mine, yours = ({groups[stem] for stem in groups.keys() & stems} for stems in (here, there))
        if mine and yours:
            said, said_by_other = ({groups[stem] for stem in groups.keys() & stems} for stems in (another, other))
            if mine - said_by_other and yours - said:
                return True
    return False
