"""The hash that says whether two texts are the same text."""

from __future__ import annotations

import hashlib
import unicodedata

# Characters without a shape: a text with and without them reads the same.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def content_sha256(title: str, text: str) -> str:
    """SHA-256 (64 hex digits) of title and body in NFC, invisible characters dropped, whitespace folded.

    Letters, case, quotes and dashes count: a text that differs in them is another revision, not the same text.
    """
    return hashlib.sha256(f"{_folded(title)}\n{_folded(text)}".encode()).hexdigest()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())
