"""What every run asks of the tables that grow for ever is answered by an index, without statistics too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.alerts.deliveries import due, unpark
from storage.ledger import addresses, runs
from storage.reports.diff import find_article
from storage.reports.trouble import article_refusals
from storage.schema.database import open_archive
from storage.schema.kinds import ArchiveDb

AT = "2026-11-30T06:00:00Z"
GROWING = ("addresses", "way_attempts", "deliveries", "captures", "visits")

QUESTIONS: dict[str, Callable[[ArchiveDb], object]] = {
    "pending": lambda db: addresses.pending(db, "acca", 50),
    "refused": lambda db: addresses.ask_refused_again(db, "acca", AT),
    "unlisted": lambda db: list(addresses.suspect_unlisted(db, "acca", "feed", AT, AT)),
    "refusals": lambda db: article_refusals(db, "acca", 1),
    "last answer": lambda db: runs.last_answer(db, "acca", "feed"),
    "last well": lambda db: runs.last_well(db, "acca", "feed"),
    "last newest": lambda db: runs.last_newest(db, "acca", "feed"),
    "due deliveries": lambda db: due(db, "mail", AT),
    "parked deliveries": lambda db: unpark(db, None, AT),
    "an article by its URL": lambda db: find_article(db, "https://acca.example/1"),
}


AGED = (("way_attempts", "way_attempts_outlet", "3000000 50000 1"), ("deliveries", "deliveries_open", "20 10 1"),
        ("messages", "messages_channel", "90000 30000 1"))  # fmt: skip
"""Statistics after years: how many rows, and how many of each value."""


def aged(path: Path) -> ArchiveDb:
    """An empty archive that SQLite takes for one of many years."""
    db = open_archive(path)
    db.execute("ANALYZE")
    db.conn.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", AGED)
    db.conn.commit()
    db.close()
    return open_archive(path)


@pytest.mark.parametrize("opened", [open_archive, aged])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_growing_table_is_read_as_a_whole(
    tmp_path: Path, question: str, opened: Callable[[Path], ArchiveDb]
) -> None:
    db = opened(tmp_path / "acca.db")
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    QUESTIONS[question](db)
    db.conn.set_trace_callback(None)
    statements = [sql for sql in asked if sql.startswith(("SELECT", "UPDATE"))]
    assert statements
    plans = [row["detail"] for sql in statements for row in db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
    assert [step for step in plans if step.split()[:2] in [["SCAN", table] for table in GROWING]] == []


def test_sent_deliveries_are_passed_over(tmp_path: Path) -> None:
    db = aged(tmp_path / "acca.db")
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    due(db, "mail", AT)
    db.conn.set_trace_callback(None)
    first, *_ = db.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert "deliveries_open" in first["detail"]
