"""What every run asks of the tables that grow for ever is answered by an index, without statistics too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage.alerts.deliveries import due, unpark
from storage.articles import stories, story_index
from storage.articles.story_index import Fingerprint
from storage.ledger import addresses, runs
from storage.reports.diff import find_article
from storage.reports.trouble import article_refusals
from storage.schema.database import open_archive
from storage.schema.kinds import ArchiveDb

AT = "2026-11-30T06:00:00Z"
GROWING = (
    "addresses", "way_attempts", "deliveries", "captures", "visits", "articles", "revisions", "revision_profiles",
    "story_keys", "story_names", "story_alternates", "story_members", "stories",
)  # fmt: skip
PRINT = Fingerprint(
    (1, 2), 2, (3, 4), "2026-11-30", "ru", "acca", "https://acca.example/1", ("https://acca.example/2",), (5,)
)

QUESTIONS: dict[str, Callable[[ArchiveDb], object]] = {
    "pending": lambda db: addresses.pending(db, "acca", 50),
    "refused": lambda db: addresses.ask_refused_again(db, "acca", AT, everywhere=False),
    "tried by other rules": lambda db: addresses.ask_again_by_rules(
        db, "acca", "rules", listed_since=AT, seen_since=AT, at=AT
    ),
    "unlisted": lambda db: list(addresses.suspect_unlisted(db, "acca", "feed", AT, AT)),
    "refusals": lambda db: article_refusals(db, "acca", 1),
    "last answer": lambda db: runs.last_answer(db, "acca", "feed"),
    "last well": lambda db: runs.last_well(db, "acca", "feed"),
    "last newest": lambda db: runs.last_newest(db, "acca", "feed"),
    "due deliveries": lambda db: due(db, "mail", AT),
    "parked deliveries": lambda db: unpark(db, None, AT),
    "candidates of a story": lambda db: story_index.candidates(db, PRINT),
    "reports to compare": lambda db: list(stories.reports(db, [1, 2])),
    "an outlet's latest": lambda db: stories.latest_of_outlet(db, "acca", None, 200),
    "a story's members": lambda db: stories.articles_of(db, [1]),
    "its members in a language": lambda db: stories.members_in(db, 1, "ru", 8),
    "whether it is flagged": lambda db: stories.is_flagged(db, [1], None),
    "its first reporter": lambda db: stories.first_of(db, 1),
    "an article by its URL": lambda db: find_article(db, "https://acca.example/1"),
}
READ_WHOLE = {"an article by its URL": ("articles",)}
"""What is asked by a person alone, of an article without an address in the ledger."""

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
    statements = [sql for sql in asked if sql.lstrip().startswith(("SELECT", "UPDATE"))]
    assert statements
    plans = [row["detail"] for sql in statements for row in db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
    kept_apart = [table for table in GROWING if table not in READ_WHOLE.get(question, ())]
    assert [step for step in plans if step.split()[:2] in [["SCAN", table] for table in kept_apart]] == []


def test_sent_deliveries_are_passed_over(tmp_path: Path) -> None:
    db = aged(tmp_path / "acca.db")
    asked: list[str] = []
    db.conn.set_trace_callback(asked.append)
    due(db, "mail", AT)
    db.conn.set_trace_callback(None)
    first, *_ = db.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert "deliveries_open" in first["detail"]
