"""Decide whether an article listed by an international outlet concerns the five countries."""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import unquote, urlsplit

from acca_crawler.detect.lexicon import places_for
from acca_crawler.items import LANGUAGES, Listed
from acca_crawler.outlets import Outlet
from acca_crawler.text.normalise import fold_for_matching

OPENING = 2000
"""Characters of a listed text that count as its lead."""

_TAG = re.compile(r"<[^<>]*>")


def concerns(listed: Listed, outlet: Outlet) -> bool:
    """Whether to fetch an outlet's listed article: always, or only if it names the region.

    Checks the title, the lead, the beginning of the text if listed, and the words of the URL. Without a listed title
    only the URL is checked.
    """
    if outlet.concerns == "all":
        return True
    words = re.sub(r"[-_/.]", " ", unquote(urlsplit(listed.url).path))
    summary = " ".join((listed.title, listed.lead, _TAG.sub(" ", (listed.body_html or "")[:OPENING])))
    return names_region(summary, outlet.languages) or names_region(words, ("en",))


def names_region(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a text names a place of the five countries, or the region, in one of these languages."""
    known = [language for language in languages if language in LANGUAGES]
    return any(_places(language).search(fold_for_matching(text, language).text) for language in known)


@cache
def _places(language: str) -> re.Pattern[str]:
    """Compile all unambiguous gazetteer names, without two-letter abbreviations."""
    names = {
        pattern
        for place, pattern in places_for(language)
        if place.level != "veto" and not place.ambiguous and len(pattern.removesuffix(r"\w*")) > 2
    }
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(names, key=len, reverse=True))})(?!\w)")
