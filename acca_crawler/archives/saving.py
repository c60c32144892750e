"""Asks other web archives to keep a page: the Wayback Machine's Save Page Now, and archive.today."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from acca_crawler.archives.listed_captures import stamp_of
from acca_crawler.archives.polite import PoliteClient
from acca_crawler.exceptions import WebArchiveError
from storage.articles.elsewhere import ARCHIVE_TODAY, WAYBACK

_PLAYED_BACK = re.compile(r"/web/(\d{14})/")
_REFRESH = re.compile(r"url=(\S+)", re.IGNORECASE)
_IN_PROGRESS = re.compile(r"/wip/")


@dataclass(frozen=True, slots=True)
class SavedCopy:
    """Where an archive keeps the copy, and its time (UTC stamp) if known."""

    address: str
    captured_at: str | None


class CopyService(Protocol):
    """An archive that makes a copy of a page on request."""

    @property
    def name(self) -> str:
        """Return the name in tables and on covers."""

    def save(self, url: str) -> SavedCopy:
        """Ask for a copy and wait for it. Raises `WebArchiveError`."""


@dataclass(frozen=True, slots=True)
class SavePageNow:
    """The Wayback Machine at `home`. `key` is `ACCESS:SECRET` of an account (archive.org/account/s3.php), or empty.

    With a key the API of 2019 (SPN2) is used: a job, polled `polls` times. Without one the page `/save/URL` is opened,
    which is slower and refused more often.
    """

    client: PoliteClient
    home: str
    key: str = ""
    polls: int = 30

    @property
    def name(self) -> str:
        """Return the name in tables and on covers."""
        return WAYBACK

    def save(self, url: str) -> SavedCopy:
        """Ask for a copy and wait for it. Raises `WebArchiveError`."""
        return self._by_job(url) if self.key else self._by_page(url)

    def _by_page(self, url: str) -> SavedCopy:
        reply = self.client.get(f"{self.home}/save/{url}")
        where = urljoin(self.home, reply.headers.get("content-location", "")) if reply.status == 200 else ""
        for address in (reply.url, where):
            if found := _PLAYED_BACK.search(address):
                return SavedCopy(address, stamp_of(found[1]))
        raise WebArchiveError(f"{self.home}: HTTP {reply.status}, and no copy")

    def _by_job(self, url: str) -> SavedCopy:
        headers = {"Accept": "application/json", "Authorization": f"LOW {self.key}"}
        started = self._json(self.client.send("POST", f"{self.home}/save", headers=headers, data={"url": url}).body)
        job = started.get("job_id")
        if not job:
            raise WebArchiveError(f"{self.home}: {started.get('message') or started}"[:300])
        for _ in range(self.polls):
            state = self._json(self.client.get(f"{self.home}/save/status/{job}", headers=headers).body)
            if state.get("status") == "success" and state.get("timestamp"):
                address = f"{self.home}/web/{state['timestamp']}/{state.get('original_url') or url}"
                return SavedCopy(address, stamp_of(state["timestamp"]))
            if state.get("status") == "error":
                raise WebArchiveError(f"{self.home}: {state.get('message') or state.get('status_ext')}"[:300])
        raise WebArchiveError(f"{self.home}: the copy was not ready after {self.polls} looks")

    def _json(self, body: bytes) -> dict[str, str]:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise WebArchiveError(f"{self.home}: answered with something other than JSON: {body[:120]!r}") from error
        if not isinstance(found, dict):
            raise WebArchiveError(f"{self.home}: answered with JSON that is not an object: {body[:120]!r}")
        return {str(key): str(value) for key, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ArchiveToday:
    """archive.today at `home` (archive.ph, archive.is, ...). It has no documented interface: this fills in its form."""

    client: PoliteClient
    home: str

    @property
    def name(self) -> str:
        """Return the name in tables and on covers."""
        return ARCHIVE_TODAY

    def save(self, url: str) -> SavedCopy:
        """Ask for a copy; the address may need a minute until it shows it. Raises `WebArchiveError`."""
        reply = self.client.send("POST", f"{self.home}/submit/", data={"url": url, "anyway": "1"})
        refresh = _REFRESH.search(reply.headers.get("refresh", ""))
        address = refresh[1] if refresh else reply.url
        key = _IN_PROGRESS.sub("/", address).removeprefix(f"{self.home}/")
        if reply.status != 200 or not re.fullmatch(r"[A-Za-z0-9]{4,12}", key):
            raise WebArchiveError(f"{self.home}: HTTP {reply.status}, and no copy (it may ask for a CAPTCHA)")
        return SavedCopy(f"{self.home}/{key}", None)
