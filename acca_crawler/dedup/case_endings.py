"""The case endings that leave a name the same name, from `case_endings.toml`."""

from __future__ import annotations

from acca_crawler.text.word_lists import read_word_lists

CASE_ENDINGS = frozenset(
    ending for listed in read_word_lists(__file__, "case_endings.toml").values() for ending in listed["endings"]
)
"""Folded endings (`text.transliterate.name_key`) of all languages; most texts name people of several."""
