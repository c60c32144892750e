"""Sets of words written as one string, so that a table of forty names reads as four lines."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The blank-separated words of a text."""
    return frozenset(text.split())
