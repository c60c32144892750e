"""Empty scripts, styles and drawings before a page is parsed: they are half of its bytes, and nothing reads them."""

from __future__ import annotations

import re

_NAMES = (b"script", b"style", b"svg")
# A comment, or a tag of which no quoted value contains "<" or ">": then its end is certain, and the scan linear.
_BEGINNING = re.compile(
    rb"""<(?:!--|(%b)\b[^<>"']*+(?:"[^<>"]*+"[^<>"']*+|'[^<>']*+'[^<>"']*+)*+(?<!/)>)""" % b"|".join(_NAMES)
)
_NEXT = {name: re.compile(rb"<(?:/%b([\s/>])?|%b)" % (name, name), re.IGNORECASE) for name in _NAMES}
_LONG = 250  # an element with a longer text is no menu (segments.py), and a script is part of its text
_FILLING = b" " * (_LONG + 1)
_MAY_BE_JSON_LD = re.compile(rb"ld\+json|&", re.IGNORECASE)  # "+" is also written "&#x2B;"


def without_unshown(html: bytes) -> bytes:
    """Return a page without the contents of its scripts, except JSON-LD, of its styles and drawings.

    Where such an element does not end before another one of its kind begins, as in a comment or a quoted value that
    only mentions it, everything stays.
    """
    pieces: list[bytes] = []
    kept = at = 0
    while (beginning := _BEGINNING.search(html, at)) is not None:
        start = at = beginning.end()
        name = beginning[1]
        if name is None:
            at = html.find(b"-->", start - 2) + 3  # "<!-->" is a whole comment
            if at < 3:
                break
        elif (end := _NEXT[name].search(html, start)) is not None:
            at = end.start()
            if end[1] and at > start and not _MAY_BE_JSON_LD.search(beginning[0]):
                pieces.append(html[kept:start])
                if name != b"svg" and at - start > _LONG:
                    pieces.append(_FILLING)
                kept = at
    pieces.append(html[kept:])
    return b"".join(pieces)
