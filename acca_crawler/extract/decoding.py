"""Decode a page's bytes even if the page or its server declares the wrong encoding.

Old sites of the region serve windows-1251 or KOI8-R undeclared, or declare one and send the other; others declare
windows-1251 and send UTF-8. A single-byte encoding never fails to decode, so a declaration is trusted only if the
result looks like words.
"""

from __future__ import annotations

import codecs
import logging
import re
import unicodedata

import numpy as np
from bs4.dammit import UnicodeDammit
from w3lib.encoding import html_body_declared_encoding, resolve_encoding

from acca_crawler.text.scrub import encoded

# Tried, most common first, if neither a declaration nor the detector gives readable words.
REGIONAL = ("windows-1251", "koi8-r", "cp866", "iso-8859-5", "windows-1254", "windows-1252")
BELIEVED = 0.6
SAMPLED_WORDS = 3000

MIN_WHOLE = 200
"""Letters of UTF-8 from which a text is UTF-8 even if a third of it is broken."""

MIN_PAIRS = 20
"""Pairs of characters, as twice encoded Cyrillic consists of, from which undoing that is tried."""


def _characters(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(
        chr(code) for first, last in ((0x80, 0xBF), *ranges, (0x2013, 0x2122)) for code in range(first, last + 1)
    )


# By encoding: the characters that a pair begins with, and those that follow.
_DOUBLED = {
    "windows-1252": ("ÐÑ", _characters((0x0152, 0x0192), (0x02C6, 0x02DC))),
    "windows-1251": ("РС", _characters((0x0402, 0x040F), (0x0451, 0x045F))),
}
_PROBE = b"\xc6\xe8<"

# It warns of characters that it replaced, without the page: cron would send that by mail.
logging.getLogger("bs4.dammit").setLevel(logging.ERROR)
"""Bytes that every encoding of text decodes to something if errors are replaced."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MARKED = tuple(bom for bom, _ in _BOMS)
_WORD = re.compile(r"(?<![^\W\d_])[A-Za-z]*+[^\W\d_\x00-\x7f][^\W\d_]*")
_TAG = re.compile(r"<[^<>]*>")
_BROKEN = re.compile("[\x80-\x9f\N{REPLACEMENT CHARACTER}]")


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode a page or a text file; never raises, undecodable bytes become U+FFFD.

    `declared` is the charset of the HTTP header. Order: byte order mark, UTF-8 if valid, UTF-16 by its zero bytes,
    then the header's charset and the page's own if their words are plausible, then detection.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, errors="replace")
    if wide := _utf16_without_bom(data):
        return data.decode(wide, errors="replace")
    try:
        return _undoubled(data.decode("utf-8"), data)
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(data):
        return data.decode("utf-8", errors="replace")
    return _decode_single_byte(data, declared)


def as_utf8(data: bytes, declared: str | None = None) -> bytes:
    """Return a page in UTF-8, decoded as by `decode`: nearly always the bytes as they are, which saves a copy."""
    if not data.startswith(_MARKED) and not _utf16_without_bom(data):
        try:
            plain = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            text = _undoubled(plain, data)
            return data if text is plain else encoded(text)
    return encoded(decode(data, declared))


def plausibility(text: str) -> float:
    """Share (0 to 1) of the words with non-ASCII letters that look correctly decoded.

    KOI8-R read as windows-1251, and vice versa, swaps upper and lower case; Cyrillic read as Latin gives words made
    of accented letters only; Latin read as Cyrillic gives words of mixed scripts. Text without such words is plausible.
    """
    good = bad = len(_BROKEN.findall(text[:200_000])) * 0.0
    bad += min(len(_BROKEN.findall(text[:200_000])), SAMPLED_WORDS)
    for number, match in enumerate(_WORD.finditer(_TAG.sub(" ", text[:400_000]))):
        if number >= SAMPLED_WORDS:
            break
        word = match.group()
        if len(word) > 1:
            if _looks_written(word):
                good += 1
            else:
                bad += 1
    return good / (good + bad) if good + bad else 1.0


def _looks_written(word: str) -> bool:
    ascii_letters = sum(letter < "\x80" for letter in word)
    cyrillic = sum("\u0400" <= letter <= "\u052f" for letter in word)
    if cyrillic:
        return cyrillic == len(word) and word[1:].islower()
    if all(unicodedata.name(letter, "").startswith("LATIN") for letter in word):
        return ascii_letters * 2 >= len(word)
    return True


def _undoubled(text: str, data: bytes) -> str:
    """Undo a second encoding: UTF-8 that a script read as a single-byte encoding and wrote as UTF-8 again.

    `data` is the text in UTF-8.
    """
    for encoding, (beginnings, following) in _DOUBLED.items():
        if _count(beginnings, data) < MIN_PAIRS:
            continue
        # Split by the beginnings, which is several times as quick as a regular expression for the pairs.
        pairs = sum(part[:1] in following for letter in beginnings for part in text.split(letter)[1:])
        if pairs < MIN_PAIRS:
            continue
        try:
            return text.encode(encoding, errors="acca-as-byte").decode("utf-8")
        except UnicodeError:  # the text is what it seems to be
            continue
    return text


def _count(letters: str, data: bytes) -> int:
    """Count letters of two bytes, of which the first is the same, in UTF-8: several times as quick as in the text."""
    first, seconds = letters.encode()[0], letters.encode()[1::2]
    if first not in data:  # as in most pages, which takes a tenth of the time
        return 0
    codes = np.frombuffer(data, dtype=np.uint8)
    after = codes[np.flatnonzero(codes[:-1] == first) + 1]
    return sum(int(np.count_nonzero(after == second)) for second in seconds)


def _as_byte(error: UnicodeError) -> tuple[bytes, int]:
    """Encode the characters that an encoding lacks as their own number: a browser decodes such bytes so."""
    assert isinstance(error, UnicodeEncodeError)
    try:
        return error.object[error.start : error.end].encode("latin-1"), error.end
    except UnicodeEncodeError:
        raise error from None


codecs.register_error("acca-as-byte", _as_byte)


def _utf16_without_bom(data: bytes) -> str | None:
    """Detect UTF-16 markup by its high bytes, at odd offsets in little endian and at even ones in big endian.

    They are zero for markup and four for Cyrillic. Zeros at both are what a broken disk or a script pads a page with.
    """
    head = data[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if 3 * min(even, odd) > max(even, odd):
        return None
    high = head[1::2] if odd >= even else head[::2]
    is_cyrillic = 10 * max(even, odd) >= len(high) and 10 * (max(even, odd) + high.count(4)) >= 9 * len(high)
    if (even + odd) * 5 < len(head) and not is_cyrillic:
        return None
    return "utf-16-le" if odd >= even else "utf-16-be"


def _mostly_utf8(data: bytes) -> bool:
    """Whether it is UTF-8 with broken bytes (a comment cut in a letter, a block in windows-1251), not another encoding.

    Hardly a pair of bytes of a text in another encoding is a letter in UTF-8.
    """
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    whole = sum(letter > "\x7f" for letter in text) - broken
    return whole > (2 if whole > MIN_WHOLE else 20) * broken


def _decode_single_byte(data: bytes, declared: str | None) -> str:
    labels = (declared, html_body_declared_encoding(data[:8192]))
    named = [name for label in labels if label and (name := resolve_encoding(label)) and _is_of_text(name)]
    believed = [name for name in named if _plausible_as(data, name) >= BELIEVED]
    doubted = [name for name in named if name not in believed]
    dammit = UnicodeDammit(data, user_encodings=believed, exclude_encodings=doubted, is_html=True)
    text = dammit.unicode_markup
    if text is not None and (dammit.original_encoding in believed or plausibility(text) >= BELIEVED):
        return text
    best = max((*named, *REGIONAL), key=lambda name: _plausible_as(data, name))
    return data.decode(best, errors="replace")


def _is_of_text(encoding: str) -> bool:
    """Whether a name that Python knows is an encoding of text: `hex`, `zlib` and `undefined` are not."""
    try:
        return _PROBE.decode(encoding, errors="replace") is not None
    except (LookupError, UnicodeError):
        return False


def _plausible_as(data: bytes, encoding: str) -> float:
    return plausibility(data.decode(encoding, errors="replace"))
