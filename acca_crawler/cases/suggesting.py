"""Suggests which reports are about a person, for people to confirm or reject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from acca_crawler.cases.matching import Match, PersonMention, match
from acca_crawler.cases.mention_index import ReportContext, contexts_of, refresh
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


@dataclass(frozen=True, slots=True)
class EarlierReports:
    """How many earlier reports seem to be about a person, and the day of the first (`2026-11-22`)."""

    count: int
    since: str


def threads_of(db: ReviewDb, article_id: int) -> list[Thread]:
    """Return the persons of a report who seem to be in reports of other stories."""
    refresh(db)
    context = contexts_of(db, [article_id]).get(article_id)
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
    contexts = contexts_of(db, case.confirmed)
    for article_id in case.confirmed:
        for person in contexts[article_id].persons() if article_id in contexts else ():
            if same_name(person.parsed, wanted):
                yield person


def earlier_reports(db: ReviewDb, article_ids: Sequence[int]) -> dict[int, EarlierReports]:
    """Return how many earlier reports of other stories seem to be about a person of each report, if any are.

    Of several persons it is the one with the most. The index is read as it is: `refresh` it first.
    """
    contexts = contexts_of(db, article_ids)
    persons = {article_id: list(context.persons())[:MAX_PERSONS] for article_id, context in contexts.items()}
    candidates = {
        person: mentions.mentioning(db, "person", sorted(person.parsed.keys), MAX_CANDIDATES)
        for found in persons.values()
        for person in found
    }
    others = contexts_of(db, {one for found in candidates.values() for one in found})
    days = {article_id: context.day for article_id, context in others.items()}
    stories = mentions.stories_of(db, [*contexts, *others])
    earlier: dict[int, EarlierReports] = {}
    for article_id, context in contexts.items():
        for person in persons[article_id]:
            matched = [
                days[one]
                for one in _matched(others, [person], candidates[person])
                if days[one] <= context.day and stories[one] != stories[article_id]
            ]
            if len(matched) > (earlier[article_id].count if article_id in earlier else 0):
                earlier[article_id] = EarlierReports(len(matched), min(matched))
    return earlier


def _suggestions(db: ReviewDb, persons: Sequence[PersonMention], judged: Iterable[int]) -> list[Suggestion]:
    keys = sorted({key for person in persons for key in person.parsed.keys})
    known = set(judged)
    candidates = [one for one in mentions.mentioning(db, "person", keys, MAX_CANDIDATES) if one not in known]
    matched = _matched(contexts_of(db, candidates), persons, candidates)
    return [Suggestion(report, *matched[report.article_id]) for report in mentions.reports(db, list(matched))]


def _matched(
    contexts: Mapping[int, ReportContext], persons: Sequence[PersonMention], candidates: Iterable[int]
) -> dict[int, tuple[str, Match]]:
    """Return the candidates that seem to be about one of the persons, with the name they use and why."""
    matched: dict[int, tuple[str, Match]] = {}
    for article_id in candidates:
        for other in contexts[article_id].persons() if article_id in contexts else ():
            found = next(filter(None, (match(person, other) for person in persons)), None)
            if found is not None:
                matched.setdefault(article_id, (other.name, found))
    return matched
