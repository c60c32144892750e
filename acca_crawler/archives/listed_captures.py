"""Captures as an archive's index lists them, and the interface common to all archives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from acca_crawler.clock import stamp
from acca_crawler.items import Capture


@dataclass(frozen=True, slots=True)
class ArchivedCapture:
    """One line of an index. `captured_at` is the UTC time of the capture, `digest` the index's hash of its payload.

    `file`, `offset` and `length` (bytes) locate the WARC record; empty and 0 if the archive serves pages by address
    and time.
    """

    url: str
    captured_at: str
    status: int | None
    mime: str
    digest: str
    file: str = ""
    offset: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class IndexPage:
    """A part of an index. `next_key` requests the next part and is empty after the last; `broken` counts bad lines."""

    captures: tuple[ArchivedCapture, ...]
    next_key: str
    broken: int = 0


class WebArchive(Protocol):
    """A web archive: an index by host, and the captures it lists."""

    @property
    def name(self) -> str:
        """The archive's name in routes and in the ledger."""
        ...

    def index(self, host: str, start_key: str = "") -> Iterator[IndexPage]:
        """List the HTML pages of a host that answered 200; `start_key` continues after an earlier page.

        Raises `WebArchiveError`.
        """
        ...

    def fetch(self, capture: ArchivedCapture) -> Capture:
        """Fetch a capture as archived: its own address and time, headers and payload as archived.

        The route names the archive and the address it came from. Raises `CaptureMissing` if the archive lists it but
        can't serve it, `WebArchiveError`.
        """
        ...


def stamp_of(timestamp: str) -> str:
    """Return the UTC stamp of an index's timestamp, 4 to 14 digits. Raises `ValueError` if it is not one."""
    if not timestamp.isdecimal() or not 4 <= len(timestamp) <= 14:
        raise ValueError(f"not a timestamp: {timestamp[:40]!r}")
    whole = timestamp + "00000101000000"[len(timestamp) :]
    return stamp(datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC))


def timestamp_of(utc_stamp: str) -> str:
    """Return the 14 digits of a UTC stamp."""
    return "".join(character for character in utc_stamp if character.isdecimal())[:14]
