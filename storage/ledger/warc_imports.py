"""How far large WARC files were imported for each outlet, so that an interrupted import continues there.

Rules are hashes of what decides which pages are an outlet's (`acca_crawler.declared_rules`): with other rules, or for
another outlet, a file was not read yet. Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Mapping

from storage.schema.kinds import ArchiveDb


def offsets_reached(db: ArchiveDb, file: str, size: int, rules: Mapping[str, str]) -> dict[str, int]:
    """Return the offset (bytes) up to which a file of this name and size was imported, by outlet; 0 if it was not.

    `rules` are today's, by outlet.
    """
    rows = db.execute(
        'SELECT outlet, rules, "offset" FROM warc_imports WHERE file = ? AND size = ?', [file, size]
    ).fetchall()
    reached = {(row["outlet"], row["rules"]): int(row["offset"]) for row in rows}
    return {outlet: reached.get((outlet, of_outlet), 0) for outlet, of_outlet in rules.items()}


def save_offset(db: ArchiveDb, file: str, size: int, rules: Mapping[str, str], offset: int, at: str) -> None:
    """Record the offset reached in a file of `size` bytes for the outlets of `rules`, inside the caller's transaction.

    An outlet for which the file was read further stays there.
    """
    db.conn.executemany(
        'INSERT INTO warc_imports (file, size, outlet, rules, "offset", imported_at) VALUES (?, ?, ?, ?, ?, ?) '
        'ON CONFLICT (file, size, outlet, rules) DO UPDATE SET "offset" = excluded."offset", '
        'imported_at = excluded.imported_at WHERE excluded."offset" > "offset"',
        [(file, size, outlet, of_outlet, offset, at) for outlet, of_outlet in rules.items()],
    )
