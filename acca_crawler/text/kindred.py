"""Forms of one word that the stemmer gives different stems (умер, умерла; beat, beaten), for searches."""

from __future__ import annotations

from functools import cache

from acca_crawler.text.searchable import stem_word
from acca_crawler.text.word_lists import read_word_lists


def kindred(stem: str) -> tuple[str, ...]:
    """Return the stem and those of the same word's other forms, as `kindred.toml` has them."""
    return _groups().get(stem, (stem,))


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for lines in read_word_lists(__file__, "kindred.toml").values():
        for line in lines:
            stems = tuple(dict.fromkeys(map(stem_word, line.split())))
            found |= {stem: (stem, *(other for other in stems if other != stem)) for stem in stems}
    return found
