"""A reader's query whose rows are large together ends with an error, not with the server's memory."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlencode

import pytest

from acca_crawler.web.bounded_rows import bounded_rows
from tests.web.conftest import Browser

BLOBS = (
    "with recursive c(n) as (select 1 union all select n + 1 from c limit 10) select n, zeroblob(60000000) as b from c"
)


def test_rows_are_counted_together_and_each_query_for_itself() -> None:
    db = sqlite3.connect(":memory:")
    db.row_factory = bounded_rows(100)
    assert [len(row["b"]) for row in db.execute("SELECT zeroblob(60) AS b")] == [60]
    assert [row[0] for row in db.execute("SELECT 'a' UNION SELECT 'b'")] == ["a", "b"]
    with pytest.raises(sqlite3.OperationalError, match="ask for less"):
        db.execute("SELECT zeroblob(60) UNION ALL SELECT zeroblob(60)").fetchall()
    assert db.execute("SELECT zeroblob(99)").fetchone() is not None


def test_the_page_says_so_and_goes_on_answering(monitor: Browser) -> None:
    answer = monitor.get(f"/acca.json?{urlencode({'sql': BLOBS})}")
    assert answer.status_code == 400
    assert "ask for less" in answer.text
    assert monitor.get("/acca.json?sql=select+1").status_code == 200
