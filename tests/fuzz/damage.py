"""Damages bytes at random: cuts, repeats, swaps and pieces that parsers stumble over."""

from __future__ import annotations

import random
from collections.abc import Sequence

PIECES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"\r\n\r\n", b"<!--", b"<![CDATA[", b"]]>",
    b"&#x110000;", b"&amp;&amp;", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<a href='//[::1'>", b"http://[", b"http://x:99999/",
    b"1e999", b"-1", b"99999999999999999999", b"0000-00-00", b"2026-02-30T25:61:61+99:99", b"null", b"true", b"{}",
    b"[]",
    b'"', b"'''", b"\\u0000", b"\\ud800", b"[[[[[[[[", b"((((", b"(?:a+)+", b"{1,99999}", b"\xf0\x9f\x87\xb0",
    b"%00%zz",
    "İıʻ’ѣҚ".encode(),
)  # fmt: skip
MAX_BYTES = 100_000


def damaged(seed: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return a seed with one to eight damages, at most `MAX_BYTES` long."""
    data = seed
    for _ in range(chance.randint(1, 8)):
        start, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        short = min(end, start + chance.choice((1, 4, 30, 400)))
        match chance.randrange(8):
            case 0:
                data = data[:start] + data[short:]
            case 1:
                data = data[:start] + chance.choice(PIECES) * chance.choice((1, 1, 2, 300)) + data[start:]
            case 2:
                data = data[:short] + data[start:short] * chance.choice((1, 3, 50)) + data[short:]
            case 3:
                data = data[:start] + bytes(chance.randrange(256) for _ in range(short - start)) + data[short:]
            case 4:
                data = data[:start] + chance.choice(PIECES) + data[short:]
            case 5:
                other = chance.choice(others)
                at = chance.randrange(len(other) + 1)
                data = data[:start] + other[at : at + 2000] + data[short:]
            case 6:
                data = data[:start] + data[start:short].swapcase() + data[short:]
            case _:
                data = data[: max(end, 1)]
        data = data[:MAX_BYTES]
    return data
