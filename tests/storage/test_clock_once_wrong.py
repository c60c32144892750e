"""A clock that was wrong once: times far ahead are not believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from acca_crawler.clock import stamp
from storage.ledger import polls, robots, runs
from storage.schema.database import open_archive, transaction

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
IN_TEN_YEARS = NOW + timedelta(days=3650)


def test_an_outlet_polled_in_the_future_is_due_now(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "acca.db")
    with transaction(db):
        for name in ("acca", "kloop", "hrw"):
            runs.save_outlet(db, name, name, f"https://{name}.example/", "media", ("KG",), ("ru",))
        polls.record_poll(db, "acca", 10, 1, 60, 1440, IN_TEN_YEARS)
        polls.record_poll(db, "kloop", 10, 1, 60, 1440, NOW)
        polls.postpone(db, "hrw", stamp(NOW + timedelta(days=2)))
    assert polls.is_due(db, "acca", NOW)
    assert not polls.is_due(db, "kloop", NOW)
    assert not polls.is_due(db, "hrw", NOW)
    assert polls.is_due(db, "hrw", NOW + timedelta(days=2))


def test_robots_fetched_in_the_future_are_asked_for_again(tmp_path: Path) -> None:
    db = open_archive(tmp_path / "acca.db")
    day_ago, at = stamp(NOW - timedelta(days=1)), stamp(NOW)
    with transaction(db):
        robots.remember(db, "https://a.example", b"later", stamp(IN_TEN_YEARS))
        robots.remember(db, "https://b.example", b"today", at)
    assert robots.recall(db, "https://a.example", day_ago, at) is None
    assert robots.recall(db, "https://b.example", day_ago, at) == b"today"
