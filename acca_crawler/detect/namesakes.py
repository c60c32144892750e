"""Tell which of several people with one surname is meant where it stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from acca_crawler.detect.name_words import name_words
from acca_crawler.detect.nominative import stems
from acca_crawler.text.transliterate import name_key

Gender = Literal["woman", "man"]

_RUSSIAN = re.compile(r"(?:[оеё]в|[иы]н)(?:(?P<woman>ой|ою)|ы?м?)$|ск(?:(?P<woman2>ой|ую|ая)|ий|им|ого|ому)$")
"""Endings of one gender alone; -ова and -ову are a woman's or a man's in another case."""


def bearer(surname: str, names: Sequence[str], language: str) -> int:
    """Return the index of the name that a bare surname, in any case, stands for.

    Relatives share it. It is the first name of the surname's gender: reports call by the surname alone whom they are
    about.
    """
    gender = _of_surname(surname, language) if len(names) > 1 else None
    if gender is None:
        return 0
    return next((index for index, name in enumerate(names) if _of_name(name, language) in (gender, None)), 0)


@lru_cache(maxsize=4096)
def _of_name(name: str, language: str) -> Gender | None:
    """Return the gender of a full name, by the given name if that is known."""
    parts = [name_key(part) for part in name.split(" ")]
    genders: set[Gender] = set()
    if not name_words().women.isdisjoint(parts):
        genders.add("woman")
    if not name_words().men.isdisjoint(parts):
        genders.add("man")
    return genders.pop() if len(genders) == 1 else _of_surname(name.rpartition(" ")[2], language)


def _of_surname(surname: str, language: str) -> Gender | None:
    if language == "ru":
        found = _RUSSIAN.search(surname)
        return ("woman" if found["woman"] or found["woman2"] else "man") if found else None
    forms = [form.lower() for form in (surname, *(stem for stem, _ in stems(surname, language)))]
    ends = [form for form in forms if name_words().family_end.search(form)]
    genders: set[Gender] = {"woman" if form.endswith(("а", "a")) else "man" for form in ends}
    return genders.pop() if len(genders) == 1 else None
