"""Cells of Datasette's CSV that a spreadsheet would run are made harmless, in pieces of any size."""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.reports.spreadsheet import inert
from acca_crawler.web.inert_csv import RowRewriter
from tests.web.conftest import Browser, Server

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00"), max_size=12)


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=6), size=st.integers(1, 9))
def test_any_table_comes_back_harmless_and_whole(rows: list[list[str]], size: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    data = text.getvalue().encode()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    rewriter = RowRewriter()
    out = b"".join(rewriter.take(piece, last=False) for piece in pieces) + rewriter.take(b"", last=True)
    read = list(csv.reader(io.StringIO(out.decode(), newline="")))
    assert read == [[inert(cell) for cell in row] for row in rows]


def test_a_formula_in_a_title_is_text_in_datasettes_own_csv(server: Server, monitor: Browser) -> None:
    with sqlite3.connect(server.config.archive_file) as db:
        db.execute("UPDATE revisions SET title = '=HYPERLINK(\"https://evil.example\")' WHERE id = 1")
    page = monitor.get("/acca/revisions.csv?_size=max")
    assert page.status_code == 200
    titles = [row["title"] for row in csv.DictReader(io.StringIO(page.text))]
    assert '\'=HYPERLINK("https://evil.example")' in titles
    assert not any(title.startswith("=") for title in titles)


def test_the_answer_to_a_question_is_exported_where_its_page_says(monitor: Browser) -> None:
    page = monitor.get("/acca", params={"sql": "select title, '=1' as t from v_reports"}).text
    link = re.search(r'href="([^"]+)">CSV</a>', page)
    assert link
    rows = list(csv.reader(io.StringIO(monitor.get(html.unescape(link[1])).text)))
    assert rows[:2] == [["title", "t"], ["Detainee beaten at the Zhana police station", "'=1"]] and len(rows) == 4
