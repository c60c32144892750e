"""Suggests which reports are about a person, for people to confirm or reject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from acca_crawler.cases.index import context_of, refresh
from acca_crawler.cases.matching import Match, PersonMention, match
from acca_crawler.cases.names import name_of, same_name
from storage.review import mentions
from storage.review.cases import Case
from storage.review.mentions import MentioningReport
from storage.schema.kinds import ReviewDb

MAX_CANDIDATES = 60
"""Newest reports under a name that are compared; a name with more is one in constant news."""
MAX_PERSONS = 4
"""Persons of a report whose earlier reports are looked up."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A report that seems to be about the person, the name it uses, and why."""

    report: MentioningReport
    name: str
    match: Match


@dataclass(frozen=True, slots=True)
class Thread:
    """A person of a report, with the other stories' reports that seem to be about the same person, oldest first."""

    name: str
    others: tuple[Suggestion, ...]

    def before(self, day: str) -> int:
        """Count the reports of this day (`2026-11-22`) and earlier ones."""
        return sum(one.report.day <= day for one in self.others)


def threads_of(db: ReviewDb, article_id: int) -> list[Thread]:
    """Return the persons of a report who seem to be in reports of other stories."""
    refresh(db)
    context = context_of(db, article_id)
    if context is None:
        return []
    own = mentions.reports(db, [article_id])[0].story_id
    found = []
    for person in list(context.persons())[:MAX_PERSONS]:
        others = [one for one in _suggestions(db, [person], {article_id}) if one.report.story_id != own]
        if others:
            found.append(Thread(person.name, tuple(others)))
    return found


def suggestions_for(db: ReviewDb, case: Case) -> list[Suggestion]:
    """Return the reports that seem to belong to a case and that nobody has judged, oldest first."""
    refresh(db)
    return _suggestions(db, list(_persons(db, case)), set(case.reports))


def spellings_of(db: ReviewDb, case: Case) -> tuple[list[str], list[str]]:
    """Return the names that a case's confirmed reports use for the person, and the person's roles."""
    persons = list(_persons(db, case))
    return list(dict.fromkeys(one.name for one in persons)), list(
        dict.fromkeys(one.role for one in persons if one.role)
    )


def _persons(db: ReviewDb, case: Case) -> Iterator[PersonMention]:
    """Yield the mentions of a case's person in its confirmed reports."""
    wanted = name_of(case.name)
    for article_id in case.confirmed:
        context = context_of(db, article_id)
        for person in context.persons() if context else ():
            if same_name(person.parsed, wanted):
                yield person


def _suggestions(db: ReviewDb, persons: Sequence[PersonMention], judged: Iterable[int]) -> list[Suggestion]:
    keys = sorted({key for person in persons for key in person.parsed.keys})
    known = set(judged)
    candidates = [one for one in mentions.mentioning(db, "person", keys, MAX_CANDIDATES) if one not in known]
    matched: dict[int, tuple[str, Match]] = {}
    for article_id in candidates:
        context = context_of(db, article_id)
        for other in context.persons() if context else ():
            found = next(filter(None, (match(person, other) for person in persons)), None)
            if found is not None:
                matched.setdefault(article_id, (other.name, found))
    return [Suggestion(report, *matched[report.article_id]) for report in mentions.reports(db, list(matched))]
