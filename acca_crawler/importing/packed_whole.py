"""WARC files that were packed as a whole, with `gzip`, and not record by record as ISO 28500 (annex D) asks."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from acca_crawler.exceptions import ImportFileError
from acca_crawler.interrupts import interruptible

MAX_RATIO = 200
"""How many times its size a file may unpack to; text packs to a tenth, a decompression bomb to a thousandth."""
PIECE = 1 << 20
MAX_HEAD = 1 << 16
"""Bytes within which the first record's header ends."""
_LENGTH = re.compile(rb"\r?\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r?\n", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")


@contextmanager
def by_records(file: Path) -> Iterator[Path]:
    """Give a WARC file that can be read from any record: the file itself or, if it was packed whole, an unpacked copy.

    The copy has the file's name and is removed at the end. Raises `ImportFileError` if it unpacks to too much.
    """
    if not _is_packed_whole(file):
        yield file
        return
    with TemporaryDirectory(prefix="acca-import-") as directory:
        copy = Path(directory) / file.name
        with interruptible():
            _unpack(file, copy)
        try:
            yield copy
        except ImportFileError as error:
            raise ImportFileError(str(error).replace(str(copy), f"{file} (unpacked)")) from error


def _is_packed_whole(file: Path) -> bool:
    """Whether the file's first gzip member goes on behind its first record."""
    unpacking = zlib.decompressobj(wbits=31)
    with file.open("rb") as stream:
        try:
            head = unpacking.decompress(stream.read(PIECE), MAX_HEAD)
            end, length = _HEAD_END.search(head), _LENGTH.search(head)
            if not head.startswith(b"WARC/") or end is None or length is None or length.start() >= end.end():
                return False
            left = end.end() + int(length[1]) + len(b"\r\n\r\nWARC/") - len(head)
            while left > 0:
                packed = unpacking.unconsumed_tail or stream.read(PIECE)
                if unpacking.eof or not packed:
                    return False
                left -= len(unpacking.decompress(packed, min(left, PIECE)))
        except zlib.error:
            return False
    return True


def _unpack(file: Path, copy: Path) -> None:
    """Unpack as much as can be: the reader of the copy says where it breaks off."""
    left = file.stat().st_size * MAX_RATIO
    with gzip.open(file) as packed, copy.open("wb") as out:
        try:
            while piece := packed.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise ImportFileError(f"{file}: it unpacks to more than {MAX_RATIO} times its size")
                out.write(piece)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return
