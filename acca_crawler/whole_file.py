"""Atomic file writes: a file is complete or unchanged, even after a kill or with several writers."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from acca_crawler.exceptions import FileInUse

_PRIVATE = 0o600


@contextmanager
def whole_file(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Open a stream whose content becomes the file `path` when the block ends without an error.

    A kill or a power cut leaves the earlier file or the whole new one. An existing file keeps its owner, where we may
    give files away, and its permissions unless `mode` gives others; a link stays a link. A pipe or a device is written
    to as it is. Raises `FileInUse` if another process is writing this file.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.part")
    with _locked(unfinished, path) as stream:
        try:
            stream.truncate(0)  # a killed process left its beginning
            if target.exists():
                os.fchmod(stream.fileno(), _PRIVATE)  # what it is going to replace may be a secret
            yield stream
            stream.flush()
            if target.exists():
                _liken(stream, target)
            if mode is not None:
                os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def _liken(stream: IO[bytes], target: Path) -> None:
    """Give an open file the owner and permissions of another."""
    status = target.stat()
    with suppress(PermissionError):  # only root gives files away
        os.fchown(stream.fileno(), status.st_uid, status.st_gid)
    os.fchmod(stream.fileno(), stat.S_IMODE(status.st_mode))


@contextmanager
def _locked(unfinished: Path, path: Path) -> Iterator[IO[bytes]]:
    """Open the unfinished file as the only process that does."""
    while True:
        with unfinished.open("ab") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FileInUse(f"{path}: another process is writing this file") from None
            # The process that had the lock may have finished or removed this file since it was opened.
            if _is_at(stream, unfinished):
                yield stream
                return


def _is_at(stream: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False
