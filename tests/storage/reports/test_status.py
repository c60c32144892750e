"""What `acca status` counts: what the next run will do, not what was given up or turned off."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.ledger.addresses import MAX_TRIES
from storage.reports.archive_figures import archive_figures
from storage.reports.diff import outlet_statuses
from storage.schema.database import open_archive
from storage.schema.kinds import ArchiveDb

AT = "2026-11-30T06:00:00Z"


@pytest.fixture
def db(tmp_path: Path) -> ArchiveDb:
    """One run of one outlet."""
    opened = open_archive(tmp_path / "acca.db")
    opened.execute("INSERT INTO outlets VALUES ('acca', 'ACCA', 'https://acca.example/', 'media', '[]', '[]')")
    opened.execute("INSERT INTO runs VALUES (1, 'crawl', ?, ?, 'ok', '{}', '0')", [AT, AT])
    opened.execute("INSERT INTO run_outlets VALUES (1, 'acca', 'ok', 'rest', NULL)")
    return opened


def test_an_address_that_was_tried_out_is_not_waiting(db: ArchiveDb) -> None:
    for number, (status, tries) in enumerate((("pending", 0), ("failed", 1), ("failed", MAX_TRIES), ("stored", 0))):
        db.execute(
            "INSERT INTO addresses (outlet, url, listed_url, identity, status, way, first_seen_at, last_listed_at, "
            "status_at, tries) VALUES ('acca', :url, :url, :url, :status, 'rest', :at, :at, :at, :tries)",
            {"url": f"https://acca.example/{number}", "status": status, "at": AT, "tries": tries},
        )
    assert [status.waiting for status in outlet_statuses(db)] == [2]


def test_an_outlet_that_was_turned_off_long_ago_is_not_due(db: ArchiveDb, tmp_path: Path) -> None:
    polls = (("off", "2026-01-02T06:00:00Z", "2026-01-02T07:00:00Z"), ("acca", AT, "2026-11-30T07:00:00Z"))
    db.execute("INSERT INTO outlets SELECT 'off', title, home, kind, countries, languages FROM outlets")
    for outlet, polled, due in polls:
        db.execute("INSERT INTO polls VALUES (?, ?, 60, ?)", [outlet, polled, due])
    assert archive_figures(db, tmp_path / "acca.db", AT).next_due_at == "2026-11-30T07:00:00Z"
