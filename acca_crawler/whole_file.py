"""Files that are written whole or not at all, whatever is killed and whoever else writes them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from acca_crawler.exceptions import FileInUse


@contextmanager
def whole_file(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """Open a stream whose content becomes the file `path` when the block ends without an error.

    A kill or a power cut leaves the earlier file or the whole new one. An existing file keeps its permissions unless
    `mode` gives others; a link stays a link. Raises `FileInUse` if another process is writing this file.
    """
    target = path.resolve()
    unfinished = target.with_name(f".{target.name}.part")
    with _locked(unfinished, path) as stream:
        try:
            stream.truncate(0)  # a killed process left its beginning
            yield stream
            stream.flush()
            if mode is not None or target.exists():
                os.fchmod(stream.fileno(), target.stat().st_mode & 0o777 if mode is None else mode)
            os.fsync(stream.fileno())
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


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
            if unfinished.exists() and os.path.samestat(unfinished.stat(), os.fstat(stream.fileno())):
                yield stream
                return
