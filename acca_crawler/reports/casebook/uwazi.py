"""Writes an export as CSV for Uwazi's importer, with the field names of HURIDOCS' Events Standard Formats.

Uwazi takes a column's name in lower case with underscores as the property's name, `|` between several values, days as
YYYY-MM-DD, and a link as `label|address`; thesauri get the values that they lack. docs/monitor.md has the table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from acca_crawler.clock import is_day
from acca_crawler.i18n import labels
from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.regions import REGIONS
from acca_crawler.reports.casebook.labelled import name
from acca_crawler.reports.casebook.rows import CaseRow

AFFECTED = ("victim", "detainee", "defender", "suspect")
"""Roles of persons who are the subject of a report."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its name, the property type that the Uwazi template needs, HURIDOCS' field, and its value."""

    name: str
    type: str
    huridocs: str
    value: Callable[[CaseRow, Language], str]


def _several(values: Iterable[str]) -> str:
    return "|".join(dict.fromkeys(_clean(value) for value in values if value.strip()))


def _clean(value: str) -> str:
    """Return a value on one line without what separates values (`|`) and thesaurus levels (`::`)."""
    return " ".join(value.replace("|", "/").replace("::", ":").split())


def _link(row: CaseRow) -> str:
    has_host = row.url.startswith(("http://", "https://")) and "|" not in row.url
    return f"{_clean(row.outlet_title)}|{row.url}" if has_host else ""


def _named(codes: dict[str, str], found: Sequence[str], say: Language) -> str:
    return _several(name(codes, code, say) for code in found)


FIELDS = (
    Field("title", "title", "102 event title", lambda row, say: _clean(row.title) or f"#{row.number}"),
    Field("event_record_number", "numeric", "101 event record number", lambda row, say: str(row.number)),
    Field("geographical_term", "select", "111 geographical term",
          lambda row, say: _clean(name(labels.COUNTRIES, row.country, say))),
    Field("local_geographical_area", "multiselect", "112 local geographical area",
          lambda row, say: _named(REGIONS, row.regions, say)),
    Field("initial_date", "date", "113 initial date",
          lambda row, say: row.event_date if is_day(row.event_date) else ""),
    Field("violation_status", "select", "151 violation status",
          lambda row, say: _clean(name(labels.STATUSES, row.status, say))),
    Field("type_of_act", "multiselect", "2109 type of act",
          lambda row, say: _named(labels.CATEGORIES, row.categories, say)),
    Field("victim", "multiselect", "2102 victim, by name (903)",
          lambda row, say: _several(person.name for person in row.persons if person.role in AFFECTED)),
    Field("other_persons", "multiselect", "903 full name of person",
          lambda row, say: _several(person.name for person in row.persons if person.role not in AFFECTED)),
    Field("type_of_perpetrator", "multiselect", "2412 type of perpetrator",
          lambda row, say: _several(row.agencies)),
    Field("source", "select", "2502 source", lambda row, say: _clean(row.outlet_title)),
    Field("language_of_source_material", "select", "2510 language of source material",
          lambda row, say: _clean(name(labels.SPOKEN, row.language, say))),
    Field("date_of_source_material", "date", "2511 date of source material",
          lambda row, say: (row.published or "")[:10]),
    Field("source_address", "link", "166 supporting documents", lambda row, say: _link(row)),
    Field("archived_page_sha256", "text", "166 supporting documents", lambda row, say: row.capture_sha256),
    Field("date_received", "date", "160 date received", lambda row, say: (row.fetched or row.stored)[:10]),
    Field("entered_by", "text", "162 entered by", lambda row, say: _clean(row.reviewer)),
    Field("comments", "text", "165 comments", lambda row, say: _clean(row.note)),
)  # fmt: skip


def as_uwazi(rows: Iterable[CaseRow], say: Language) -> bytes:
    """Return CSV in UTF-8 without a byte order mark, with select values in this language.

    It is for a program: values that a spreadsheet would take for formulas are left as they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(field.name for field in FIELDS)
    for row in rows:
        writer.writerow(field.value(row, say) for field in FIELDS)
    return text.getvalue().encode()
