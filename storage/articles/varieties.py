"""Which stored languages a filter's language means: a language is written in more than one script."""

from __future__ import annotations

import json

_LATIN = frozenset({"en", "tk", "uz"})
"""Languages whose code alone is stored for texts in Latin letters; the others' for texts in Cyrillic ones."""


def varieties_of(language: str) -> tuple[str, ...]:
    """Return the codes that are stored for a language (`uz`: in any script) or a variety (`uz-Latn`: in this one)."""
    base, _, script = language.partition("-")
    if not script:
        return base, f"{base}-Cyrl", f"{base}-Latn"
    return (language, base) if script == ("Latn" if base in _LATIN else "Cyrl") else (language,)


IN_VARIETIES = "IN (SELECT value FROM json_each(?))"
"""The condition on a column with a stored language; its value is `varieties(language)`."""


def varieties(language: str) -> str:
    """Return `varieties_of` as SQL takes it: a JSON list."""
    return json.dumps(varieties_of(language))
