"""Decides whether two reports are about the same person: by the name, and by what else the reports share.

A name alone is never enough: the same place, article of law or other person must be in both. What contradicts (another
country, other regions, another patronymic, another year of birth) rules it out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from acca_crawler.cases.names import PersonName, same_name
from acca_crawler.text.word_lists import any_of, read_word_lists

SUBJECTS = ("victim", "detainee", "defender", "suspect", "")
"""Roles of a person whom a report may be about; an official, lawyer or relative is never the subject of a case."""
MAX_REGIONS = 3
"""Regions in a report above which it is a survey: sharing one of them says little."""
MAX_YEARS_APART = 1
MIN_AGE, MAX_AGE = 10, 95
_YEARS = any_of(read_word_lists(__file__, "ages.toml"), "years")
_AGE = re.compile(rf"(?<!\d)(\d{{2}})[- ]?(?:{_YEARS})|, (\d{{2}}),|\((\d{{2}})\)")


@dataclass(frozen=True, slots=True)
class PersonMention:
    """A person in a report, with what the report says around them.

    `born` is the year of birth that the age in the sentence implies, None if it gives none. `regions` are gazetteer
    codes, `places` folded names of towns and prisons, `others` the index keys of the other persons. `day` is
    `2026-11-22`.
    """

    article_id: int
    name: str
    role: str
    parsed: PersonName
    country: str | None
    day: str
    born: int | None = None
    regions: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    laws: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """Why two reports seem to be about one person: (kind, value) pairs, the strongest first."""

    reasons: tuple[tuple[str, str], ...]


def age_beside(sentence: str, name: str) -> int | None:
    """Return the age in years right beside a name in a sentence, or None."""
    at = sentence.find(name)
    near = sentence[max(0, at - 40) : at + len(name) + 14] if at >= 0 else ""
    match = _AGE.search(near)
    age = int(next(group for group in match.groups() if group)) if match else 0
    return age if MIN_AGE <= age <= MAX_AGE else None


def year_of_birth(sentence: str, name: str, day: str) -> int | None:
    """Return the year of birth implied by an age right beside a name in a sentence, or None."""
    age = age_beside(sentence, name)
    return int(day[:4]) - age if age else None


def match(one: PersonMention, other: PersonMention) -> Match | None:
    """Return why two mentions seem to be one person, None if they don't."""
    if one.role not in SUBJECTS or other.role not in SUBJECTS or not same_name(one.parsed, other.parsed):
        return None
    if one.country and other.country and one.country != other.country:
        return None
    if one.born and other.born and abs(one.born - other.born) > MAX_YEARS_APART:
        return None
    shared = _shared(one, other)
    kinds = {kind for kind, _ in shared}
    if _elsewhere(one, other) and not kinds & {"person", "place"}:
        return None
    return Match(tuple(shared)) if shared else None


def _shared(one: PersonMention, other: PersonMention) -> list[tuple[str, str]]:
    found = [("person", key) for key in sorted(one.others & other.others)]
    found += [("place", place) for place in sorted(one.places & other.places)]
    if max(len(one.regions), len(other.regions)) <= MAX_REGIONS:
        found += [("region", region) for region in sorted(one.regions & other.regions)]
    found += [("law", law) for law in sorted(one.laws & other.laws)]
    if one.parsed.patronymic and other.parsed.patronymic:
        found.append(("patronymic", one.parsed.patronymic))
    if one.born and other.born:
        found.append(("age", str(one.born)))
    return found


def _elsewhere(one: PersonMention, other: PersonMention) -> bool:
    return bool(one.regions and other.regions and not one.regions & other.regions)
