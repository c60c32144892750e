"""Exports hold what the archive holds, harm no spreadsheet, and need no more memory for more rows."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from acca_crawler.reports.export import BATCH, WRITERS, Rows, write_csv, write_json_lines, write_parquet
from acca_crawler.reports.spreadsheet import inert
from storage.reports.export import Value
from storage.reports.view_columns import Column, View

VIEW = View(
    "v_some", "Something.", "number",
    (Column("number", "integer", ""), Column("title", "text", ""), Column("score", "real", ""),
     Column("names", "list", "who is named")),
)  # fmt: skip
ROWS: list[tuple[Value, ...]] = [
    (1, '=HYPERLINK("http://evil.example")', 0.5, ("Айгүл", "@sum")),
    (2, "Пытки,\r\nзаявил «он»", None, ()),
    (-3, None, -1.5, None),
]


def written(write: Callable[[View, Rows, IO[bytes]], None]) -> bytes:
    out = io.BytesIO()
    write(VIEW, ROWS, out)
    return out.getvalue()


def test_csv_reads_back_and_runs_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(written(write_csv).decode("utf-8-sig"), newline="")))
    assert rows == [
        ["number", "title", "score", "names"],
        ["1", '\'=HYPERLINK("http://evil.example")', "0.5", "Айгүл; @sum"],
        ["2", "Пытки,\r\nзаявил «он»", "", ""],
        ["-3", "", "-1.5", ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_text_that_would_run_is_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


def test_json_lines_read_back() -> None:
    lines = [json.loads(line) for line in written(write_json_lines).decode().splitlines()]
    assert lines[0] == {"number": 1, "title": ROWS[0][1], "score": 0.5, "names": ["Айгүл", "@sum"]}
    assert lines[2] == {"number": -3, "title": None, "score": -1.5, "names": None}


def test_parquet_reads_back_with_types_and_meanings() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(written(write_parquet)))
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        (1, ROWS[0][1], 0.5, ["Айгүл", "@sum"]), (2, ROWS[1][1], None, []), (-3, None, -1.5, None),
    ]  # fmt: skip
    assert table.schema.field("names").metadata == {b"description": b"who is named"}
    assert [str(field.type) for field in table.schema] == ["int64", "string", "double", "list<element: string>"]


@pytest.mark.parametrize("form", WRITERS)
def test_memory_does_not_grow_with_the_rows(form: str, tmp_path: Path) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow.parquet")

    def many(number: int) -> Iterator[tuple[Value, ...]]:
        return ((at, f"{at} " + "x" * 1000, 0.5, ("a", "b")) for at in range(number))

    def peak(number: int) -> int:
        tracemalloc.start()
        with (tmp_path / form).open("wb") as out:
            WRITERS[form](VIEW, many(number), out)
        return tracemalloc.get_traced_memory()[1]

    peak(BATCH)
    tracemalloc.stop()
    small, large = peak(2 * BATCH), peak(10 * BATCH)
    tracemalloc.stop()
    assert large < small * 1.5
