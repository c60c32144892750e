"""Retention: giving back the space of old captures that nothing rests on, without hiding that they were there.

WARC files are evidence and are never rewritten, so retention takes whole files or none. A file may go if it was
closed, and each of its captures made, before the given time, its run has a manifest, and none of its captures

- is behind any revision of, or visit to, an article that was ever flagged as alert or digest,
- is behind the newest revision of an article,
- holds the payload of a revisit that stays.

The rows of its captures stay, with their hashes; `pruned` says which rule took the file, and when.
"""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from storage.evidence import index as capture_index
from storage.evidence.index import PrunedRow
from storage.schema.database import transaction

_OLD_FILES = """
    INSERT INTO temp.doomed
    SELECT path FROM warc_files
    WHERE closed_at < :before AND sha256 IS NOT NULL
      AND path NOT IN (SELECT path FROM pruned)
      AND run_id IN (SELECT run_id FROM manifests)
      AND NOT EXISTS (SELECT 1 FROM captures WHERE warc_file = path AND fetched_at >= :before)
"""
_KEEP_WHAT_REPORTS_REST_ON = """
    WITH flagged AS (
        SELECT DISTINCT article_id FROM revisions JOIN flags ON flags.revision_id = revisions.id
        WHERE level IN ('alert', 'digest')
    ),
    kept AS (
        SELECT capture_id FROM revisions WHERE article_id IN flagged
        UNION SELECT capture_id FROM visits WHERE article_id IN flagged
        UNION SELECT capture_id FROM revisions
              WHERE number = (SELECT max(number) FROM revisions AS other WHERE other.article_id = revisions.article_id)
    )
    DELETE FROM temp.doomed WHERE path IN (SELECT warc_file FROM captures WHERE id IN kept)
"""
_KEEP_PAYLOADS_OF_REVISITS = """
    DELETE FROM temp.doomed WHERE path IN (
        SELECT original.warc_file FROM captures AS revisit JOIN captures AS original ON original.id = revisit.revisit_of
        WHERE original.warc_file IN (SELECT path FROM temp.doomed)
          AND revisit.warc_file NOT IN (SELECT path FROM temp.doomed)
          AND revisit.warc_file NOT IN (SELECT path FROM pruned)
    )
"""
_DOOMED = """
    SELECT path, (SELECT count(*) FROM captures WHERE warc_file = path), bytes, sha256
    FROM warc_files WHERE path IN (SELECT path FROM temp.doomed) ORDER BY path
"""


def prune(db: Database, warc_directory: Path, *, older_than: str, at: str, dry_run: bool = False) -> list[PrunedRow]:
    """Remove the WARC files that may go, and return a row for each.

    `older_than` and `at` (now) are times in UTC. The rows are stored before the files are removed; files that an
    interrupted run of this function left behind go too. With `dry_run` nothing changes. The caller holds the
    writer's lock. Raises `OSError` where a file can't be removed; calling again goes on from there.
    """
    with transaction(db):
        going = [
            PrunedRow(path, at, f"older than {older_than}", captures, size, sha256)
            for path, captures, size, sha256 in _doomed(db, older_than)
        ]
        if not dry_run:
            for row in going:
                capture_index.insert_pruned(db, row)
    if not dry_run:
        for row in capture_index.pruned(db):
            (warc_directory / row.path).unlink(missing_ok=True)
    return going


def vacuum(db: Database) -> tuple[int, int]:
    """Give free pages back to the file system, and return the database's size before and after, in bytes.

    The full-text index becomes one piece: a search that has to look into twenty takes a third longer. Takes as much
    free disk space as the database is large. Raises `sqlite3.OperationalError` where that is missing or somebody else
    is writing.
    """
    before = _size(db)
    db.execute("INSERT INTO search (search) VALUES ('optimize')")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.execute("PRAGMA optimize").fetchall()
    return before, _size(db)


def _doomed(db: Database, before: str) -> list[tuple[str, int, int, str]]:
    db.execute("CREATE TEMP TABLE doomed (path TEXT PRIMARY KEY)")
    try:
        db.execute(_OLD_FILES, {"before": before})
        db.execute(_KEEP_WHAT_REPORTS_REST_ON)
        # A file that stays may hold revisits that keep further files.
        while db.execute(_KEEP_PAYLOADS_OF_REVISITS).rowcount:
            pass
        return [tuple(row) for row in db.execute(_DOOMED)]
    finally:
        db.execute("DROP TABLE temp.doomed")


def _size(db: Database) -> int:
    ((pages,),) = db.execute("PRAGMA page_count").fetchall()
    ((page_size,),) = db.execute("PRAGMA page_size").fetchall()
    return int(pages) * int(page_size)
