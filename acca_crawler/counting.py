"""Numbers with their nouns in English messages."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, e.g. `1 report`, `2,000 reports`; `many` is the plural unless it ends in -s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
