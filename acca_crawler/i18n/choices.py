"""Parses typed coded values: a code, or its name in any of our languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from acca_crawler.exceptions import UnknownChoice
from acca_crawler.i18n.catalogue import INTERFACE_LANGUAGES, language


def code_of(names: Mapping[str, str], typed: str) -> str:
    """Return the code for a typed code or name, ignoring case; `?` and an empty string are returned unchanged.

    `names` is a table of `i18n.labels`: codes with their English names. Raises `UnknownChoice`, with the closest
    choice if one is similar.
    """
    if typed in ("", "?"):
        return typed
    spellings = _spellings(names)
    code = spellings.get(typed.strip().casefold())
    if code is not None:
        return code
    codes = [code for code in names if code]
    raise UnknownChoice(f"{typed!r} is unknown{_suggestion(spellings, typed)}; choose from {', '.join(codes)}")


def known_name(names: Iterable[str], typed: str) -> str:
    """Return the typed name in its canonical case. Raises `UnknownChoice`, with the closest name if one is similar."""
    known = {name.casefold(): name for name in names}
    found = known.get(typed.strip().casefold())
    if found is None:
        raise UnknownChoice(f"{typed!r} is unknown{_suggestion(known, typed)}")
    return found


def _spellings(names: Mapping[str, str]) -> dict[str, str]:
    spoken = {
        language(code).text(name).casefold(): of for code in INTERFACE_LANGUAGES for of, name in names.items() if of
    }
    return spoken | {code.casefold(): code for code in names if code}


def _suggestion(spellings: Mapping[str, str], typed: str) -> str:
    near = get_close_matches(typed.strip().casefold(), spellings, n=1, cutoff=0.6)
    return f" (did you mean {spellings[near[0]]}?)" if near else ""
