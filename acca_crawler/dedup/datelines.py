"""Recognise news agencies' names and the datelines in which they name themselves; the names are in `agencies.toml`.

"ТАШКЕНТ, 3 мар — Sputnik." begins everything that an agency publishes: the place is that of its office, the day that of
the publication, and two reports with the same line have nothing in common.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from acca_crawler.text.transliterate import name_key

_LISTED = tomllib.loads(Path(__file__).with_name("agencies.toml").read_text(encoding="utf-8"))
AGENCIES = frozenset(name_key(name) for name in _LISTED["names"])
"""Agencies' names that are no person's, as folded words."""

_CAPITALISED = r"[^\W\d_a-zа-яё][^\W\d_]{1,20}"
_PLACE = rf"{_CAPITALISED}(?:[ -]{_CAPITALISED}){{0,2}}(?:, ?{_CAPITALISED})?"
_DAY = r"\d{1,2}[ .-][^\n/(—–]{1,20}"
_AGENCY = rf"(?i:{'|'.join([*_LISTED['names'], *_LISTED['in_datelines']])})(?!\w)(?:[.-]?[^\W\d_]{{2,12}})?"
_AUTHOR = rf"{_CAPITALISED}(?: {_CAPITALISED})?"
_DASH = r" {1,2}[—–-](?= )"
_BETWEEN = rf"(?:(?<=[.,]) {{0,2}}|{_DASH} {{1,2}}| {{0,2}}(?=[/(]))"
_DATELINE = re.compile(
    rf"[\W_]{{0,3}}(?:{_PLACE}[.,]? {{0,2}}(?:{_DAY})?{_BETWEEN})?"
    rf"(?:[/(](?:[^\W\d_]{{2,12}} )?[«\"]?{_AGENCY}[»\"]?[/)][.,:]?(?:{_DASH})?"
    rf"|{_AGENCY}(?:, {_AUTHOR})?(?:[.:]|{_DASH}))\s+"
)


def end_of_dateline(text: str) -> int:
    """Return where the news begins after an agency's dateline, 0 without one."""
    found = _DATELINE.match(text)
    return found.end() if found else 0
