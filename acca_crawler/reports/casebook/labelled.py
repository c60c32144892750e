"""Columns of an export, with headings and values in the exporting user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from acca_crawler.i18n import labels
from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.regions import REGIONS
from acca_crawler.reports.casebook.rows import CaseRow


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


Reader = Callable[[CaseRow, Language], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading (English, translated on display), width in characters, and a function that returns its text."""

    heading: str
    width: int
    text: Reader


def name(codes: Mapping[str, str], code: str | None, say: Language) -> str:
    """Return a code's name in this language; the code itself if it has no name, an empty string for None."""
    known = codes.get(code or "") if code else None
    return say.text(known) if known else (code or "")


def names(codes: Mapping[str, str], found: tuple[str, ...], say: Language) -> str:
    """Return the names of several codes, separated by semicolons."""
    return "; ".join(name(codes, code, say) for code in found)


COLUMNS = (
    Column(_("Report"), 8, lambda row, say: str(row.number)),
    Column(_("Title"), 60, lambda row, say: row.title),
    Column(_("Country"), 14, lambda row, say: name(labels.COUNTRIES, row.country, say)),
    Column(_("Region"), 18, lambda row, say: names(REGIONS, row.regions, say)),
    Column(_("Published"), 12, lambda row, say: (row.published or "")[:10]),
    Column(_("Categories"), 30, lambda row, say: names(labels.CATEGORIES, row.categories, say)),
    Column(_("Level"), 10, lambda row, say: name(labels.LEVELS, row.level, say)),
    Column(_("Persons"), 30, lambda row, say: "; ".join(person.name for person in row.persons)),
    Column(_("Agencies"), 24, lambda row, say: "; ".join(row.agencies)),
    Column(_("Reports in the story"), 10, lambda row, say: str(row.reports_in_story)),
    Column(_("Status"), 16, lambda row, say: name(labels.STATUSES, row.status, say)),
    Column(_("Decision"), 20, lambda row, say: name(labels.VERDICTS, row.verdict, say)),
    Column(_("Reason"), 30, lambda row, say: name(labels.REASONS, row.reason, say)),
    Column(_("Reviewer"), 14, lambda row, say: row.reviewer),
    Column(_("Decided"), 20, lambda row, say: row.decided),
    Column(_("Note"), 40, lambda row, say: row.note),
    Column(_("Outlet"), 20, lambda row, say: row.outlet_title),
    Column(_("Language"), 12, lambda row, say: name(labels.SPOKEN, row.language, say)),
    Column(_("Address"), 50, lambda row, say: row.url),
    Column(_("Stored"), 20, lambda row, say: row.stored),
    Column(_("SHA-256 of the page"), 30, lambda row, say: row.capture_sha256),
)
