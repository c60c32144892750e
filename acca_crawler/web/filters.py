"""Reading the coded values in an address' query: names and codes are understood, the rest is named, never "nothing"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from acca_crawler.exceptions import UnknownChoice
from acca_crawler.i18n.choices import code_of
from acca_crawler.i18n.labels import CATEGORIES, COUNTRIES, LEVELS, SPOKEN, STATUSES

TABLES: dict[str, Mapping[str, str]] = {
    "country": COUNTRIES, "category": CATEGORIES, "language": SPOKEN, "level": LEVELS, "status": STATUSES,
}  # fmt: skip


def is_day(text: str) -> bool:
    """Whether a text is a day such as 2026-11-22."""
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def coded(name: str, typed: str) -> str:
    """The value of a filter: a code, a day, or the text itself where it is neither; empty for one that is unknown."""
    if name in ("since", "until"):
        return typed if is_day(typed) else ""
    try:
        return code_of(TABLES[name], typed) if name in TABLES else typed
    except UnknownChoice:
        return ""


def unknown_values(arguments: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The filters of a query whose values are unknown, each with the value; they are left out of the search."""
    given = [(name, str(arguments.get(name) or "")[:80]) for name in (*TABLES, "since", "until")]
    return tuple((name, typed) for name, typed in given if typed and not coded(name, typed))
