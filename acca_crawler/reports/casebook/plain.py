"""Writes an export as CSV or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict

from acca_crawler.i18n.catalogue import Language
from acca_crawler.reports.casebook.labelled import COLUMNS
from acca_crawler.reports.casebook.rows import CaseRow
from acca_crawler.reports.spreadsheet import inert


def as_csv(rows: Iterable[CaseRow], say: Language) -> bytes:
    """Return CSV in UTF-8 with a byte order mark, in the reader's language, safe from formula injection."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(say.text(column.heading) for column in COLUMNS)
    for row in rows:
        writer.writerow(inert(column.text(row, say)) for column in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def as_json_lines(rows: Iterable[CaseRow], say: Language) -> bytes:
    """Return one JSON object per line, in UTF-8, with the archive's codes for programs; `say` is ignored."""
    return "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows).encode()
