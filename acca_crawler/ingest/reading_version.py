"""Which code, words and weights read a page, to recognise articles prepared by a process that has different ones."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from acca_crawler import __version__
from acca_crawler.detect.detector import fingerprint

PACKAGE = Path(__file__).resolve().parents[1]

READ_WITH = ("dedup", "detect", "discovery", "extract", "ingest", "search", "text", "items.py", "outlets.py")
"""What of our package an article, its detection, and what is prepared of it for storing depend on."""

_SUFFIXES = frozenset({".json", ".npy", ".npz", ".py", ".toml", ".txt"})


@cache
def reading_version(package: Path = PACKAGE) -> str:
    """Return our version with the first 12 hex digits of the SHA-256 of what reads pages, e.g. `0.1.0+1a2b3c4d5e6f`.

    Between two releases with the same number, and where somebody changed a word list by hand, only the hash differs.
    """
    digest = hashlib.sha256()
    for path in sorted(file for name in READ_WITH for file in _files(package / name)):
        digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def reader_of(lexicons: tuple[Path, ...]) -> str:
    """Return what two processes must have in common to read a page alike: our version and the operator's lexicons."""
    return f"{reading_version()} {fingerprint(lexicons)}"


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.suffix in _SUFFIXES]
