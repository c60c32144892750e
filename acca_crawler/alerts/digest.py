"""The order of a digest: one entry a story, the gravest first, what is not an alert last; and its subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from acca_crawler.alerts.message import DigestNote, RedactedReport
from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.labels import CATEGORIES, COUNTED, GRAVITY, _

OTHER_ALERTS, NO_ALERTS = _("Other alerts"), _("For information: not alerts")
MAX_COUNTRIES = 5


@dataclass(frozen=True, slots=True)
class DigestStory:
    """A story's reports in a digest: the one that leads its entry, then the others, newest first.

    `known` is whether an earlier digest included the story; `status` is its review status, None before any decision.
    """

    reports: tuple[RedactedReport, ...]
    known: bool
    status: str | None

    @property
    def lead(self) -> RedactedReport:
        """The newest alert, or the newest report of a story without one."""
        return self.reports[0]

    @property
    def is_alert(self) -> bool:
        """Whether one of the reports is an alert."""
        return self.lead.level == "alert"

    @property
    def category(self) -> str:
        """The gravest category of its alerts, or of all its reports if none is an alert; empty if it has none."""
        leading = [report for report in self.reports if report.level == self.lead.level]
        return min((one for report in leading for one in report.categories), key=_rank, default="")


def stories_of(reports: Iterable[RedactedReport], note: DigestNote) -> tuple[DigestStory, ...]:
    """Return the stories of a digest: alerts by gravity, new before known and newest first, then the rest."""
    grouped: dict[int, list[RedactedReport]] = {}
    for report in sorted(reports, key=lambda report: (report.level != "alert", -report.entry_id)):
        grouped.setdefault(report.story, []).append(report)
    standing = dict(note.standing)
    stories = [DigestStory(tuple(found), key in note.told_stories, standing.get(key)) for key, found in grouped.items()]
    return tuple(sorted(stories, key=_order))


def _order(story: DigestStory) -> tuple[bool, int, bool, int]:
    return not story.is_alert, _rank(story.category) if story.is_alert else 0, story.known, -story.lead.entry_id


def _rank(category: str) -> int:
    return GRAVITY.index(category) if category in GRAVITY else len(GRAVITY)


def chapters(stories: Sequence[DigestStory], say: Language) -> list[tuple[str, list[DigestStory]]]:
    """Return ordered stories under headings: a category, or that they are not alerts."""
    return [(heading, list(found)) for heading, found in groupby(stories, key=lambda story: _heading(story, say))]


def _heading(story: DigestStory, say: Language) -> str:
    if not story.is_alert:
        return say.text(NO_ALERTS)
    return say.text(CATEGORIES.get(story.category, OTHER_ALERTS))


def substance(stories: Sequence[DigestStory], say: Language) -> str:
    """Return what a digest is about, e.g. `2 deaths in custody, 3 torture (KG 4, TJ 1)`; each alert counts once."""
    alerts = [story for story in stories if story.is_alert]
    if not alerts:
        return say.plural("{n} report, no alert", "{n} reports, no alert", len(stories))
    kinds = Counter(story.category for story in alerts)
    parts = []
    for category in sorted(kinds, key=_rank):
        one, many = COUNTED.get(category, COUNTED[""])
        parts.append(say.plural(one, many, kinds[category]))
    countries = Counter(story.lead.country or "??" for story in alerts)
    ranked = sorted(countries.items(), key=lambda entry: (-entry[1], entry[0]))[:MAX_COUNTRIES]
    return f"{', '.join(parts)} ({', '.join(f'{country} {count}' for country, count in ranked)})"
