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
class SheetColumn:
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
    SheetColumn(_("Report"), 8, lambda row, say: str(row.number)),
    SheetColumn(_("Title"), 60, lambda row, say: row.title),
    SheetColumn(_("Country"), 14, lambda row, say: name(labels.COUNTRIES, row.country, say)),
    SheetColumn(_("Region"), 18, lambda row, say: names(REGIONS, row.regions, say)),
    SheetColumn(_("Published"), 12, lambda row, say: (row.published or "")[:10]),
    SheetColumn(_("Categories"), 30, lambda row, say: names(labels.CATEGORIES, row.categories, say)),
    SheetColumn(_("Level"), 10, lambda row, say: name(labels.LEVELS, row.level, say)),
    SheetColumn(_("Persons"), 30, lambda row, say: "; ".join(person.name for person in row.persons)),
    SheetColumn(_("Agencies"), 24, lambda row, say: "; ".join(row.agencies)),
    SheetColumn(_("Reports in the story"), 10, lambda row, say: str(row.reports_in_story)),
    SheetColumn(_("Status"), 16, lambda row, say: name(labels.STATUSES, row.status, say)),
    SheetColumn(_("Decision"), 20, lambda row, say: name(labels.VERDICTS, row.verdict, say)),
    SheetColumn(_("Reason"), 30, lambda row, say: name(labels.REASONS, row.reason, say)),
    SheetColumn(_("Reviewer"), 14, lambda row, say: row.reviewer),
    SheetColumn(_("Decided"), 20, lambda row, say: row.decided),
    SheetColumn(_("Note"), 40, lambda row, say: row.note),
    SheetColumn(_("Outlet"), 20, lambda row, say: row.outlet_title),
    SheetColumn(_("Language"), 12, lambda row, say: name(labels.SPOKEN, row.language, say)),
    SheetColumn(_("Address"), 50, lambda row, say: row.url),
    SheetColumn(_("Stored"), 20, lambda row, say: row.stored),
    SheetColumn(_("SHA-256 of the page"), 30, lambda row, say: row.capture_sha256),
)
