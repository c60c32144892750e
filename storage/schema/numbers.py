"""Numbers of articles, runs, stories and cases as people type them."""

from __future__ import annotations

MAX_DIGITS = 15
"""Longer numbers are nobody's, and SQLite's integers end at 19 digits."""


def typed_number(text: str | None) -> int | None:
    """Return the number that a person typed (`12`, `#12`); None if it can't be one of the archive."""
    typed = (text or "").strip().removeprefix("#")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MAX_DIGITS else None
