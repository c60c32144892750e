"""Retention takes whole old files that nothing rests on, says so, and leaves everything else alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.evidence.index import PrunedRow
from storage.evidence.retention import prune, vacuum
from storage.evidence.sources import RENDERED_ROUTE, SCREENSHOT_ROUTE, SCREENSHOT_URL
from storage.evidence.verify import verify
from storage.exceptions import CaptureError
from storage.schema.database import transaction
from tests.support.evidence import Evidence, capture

NOW = "2026-12-01T00:00:00.000Z"
SOON = "2026-11-30T00:00:00.000Z"


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path)


def crawl(evidence: Evidence, *urls: str, payload: bytes = b"", **changes: str) -> int:
    """A closed run of captures that no article rests on; its file is `20261122-RUN-0.warc.gz`."""
    run = evidence.run()
    with evidence.store() as store:
        for url in urls:
            page = payload or f"{run} {url}".encode() * 20
            store.write(capture(f"https://khabar.example/{url}", page, **changes), run_id=run, outlet="khabar")
    evidence.close(run)
    return run


def name(run: int) -> str:
    return f"20261122-{run}-0.warc.gz"


def pruned(evidence: Evidence, older_than: str = SOON) -> list[str]:
    return [row.path for row in prune(evidence.db, evidence.warc, older_than=older_than, at=NOW)]


def test_the_row_of_a_file_is_on_the_disk_before_the_file_is_gone(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlink(path: Path, *, missing_ok: bool) -> None:
        ((syncs,),) = evidence.db.execute("PRAGMA synchronous").fetchall()
        removed.append((path.name, syncs, evidence.db.conn.in_transaction))

    removed: list[tuple[str, int, bool]] = []
    run = crawl(evidence, "old")
    monkeypatch.setattr(Path, "unlink", unlink)
    pruned(evidence)
    assert removed == [(name(run), 2, False)]  # FULL: each commit was synced


def errors(evidence: Evidence) -> list[str]:
    return [str(finding) for finding in verify(evidence.db, evidence.warc) if finding.is_error]


def flag(evidence: Evidence, revision: int, run: int, level: str) -> None:
    columns = {"country": None, "score": 1.0, "categories": "[]", "reasons": "[]", "detector": "test"}
    evidence.db.execute("UPDATE flags SET current = 0 WHERE revision_id = ?", [revision])
    number = evidence.insert("flags", revision_id=revision, run_id=run, level=level, **columns)
    span = {"field": "text", "start": 0, "end": 5, "quote": "мәтін", "rule": "kk.torture: мәтін", "gloss": ""}
    evidence.insert("flag_spans", flag_id=number, position=0, side="for", **{f'"{name}"': span[name] for name in span})
    if level == "alert":
        (article,) = evidence.rows(f"SELECT article_id FROM revisions WHERE id = {revision}")[0]
        about = {"article_id": article, "revision_id": revision, "flag_id": number, "run_id": run}
        evidence.insert("alerts", kind="new", created_at=NOW, **about)


def test_an_old_file_goes_and_verify_says_so(evidence: Evidence) -> None:
    run = crawl(evidence, "feed", "robots.txt")
    path = evidence.warc / name(run)
    size = path.stat().st_size
    (row,) = prune(evidence.db, evidence.warc, older_than=SOON, at=NOW)
    assert row == PrunedRow(path.name, NOW, f"older than {SOON}", 2, size, row.sha256)
    assert not path.exists()
    assert [str(one) for one in verify(evidence.db, evidence.warc)] == [
        f"pruned-file: {path.name}, pruned row 1: pruned by rule older than {SOON} on {NOW}"
    ]
    with pytest.raises(CaptureError, match=f"pruned by rule older than {SOON} on {NOW}"):
        evidence.store().read(1)


def test_a_file_stays_while_it_is_young_open_or_without_manifest(evidence: Evidence) -> None:
    crawl(evidence, "young", fetched_at="2026-11-30T12:00:00.000Z")
    assert pruned(evidence) == []
    assert pruned(evidence, older_than="2026-11-22T10:00:00.000Z") == []
    run = evidence.run()
    store = evidence.store()
    store.write(capture(), run_id=run, outlet="khabar")
    assert pruned(evidence) == []
    store.close()
    assert pruned(evidence) == []
    evidence.close(run)
    assert pruned(evidence) == [name(run)]


def test_the_newest_revision_keeps_its_capture(evidence: Evidence) -> None:
    run = evidence.stored_run(1)
    evidence.close(run)
    assert pruned(evidence) == []


def test_an_older_revision_goes_unless_the_article_was_ever_flagged(evidence: Evidence) -> None:
    for level, expected in (("ignore", True), ("digest", False), ("alert", False)):
        first = evidence.run()
        with evidence.store() as store:
            url = f"https://khabar.example/{level}"
            old = store.write(capture(url, level.encode() * 9), run_id=first, outlet="khabar")
            revision = evidence.revision(first, old)
        flag(evidence, revision, first, level)
        evidence.close(first)
        second = evidence.run()
        with evidence.store() as store:
            new = store.write(capture(url, level.encode() * 10), run_id=second, outlet="khabar")
        evidence.next_revision(revision, second, new)
        evidence.close(second)
        assert pruned(evidence) == ([name(first)] if expected else [])
    assert errors(evidence) == []


def test_the_visits_to_a_flagged_article_stay(evidence: Evidence) -> None:
    first = evidence.stored_run(1)
    flag(evidence, 1, first, "alert")
    evidence.close(first)
    visit = crawl(evidence, "gone", status="404")
    evidence.insert(
        "visits", article_id=1, run_id=visit, capture_id=2, visited_at="2026-11-22T10:00:00.000Z", outcome="gone"
    )
    assert pruned(evidence) == []
    for table in ("outbox", "alerts", "flag_spans", "flags"):
        evidence.db.execute(f"DELETE FROM {table}")
    assert pruned(evidence) == [name(visit)]


def test_the_feed_that_announced_a_flagged_report_stays(evidence: Evidence) -> None:
    feeds = [crawl(evidence, f"feed-{number}") for number in (1, 2)]
    for number, level in ((1, "alert"), (2, "ignore")):
        run = evidence.run()
        url = f"https://khabar.example/{number}"
        with evidence.store() as store:
            revision = evidence.revision(run, store.write(capture(url, url.encode()), run_id=run, outlet="khabar"))
        flag(evidence, revision, run, level)
        evidence.close(run)
        seen = {"first_seen_at": NOW, "last_listed_at": NOW, "status_at": NOW}
        evidence.insert(
            "addresses", outlet="khabar", url=url, listed_url=url, article_id=number, status="stored", way="feed",
            listed_capture_id=number, **seen,
        )  # fmt: skip
    assert pruned(evidence) == [name(feeds[1])]


def test_the_pictures_of_flagged_reports_and_what_their_pages_were_rendered_from_stay(evidence: Evidence) -> None:
    url = "https://khabar.example/flagged"
    raw = crawl(evidence, "flagged", payload=b"<script>" * 9)
    run = evidence.run()
    with evidence.store() as store:
        store.write(capture(url, b"<script>" * 10), run_id=run, outlet="khabar")
    with evidence.store() as store:  # another file of the run: what the page's scripts fetched
        store.write(capture("https://khabar.example/text.json", b"{}" * 9, kind="other"), run_id=run, outlet="khabar")
    with evidence.store() as store:
        made = store.write(capture(url, b"text" * 9, route=RENDERED_ROUTE), run_id=run, outlet="khabar")
        revision = evidence.revision(run, made)
    flag(evidence, revision, run, "alert")
    evidence.close(run)
    later = evidence.run()
    with evidence.store() as store:
        shot = capture(f"{SCREENSHOT_URL}{url}", b"PNG" * 9, route=f"{SCREENSHOT_ROUTE}{made}")
        store.write(shot, run_id=later, outlet="khabar")
    evidence.close(later)
    assert pruned(evidence) == [name(raw)]


def test_a_payload_stays_as_long_as_a_revisit_of_it_does(evidence: Evidence) -> None:
    original = crawl(evidence, "page", payload=b"unchanged" * 9)
    middle = crawl(evidence, "page", "other", payload=b"unchanged" * 9)
    late = crawl(evidence, "other", payload=b"unchanged" * 9, fetched_at="2026-11-30T12:00:00.000Z")
    assert pruned(evidence) == []  # the late file keeps the middle one, which keeps the first
    assert pruned(evidence, older_than="2026-12-01T00:00:00.000Z") == [name(original), name(middle), name(late)]
    assert errors(evidence) == []


def test_a_payload_that_went_is_stored_again(evidence: Evidence) -> None:
    crawl(evidence, "page", payload=b"unchanged" * 9)
    assert len(pruned(evidence)) == 1
    crawl(evidence, "page", payload=b"unchanged" * 9)
    assert evidence.rows("SELECT revisit_of FROM captures") == [(None,), (None,)]
    assert evidence.store().read(2).payload == b"unchanged" * 9
    assert errors(evidence) == []


def test_a_dry_run_changes_nothing(evidence: Evidence) -> None:
    run = crawl(evidence, "feed")
    (row,) = prune(evidence.db, evidence.warc, older_than=SOON, at=NOW, dry_run=True)
    assert row.path == name(run)
    assert list(verify(evidence.db, evidence.warc)) == []
    assert (evidence.warc / name(run)).exists()


def test_an_interrupted_pruning_is_finished_by_the_next(evidence: Evidence) -> None:
    run = crawl(evidence, "feed")
    whole = (evidence.warc / name(run)).read_bytes()
    pruned(evidence)
    (evidence.warc / name(run)).write_bytes(whole)
    assert errors(evidence) == []
    assert pruned(evidence) == []
    assert not (evidence.warc / name(run)).exists()


def test_what_was_pruned_is_part_of_the_next_manifest(evidence: Evidence) -> None:
    crawl(evidence, "feed")
    pruned(evidence)
    crawl(evidence, "feed")
    evidence.db.execute("UPDATE pruned SET rule = 'older than 2030'")
    assert [one.split(":")[0] for one in errors(evidence)] == ["edited-row"]
    evidence.db.execute("DELETE FROM pruned")
    assert [one.split(":")[0] for one in errors(evidence)] == ["edited-row", "missing-file"]


def test_captures_in_a_pruned_file_are_still_vouched_for(evidence: Evidence) -> None:
    crawl(evidence, "feed")
    pruned(evidence)
    evidence.db.execute("UPDATE captures SET payload_sha256 = 'x'")
    assert [one.split(":")[0] for one in errors(evidence)] == ["edited-row"]


def test_vacuum_gives_space_back(evidence: Evidence) -> None:
    run = evidence.run()
    with transaction(evidence.db):
        for number in range(2000):
            evidence.insert("run_counts", run_id=run, outlet="khabar" * 50, name=str(number), value=1)
    evidence.db.execute("DELETE FROM run_counts")
    before, after = vacuum(evidence.db)
    assert after < before / 2
    assert evidence.path.stat().st_size == after


def test_vacuum_puts_the_index_together(evidence: Evidence) -> None:
    for number in range(1, 4):
        with transaction(evidence.db):
            evidence.db.execute("INSERT INTO search (rowid, body_stems) VALUES (?, ?)", [number, f"20261word{number}"])
    pieces = "SELECT count(DISTINCT segid) FROM search_idx"
    assert evidence.db.execute(pieces).fetchone()[0] > 1
    vacuum(evidence.db)
    assert evidence.db.execute(pieces).fetchone()[0] == 1
    found = "SELECT rowid FROM search WHERE search MATCH '20261word*' ORDER BY rowid"
    assert [row[0] for row in evidence.db.execute(found)] == [1, 2, 3]
