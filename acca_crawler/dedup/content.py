"""Hash that identifies identical texts."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

# Invisible characters: a text reads the same with and without them.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"


def content_sha256(title: str, text: str) -> str:
    """SHA-256 (64 hex digits) of title and body in NFC, without invisible characters, whitespace collapsed.

    Letters, case, quotes and dashes count: a text that differs in them is a new revision.
    """
    return hashlib.sha256(f"{_folded(title)}\n{_folded(text)}".encode()).hexdigest()


@lru_cache(maxsize=4)  # the same text with and without its title
def _folded(text: str) -> str:
    for character in _INVISIBLE:
        text = text.replace(character, "")
    return " ".join(unicodedata.normalize("NFC", text).split())
