"""What a report tells of its category besides the groups of its terms: the words of their glosses, and circumstances.

A group joins journalists and believers, blows and threats; the glosses, all in English, tell them apart in every
language alike. Circumstances are read from the whole report: what followed for officials, who is named, and where.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from acca_crawler.detect.annotate import Annotated, Sentence
from acca_crawler.detect.categories import (
    holds_national_abroad,
    names_protected,
    nationals_of,
    own_sentences,
    tells_own_consequences,
    tells_proceedings,
)
from acca_crawler.detect.windows import Window

_WORD = re.compile(r"[a-z]{4,}")


def clues_of(annotated: Annotated, windows: Sequence[Window], concepts: Mapping[str, int]) -> Counter[str]:
    """Count the concepts of a report without their pairs, the words of glosses ("gloss: ...") and circumstances."""
    clues = Counter({name: count for name, count in concepts.items() if " + " not in name})
    body, language = own_sentences(annotated), annotated.language or "en"
    for sentence in body:
        for found in sentence.found:
            if found.term.strength:
                clues.update(_gloss_words(found.term.gloss))
    clues.update(_circumstances(annotated, body, windows, language))
    return clues


@cache
def _gloss_words(gloss: str) -> frozenset[str]:
    return frozenset(f"gloss: {word.rstrip('s')}" for word in _WORD.findall(gloss.lower()))


def _circumstances(
    annotated: Annotated, body: Sequence[Sentence], windows: Sequence[Window], language: str
) -> Iterable[str]:
    places = [found.place for sentence in body for found in sentence.places]
    homes = {home for sentence in body for home in nationals_of(sentence, language)}
    circumstances = {
        "consequences": tells_own_consequences(annotated),
        "proceedings": tells_proceedings(annotated),
        "nationals elsewhere": bool(homes) and any(place.country not in homes for place in places),
        "national held abroad": any(holds_national_abroad(window.sentences, language) for window in windows),
        "defenders": names_protected(body, "defenders"),
        "lawyers": names_protected(body, "lawyers"),
        "a place abroad": any(place.level == "veto" for place in places),
        "two countries": len({place.country for place in places if place.level != "veto"}) > 1,
    }
    return [name for name, holds in circumstances.items() if holds]
