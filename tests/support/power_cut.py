"""What a power cut takes from an archive whose process was killed: bytes that no fsync had brought to the disk."""

from __future__ import annotations

import os
import random
import struct
from contextlib import closing
from pathlib import Path

from storage.evidence import index
from storage.schema.kinds import ArchiveDb
from storage.schema.read_only import connect_read_only

FRAME_HEADER, LOG_HEADER = 24, 32
_SALT, _ATTEMPTED = slice(32, 40), slice(128, 132)
"""Where the log's index has the salt of its log, and how many frames a checkpoint synced before it copied them."""


def cut_power(archive: Path, dice: random.Random) -> int:
    """Tear the database's log and its newest WARC file at random where their bytes may be lost; returns bytes lost."""
    synced, indexed = _synced(archive / "acca.db"), _indexed(archive)  # in this order: a reader renews the log's index
    lost = _cut(archive / "acca.db-wal", synced, dice)
    for file in sorted((archive / "warc").glob("*.warc.gz")):
        lost += _cut(file, indexed.get(file.name, 0), dice)
    return lost


def _cut(file: Path, kept: int, dice: random.Random) -> int:
    """Truncate a file, at random, to no less than what is kept."""
    size = file.stat().st_size if file.exists() else 0
    if size <= kept:
        return 0
    end = dice.randint(kept, size)
    os.truncate(file, end)
    return size - end


def _synced(database: Path) -> int:
    """Bytes of the log that were synced: those that a checkpoint copied, all of one that waits to be begun again."""
    log, state_file = database.with_name(f"{database.name}-wal"), database.with_name(f"{database.name}-shm")
    head = log.read_bytes()[:LOG_HEADER] if log.exists() else b""
    if len(head) < LOG_HEADER:
        return 0
    state = state_file.read_bytes()[: _ATTEMPTED.stop]
    if state[_SALT] != head[16:24]:
        return log.stat().st_size
    (page,) = struct.unpack(">I", head[8:12])
    (frames,) = struct.unpack("=I", state[_ATTEMPTED])
    return int(LOG_HEADER + frames * (FRAME_HEADER + page))


def _indexed(archive: Path) -> dict[str, int]:
    """Bytes of each WARC file that the database knows: a capture is synced before it is entered."""
    with closing(connect_read_only(archive / "acca.db")) as connection:
        db = ArchiveDb(connection)
        if not db.table("warc_files").exists():  # killed while the tables were made
            return {}
        return {one.path: one.bytes or index.indexed_end(db, one) for one in index.files(db)}
