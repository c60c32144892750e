"""Remove characters that archives, XML trees and terminals can't represent, once, on input."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np

UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Characters forbidden by XML 1.0 (section 2.2), including lone surrogates, and DEL."""

_UNFIT_BYTES = bytes((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_NONCHARACTERS = ("\ufffe".encode(), "\uffff".encode())

_PIECE = 1 << 15  # bytes that are compared at once: what is made for them stays in the processor's cache

_HIGH, _LOW, _HEX = r"\\u[dD][89abAB]", r"\\u[dD][c-fC-F]", "[0-9a-fA-F]{2}"
_UNFIT_ESCAPE = re.compile(
    rf"(?<!\\)(?:{_HIGH}{_HEX}(?!{_LOW})|(?<!{_HIGH}{_HEX}){_LOW}{_HEX}|\\u00(?:0[0-8bBcCeEfF]|1{_HEX[:-3]}|7[fF]))"
)
_DOUBTFUL_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|00[017])")
MAX_DIGITS = 1000
"""Digits of a JSON number from which only its order of magnitude is read."""

_BARE_AMPERSAND = re.compile(r"&(?!#?\w{1,32};)")
_BARE_LESS = re.compile(r"<(?![A-Za-z_/!?])")
_CDATA = re.compile(r"(<!\[CDATA\[(?:[^\]]|\](?!\]>))*+\]\]>)")


def _integer(digits: str) -> int | float:
    """Read a number that may have more digits than Python reads as an integer: one odd field is not worth the rest."""
    return int(digits) if len(digits) < MAX_DIGITS else float(digits)


_DECODER = json.JSONDecoder(strict=False, parse_int=_integer)


def scrub(text: str) -> str:
    """Remove characters that can't be stored; tabs and line breaks stay."""
    return UNFIT.sub("", text) if UNFIT.search(text) else text


def encoded(text: str) -> bytes:
    """Encode as UTF-8 without lone surrogates."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return scrub(text).encode()


def scrubbed(data: bytes) -> bytes:
    """Remove characters that can't be stored from UTF-8; much quicker than `scrub` for a page of markup."""
    if _has_unfit_bytes(data):
        data = data.translate(None, _UNFIT_BYTES)
    if _NONCHARACTERS[0][:1] in data:  # one byte is found much faster than two, and most pages have none
        for character in _NONCHARACTERS:
            data = data.replace(character, b"")
    return data


def _has_unfit_bytes(data: bytes) -> bool:
    """Whether there is a byte to remove: a fifth of the time that removing takes, and hardly a page has one."""
    codes = np.frombuffer(data, dtype=np.uint8)
    for start in range(0, len(codes), _PIECE):
        piece = codes[start : start + _PIECE]
        allowed = np.count_nonzero(piece - ord("\t") < 2) + np.count_nonzero(piece == ord("\r"))  # "\n" follows "\t"
        if np.count_nonzero(piece < ord(" ")) > allowed:
            return True
    return b"\x7f" in data


def outside_cdata(text: str, change: Callable[[str], str]) -> str:
    """Return XML text with its parts outside CDATA sections changed."""
    if "<![CDATA[" not in text:
        return change(text)
    parts = _CDATA.split(text)
    parts[::2] = map(change, parts[::2])
    return "".join(parts)


def escape_bare(text: str) -> str:
    """Escape what XML text contains as it was typed: ampersands that begin no entity, "<" that begins no tag."""

    def escaped(part: str) -> str:
        return _BARE_LESS.sub("&lt;", _BARE_AMPERSAND.sub("&amp;", part))

    return outside_cdata(text, escaped)


def scrub_json(source: str) -> str:
    """Remove escapes of unfit characters from JSON source: an emoji cut in half, a NUL."""
    return _UNFIT_ESCAPE.sub("", source) if _DOUBTFUL_ESCAPE.search(source) else source


def json_at(source: str, start: int = 0) -> tuple[Any, int]:
    """Return the first JSON value at `start`, and where it ends. `source` has passed `scrub_json`.

    Raises `ValueError` if there is none or it is nested too deeply.
    """
    try:
        return _DECODER.raw_decode(source, start)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
