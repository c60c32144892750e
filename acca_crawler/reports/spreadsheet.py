"""Making a cell harmless for whoever opens a CSV file in a spreadsheet."""

from __future__ import annotations

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(value: object) -> object:
    """`value`, a text that a spreadsheet would run as a formula with an apostrophe before it.

    After OWASP, "CSV Injection": full-width signs count too, for some spreadsheets read them as the plain ones.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_BEGINS_A_FORMULA) else value
