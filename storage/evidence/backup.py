"""Backup and restore: SQLite's online backup, and the WARC files as far as that copy indexes them.

A backup can be taken while a crawl is writing. The database is copied as of one moment; of each WARC file, the bytes
indexed at that moment, which never change again. The copied databases are put in place last and as a pair
(`backup_pair`), so an interrupted backup leaves the previous one intact, and the next one resumes where it stopped.

A backup belongs to one archive. A source that is another archive, has fewer runs or has a different history than the
backup is refused: an archive that was emptied or rolled back must not replace its last good copy. The databases of
earlier backups are kept next to the newest, as `earlier-1` and so on; they share its WARC files, which only ever grow.

Reviews (`people.db`) are copied too, if present, and before the archive: reviews refer to reports, so the copied
archive contains every report that a copied review refers to.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.evidence import backup_pair
from storage.evidence import index as capture_index
from storage.evidence.backup_pair import DATABASE_NAME, EARLIER, PEOPLE_NAME
from storage.evidence.index import FileRow
from storage.exceptions import BackupError, DamagedCopy
from storage.review import journal
from storage.schema.kinds import ArchiveDb
from storage.schema.lock import writer_lock
from storage.schema.read_only import connect_read_only

WARC_NAME = "warc"

KEEP = 3
"""Default number of database backups to keep, including the newest."""

_LOCK_NAME = "backup.lock"
_PAGES_PER_STEP = 4096
_CHUNK = 1 << 20

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """The result of a backup or restore. `problems` names each WARC file that could not be copied as stored."""

    files: int
    bytes: int
    problems: tuple[str, ...] = ()


def backup(
    db_path: Path,
    warc_directory: Path,
    target: Path,
    *,
    keep: int = KEEP,
    insist: bool = False,
    progress: Progress | None = None,
) -> Copied:
    """Update the backup in the directory `target`: `acca.db`, `people.db`, and WARC files below `warc`.

    WARC files already in the backup are not read again; if one has grown, only the new part is copied. A complete file
    is compared with the hash recorded when it was closed. Files removed by retention stay in the backup. `keep` is the
    number of database backups to keep. `insist` accepts a source that is older than the backup, or another archive.
    `progress` is called with a line for each step. Raises `BackupError`, and `ArchiveLocked` if another backup is
    writing there.
    """
    return _back_up(db_path, db_path.with_name(PEOPLE_NAME), warc_directory, target, keep, insist, progress)


def _back_up(
    db_path: Path, people: Path, warc_directory: Path, target: Path, keep: int, insist: bool, progress: Progress | None
) -> Copied:
    if not db_path.is_file():
        raise BackupError(f"{db_path}: there is no archive")
    say = progress or (lambda line: None)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with writer_lock(target / _LOCK_NAME):
            finished = backup_pair.finish(target, keep)
            copy = _copy_databases(db_path, people, backup_pair.copying_folder(target), say)
            if not insist and (target / DATABASE_NAME).is_file():
                _refuse_stranger(db_path, copy, target / DATABASE_NAME)
            copied = _copy_warc_files(copy, warc_directory, target / WARC_NAME, say)
            backup_pair.install(target, keep, replaces=finished)
    except sqlite3.Error as error:
        raise BackupError(f"{db_path}: the database can't be copied: {error}") from error
    except OSError as error:
        raise BackupError(f"{error.filename or target}: {error.strerror}") from error
    return copied


def restore(source: Path, into: Path, *, earlier: int = 0, progress: Progress | None = None) -> Copied:
    """Restore an archive into the directory `into` from the backup in the directory `source`.

    `earlier` selects the databases of that many backups before the newest. An interrupted restore can be run again.
    Raises `BackupError`, also if `into` already contains an archive.
    """
    if (into / DATABASE_NAME).exists():
        raise BackupError(f"{into}: there is an archive already")
    database, people = backup_pair.newest(source)
    if earlier:
        folder = source / EARLIER.format(earlier)
        database, people = folder / DATABASE_NAME, folder / PEOPLE_NAME
    return _back_up(database, people, source / WARC_NAME, into, KEEP, False, progress)


@dataclass(frozen=True, slots=True)
class _Identity:
    uuid: str
    last_run: int
    head: str | None


def _identity(path: Path) -> _Identity:
    with closing(connect_read_only(path)) as db:
        (uuid,) = db.execute("SELECT uuid FROM archive_identity").fetchone()
        (last_run,) = db.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()
        newest = db.execute("SELECT sha256 FROM manifests ORDER BY run_id DESC LIMIT 1").fetchone()
    return _Identity(uuid, last_run, newest[0] if newest else None)


def _refuse_stranger(db_path: Path, fresh: Path, kept: Path) -> None:
    """Raise `BackupError` unless the fresh copy is a later state of the existing backup."""
    try:
        before = _identity(kept)
    except sqlite3.Error:  # a damaged backup, or one made before archives had an identity
        return
    try:
        after = _identity(fresh)
    except sqlite3.Error as error:
        raise BackupError(f"{db_path}: not an archive ({error}): its backup stays as it is") from error
    if after.uuid != before.uuid:
        raise BackupError(f"{kept}: the backup of another archive than {db_path}; --insist replaces it")
    if after.last_run < before.last_run:
        runs = f"run {after.last_run} is its last, the backup has run {before.last_run}"
        raise BackupError(f"{db_path}: older than its backup: {runs}; --insist replaces the backup")
    with closing(connect_read_only(fresh)) as db:
        known = db.execute("SELECT 1 FROM manifests WHERE sha256 = ?", [before.head]).fetchone()
    if before.head and not known:
        raise BackupError(
            f"{db_path}: its history no longer matches the backup's (`acca verify`); --insist replaces it"
        )


def _copy_databases(db_path: Path, people: Path, folder: Path, say: Progress) -> Path:
    """Copy people.db, if present, then the archive, and return its copy; again if a run ended between the two copies.

    Its manifest then speaks of journal entries that the copy of people.db lacks.
    """
    while True:
        copied = 0
        if people.is_file():
            copied = journal.head_of(_copy_database(people, folder / PEOPLE_NAME, say)).count
        copy = _copy_database(db_path, folder / DATABASE_NAME, say)
        if copied >= min(_anchored(copy), journal.head_of(people).count):
            return copy


def _anchored(copy: Path) -> int:
    """Return the number of journal entries in the newest manifest; 0 for a damaged one or one of an older release."""
    try:
        with closing(connect_read_only(copy)) as db:
            newest = db.execute("SELECT body FROM manifests ORDER BY run_id DESC LIMIT 1").fetchone()
        return int(json.loads(newest[0])["journal"]["count"]) if newest else 0
    except (sqlite3.Error, ValueError, KeyError, TypeError):
        return 0


def _copy_database(db_path: Path, copied: Path, say: Progress) -> Path:
    copied.unlink(missing_ok=True)
    copied.touch(mode=stat.S_IMODE(db_path.stat().st_mode))

    def step(status: int, remaining: int, total: int) -> None:
        say(f"{copied.name}: {total - remaining} of {total} pages")

    with closing(connect_read_only(db_path)) as source, closing(sqlite3.connect(copied)) as copy:
        # One snapshot for all steps: otherwise each write of a running crawl would restart the copy.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=_PAGES_PER_STEP, progress=step)
        source.rollback()
        # A backup is one file; in WAL mode, opening it would leave additional files next to it.
        copy.execute("PRAGMA journal_mode = DELETE")
    with copied.open("r+b") as stream:
        os.fsync(stream.fileno())
    return copied


def _copy_warc_files(snapshot: Path, source: Path, target: Path, say: Progress) -> Copied:
    target.mkdir(exist_ok=True)
    files, size, problems = 0, 0, []
    with closing(connect_read_only(snapshot)) as connection:
        for file, extent in _extents(ArchiveDb(connection)):
            try:
                copied = _copy_file(source / file.path, target / file.path, extent, file.sha256)
            except DamagedCopy as error:
                problems.append(str(error))
                continue
            if copied:
                files, size = files + 1, size + copied
                say(f"{file.path}: {copied} bytes")
    for torn in sorted(source.glob(f"*{capture_index.SUFFIX}.torn-*")):
        size += _copy_file(torn, target / torn.name, torn.stat().st_size, None)
    return Copied(files, size, tuple(problems))


def _extents(db: ArchiveDb) -> Iterator[tuple[FileRow, int]]:
    """Yield each file that is still kept, and the number of its bytes that are indexed."""
    gone = {row.path for row in capture_index.pruned(db)}
    for file in capture_index.files(db):
        if file.path not in gone:
            yield file, file.bytes if file.bytes is not None else capture_index.indexed_end(db, file)


def _copy_file(source: Path, target: Path, extent: int, sha256: str | None) -> int:
    """Copy the bytes up to `extent` that the target lacks, and return how many.

    Existing bytes of the target are never replaced by worse ones. Raises `DamagedCopy`.
    """
    have = target.stat().st_size if target.exists() else 0
    if have == extent:
        return 0
    if have > extent:
        raise DamagedCopy(f"{source}: the copy has {have} bytes, the archive knows of {extent} only")
    _append(source, target, have, extent)
    if sha256 is None or _sha256(target) == sha256:
        return extent - have
    os.truncate(target, have)
    return _copy_whole(source, target, extent, sha256)


def _copy_whole(source: Path, target: Path, extent: int, sha256: str) -> int:
    """Replace a badly copied beginning, if the source is intact."""
    fresh = target.with_name(f"{target.name}.partial")
    fresh.unlink(missing_ok=True)
    _append(source, fresh, 0, extent)
    if _sha256(fresh) != sha256:
        fresh.unlink()
        raise DamagedCopy(f"{source}: the file is not what it was when it was closed")
    fresh.replace(target)
    return extent


def _append(source: Path, target: Path, start: int, end: int) -> None:
    try:
        stream = source.open("rb")
    except FileNotFoundError as error:
        raise DamagedCopy(f"{source}: the file is missing") from error
    with stream, target.open("ab") as copy:
        stream.seek(start)
        left = end - start
        while left and (chunk := stream.read(min(left, _CHUNK))):
            copy.write(chunk)
            left -= len(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    if left:
        os.truncate(target, start)
        raise DamagedCopy(f"{source}: {left} bytes are missing")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
