"""Writes an export as a Word report: a chapter with a table per country, the sources as footnotes with hashes."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from acca_crawler.exceptions import OfficeMissing
from acca_crawler.i18n import labels
from acca_crawler.i18n.catalogue import Language
from acca_crawler.reports.casebook.footnotes import Footnotes
from acca_crawler.reports.casebook.labelled import name, names
from acca_crawler.reports.casebook.rows import CaseRow
from acca_crawler.reports.citation import plain_text


def as_docx(rows: Iterable[CaseRow], say: Language, at: datetime) -> bytes:
    """Return a Word document (ISO 29500), dated `at` (UTC). Raises `OfficeMissing`."""
    try:
        import docx
    except ImportError as error:
        raise OfficeMissing(
            "{form} needs {package}: pip install 'acca-crawler[office]'", form="Word", package="python-docx"
        ) from error
    found = sorted(rows, key=lambda row: (row.country or "~", row.published or row.stored))
    document = docx.Document()
    document.add_heading(say.text("Reports of torture, ill-treatment and detention"), 0)
    document.add_paragraph(say.text("Made on {day} from {n} reports.", day=f"{at:%Y-%m-%d}", n=len(found)))
    _overview(document, found, say)
    notes = Footnotes()
    for country in dict.fromkeys(row.country for row in found):
        document.add_heading(name(labels.COUNTRIES, country, say) or say.text("country unknown"), 1)
        _chapter(document, [row for row in found if row.country == country], notes, say)
    notes.attach(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _overview(document: Any, rows: list[CaseRow], say: Language) -> None:
    """Add the number of reports per category; a report counts in each of its categories."""
    counted = Counter(category for row in rows for category in row.categories)
    table = document.add_table(rows=1, cols=2, style="Light Grid Accent 1")
    _fill(table.rows[0], say.text("Category"), say.text("Reports"))
    for category, count in counted.most_common():
        _fill(table.add_row(), name(labels.CATEGORIES, category, say), str(count))


def _chapter(document: Any, rows: list[CaseRow], notes: Footnotes, say: Language) -> None:
    """Add a country's table; each report's source is a footnote: title, outlet, date, address, archive hash."""
    table = document.add_table(rows=1, cols=4, style="Light Grid Accent 1")
    _fill(table.rows[0], say.text("Published"), say.text("Title"), say.text("Categories"), say.text("Persons"))
    for row in rows:
        persons = "; ".join(person.name for person in row.persons)
        cells = _fill(
            table.add_row(), (row.published or row.stored)[:10], row.title,
            names(labels.CATEGORIES, row.categories, say), persons,
        )  # fmt: skip
        notes.add(cells[1].paragraphs[0], _clean(plain_text(row)))


def _fill(row: Any, *texts: str) -> Any:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = _clean(text)
    return row.cells


def _clean(text: str) -> str:
    """Remove characters that XML forbids."""
    return "".join(letter for letter in text if letter in "\t\n" or letter >= " ")
