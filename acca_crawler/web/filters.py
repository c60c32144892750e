"""Parses coded values in a URL's query: accepts names and codes; unknown values are reported, never silently empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from acca_crawler.clock import is_day, parse_stamp, stamp
from acca_crawler.exceptions import UnknownChoice
from acca_crawler.i18n.choices import code_of
from acca_crawler.i18n.labels import CATEGORIES, COUNTRIES, LEVELS, SPOKEN, STATUSES

TABLES: dict[str, Mapping[str, str]] = {
    "country": COUNTRIES, "category": CATEGORIES, "language": SPOKEN, "level": LEVELS, "status": STATUSES,
}  # fmt: skip


def is_moment(text: str) -> bool:
    """Return whether a text is a UTC time such as 2026-11-22T06:30:00Z."""
    try:
        return stamp(parse_stamp(text)) == text
    except (ValueError, OverflowError):
        return False


def coded(name: str, typed: str) -> str:
    """Return a filter's value: a code, a day, or, for other filters, the text itself; empty if the value is unknown."""
    if name == "after":
        return typed if is_moment(typed) else ""
    if name in ("since", "until"):
        return typed if is_day(typed) else ""
    try:
        return code_of(TABLES[name], typed) if name in TABLES else typed
    except UnknownChoice:
        return ""


def unknown_values(arguments: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the filters of a query with unknown values, each with its value; the search ignores them."""
    given = [(name, str(arguments.get(name) or "")[:80]) for name in (*TABLES, "since", "until")]
    return tuple((name, typed) for name, typed in given if typed and not coded(name, typed))
