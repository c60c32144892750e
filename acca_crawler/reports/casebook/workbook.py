"""Writes an export as an Excel workbook: a sheet of reports with typed dates and links, and a sheet of persons."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from acca_crawler.exceptions import OfficeMissing
from acca_crawler.i18n import labels
from acca_crawler.i18n.catalogue import Language
from acca_crawler.reports.casebook.labelled import COLUMNS, name
from acca_crawler.reports.casebook.rows import CaseRow

DATES = {"Published", "Stored", "Decided"}
NUMBERS = {"Report", "Reports in the story"}


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


def as_xlsx(rows: Iterable[CaseRow], say: Language) -> bytes:
    """Return a workbook (ISO 29500). Text is written as text, never as formulas. Raises `OfficeMissing`."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise OfficeMissing(
            "{form} needs {package}: pip install 'acca-crawler[office]'", form="XLSX", package="XlsxWriter"
        ) from error
    found = list(rows)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        _reports(book, found, say)
        _persons(book, found, say)
    return out.getvalue()


def _reports(book: Any, rows: list[CaseRow], say: Language) -> None:
    sheet = book.add_worksheet(say.text("Reports"))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, say.text(column.heading), bold)
    for line, row in enumerate(rows, start=1):
        for number, column in enumerate(COLUMNS):
            text = column.text(row, say)
            if column.heading in DATES and text:
                sheet.write_datetime(line, number, datetime.fromisoformat(text[:10]), day)
            elif column.heading in NUMBERS:
                sheet.write_number(line, number, int(text))
            elif column.heading == "Address" and text.startswith(("http://", "https://")) and len(text) < 2000:
                sheet.write_url(line, number, text, string=text)
            else:
                sheet.write_string(line, number, text[:32_000], wrapped)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)


def _persons(book: Any, rows: list[CaseRow], say: Language) -> None:
    sheet = book.add_worksheet(say.text("Persons"))
    bold = book.add_format({"bold": True})
    headings = ((_("Person"), 34), (_("Role"), 18), (_("Country"), 14), (_("Report"), 8), (_("Title"), 60))
    for number, (heading, width) in enumerate(headings):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, say.text(heading), bold)
    line = 1
    for row in rows:
        for person in row.persons:
            role, country = name(labels.DETAILS, person.role, say), name(labels.COUNTRIES, row.country, say)
            for number, text in enumerate((person.name, role, country)):
                sheet.write_string(line, number, text)
            sheet.write_number(line, 3, row.number)
            sheet.write_string(line, 4, row.title)
            line += 1
    sheet.freeze_panes(1, 0)
