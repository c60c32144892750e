"""Retention: freeing the space of old captures that nothing depends on, without hiding that they existed.

WARC files are evidence and are never rewritten, so retention removes whole files. A file can be removed if it was
closed, and each of its captures made, before the given time, its run has a manifest, and none of its captures

- is the source of any revision of, or visit to, an article that was ever flagged as alert or digest,
- is the feed or list that announced such an article,
- is the source of the newest revision of an article,
- is the page from which a browser made such a source, or what the page's scripts fetched,
- is a screenshot (only flagged reports have one),
- stores the payload of a revisit that is kept.

The rows of its captures are kept, with their hashes; `pruned` records which rule removed the file, and when.
"""

from __future__ import annotations

from pathlib import Path

from storage.articles import search
from storage.evidence import index as capture_index
from storage.evidence.index import PrunedRow
from storage.evidence.sources import RENDERED_ROUTE, SCREENSHOT_URL
from storage.schema.database import make_durable, transaction
from storage.schema.kinds import ArchiveDb

_OLD_FILES = """
    INSERT INTO temp.doomed
    SELECT path FROM warc_files
    WHERE closed_at < :before AND sha256 IS NOT NULL
      AND path NOT IN (SELECT path FROM pruned)
      AND run_id IN (SELECT run_id FROM manifests)
      AND NOT EXISTS (SELECT 1 FROM captures WHERE warc_file = path AND fetched_at >= :before)
"""
_KEEP_WHAT_REPORTS_REST_ON = f"""
    WITH flagged AS (
        SELECT DISTINCT article_id FROM revisions JOIN flags ON flags.revision_id = revisions.id
        WHERE level IN ('alert', 'digest')
    ),
    sources AS (
        SELECT capture_id FROM revisions WHERE article_id IN flagged
        UNION SELECT json_extract(further.value, '$.capture_id') FROM revisions, json_each(parts) AS further
              WHERE parts IS NOT NULL AND (article_id IN flagged OR revisions.id IN (SELECT revision_id FROM articles))
        UNION SELECT capture_id FROM visits WHERE article_id IN flagged
        UNION SELECT listed_capture_id FROM addresses WHERE article_id IN flagged
        UNION SELECT capture_id FROM revisions WHERE id IN (SELECT revision_id FROM articles)
    ),
    kept AS (
        SELECT capture_id FROM sources
        UNION SELECT used.id FROM sources JOIN captures AS made ON made.id = capture_id
              JOIN captures AS used ON used.run_id = made.run_id AND used.outlet = made.outlet AND used.id < made.id
              AND used.kind IN ('article', 'other')
              AND used.id >= (SELECT max(raw.id) FROM captures AS raw WHERE raw.url = made.url AND raw.id < made.id
                              AND raw.outlet = made.outlet AND raw.run_id = made.run_id AND raw.route != made.route)
              WHERE made.route = '{RENDERED_ROUTE}'
        UNION SELECT id FROM captures WHERE url >= '{SCREENSHOT_URL}' AND url < '{SCREENSHOT_URL}' || char(1114111)
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


def prune(db: ArchiveDb, warc_directory: Path, *, older_than: str, at: str, dry_run: bool = False) -> list[PrunedRow]:
    """Remove the WARC files that retention allows, and return a row for each.

    `older_than` and `at` (now) are times in UTC. The rows are stored before the files are removed; files that an
    interrupted call left behind are removed too. With `dry_run` nothing changes. The caller has the writer's lock.
    Raises `OSError` if a file can't be removed; calling again resumes from there.
    """
    if not dry_run:
        make_durable(db)  # a power cut must not bring back the row of a file that is gone
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


def vacuum(db: ArchiveDb) -> tuple[int, int]:
    """Return free pages to the file system, and return the database's size before and after, in bytes.

    Merges the search index, too. Needs as much free disk space as the database's size. Raises
    `sqlite3.OperationalError` if the space is missing or another process is writing.
    """
    before = _size(db)
    search.merge(db)
    db.execute("VACUUM")
    db.execute("PRAGMA optimize").fetchall()  # may write statistics, which the checkpoint puts into the file
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return before, _size(db)


def _doomed(db: ArchiveDb, before: str) -> list[tuple[str, int, int, str]]:
    db.execute("CREATE TEMP TABLE doomed (path TEXT PRIMARY KEY)")
    try:
        db.execute(_OLD_FILES, {"before": before})
        db.execute(_KEEP_WHAT_REPORTS_REST_ON)
        # A kept file may contain revisits that require further files to be kept.
        while db.execute(_KEEP_PAYLOADS_OF_REVISITS).rowcount:
            pass
        return [tuple(row) for row in db.execute(_DOOMED)]
    finally:
        db.execute("DROP TABLE temp.doomed")


def _size(db: ArchiveDb) -> int:
    ((pages,),) = db.execute("PRAGMA page_count").fetchall()
    ((page_size,),) = db.execute("PRAGMA page_size").fetchall()
    return int(pages) * int(page_size)
