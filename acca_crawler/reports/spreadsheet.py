"""Protects CSV files against formula injection in spreadsheets."""

from __future__ import annotations

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(value: object) -> object:
    """Return `value`, with a leading apostrophe if it is text that a spreadsheet would run as a formula.

    Follows OWASP, "CSV Injection": full-width signs count too, because some spreadsheets treat them as plain ones.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value
