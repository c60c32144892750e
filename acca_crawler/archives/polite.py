"""HTTP for web archives: one request at a time, a pause between them, and patience when the archive is busy."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

from acca_crawler.exceptions import WebArchiveError
from acca_crawler.retry_after import seconds_asked_for

BUSY = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request is sent again."""

MAX_WAIT = 300.0
"""Longest wait (seconds) before the next try; an archive that asks for more ends the work."""

MAX_BYTES = 64 * 1024 * 1024
"""Largest answer that is read: a page of an index, or one capture."""

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """An archive's answer: the body as received, without transfer coding but with its content coding.

    `url` is the final address after redirects; header names are in lower case.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    ordered_headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class PoliteClient:
    """Sends requests to an archive, at least `delay` seconds apart, and tries a busy archive again.

    `timeout` is in seconds, `retries` the number of further tries. `sleep` and `clock` are replaced by tests.
    """

    user_agent: str
    delay: float = 1.0
    timeout: float = 60.0
    retries: int = 5
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _session: requests.Session = field(default_factory=requests.Session)
    _next_at: float = 0.0

    def get(
        self, url: str, *, params: Mapping[str, str | list[str]] | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Fetch an address. Raises `WebArchiveError` if the archive does not answer or stays busy."""
        return self.send("GET", url, params=params, headers=headers)

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request; any status that is not `BUSY` is returned. Raises `WebArchiveError`."""
        why = ""
        for attempt in range(self.retries + 1):
            self._pause()
            try:
                reply = self._once(method, url, params, headers, data)
            except requests.RequestException as error:
                why, wait = f"{type(error).__name__}: {error}"[:300], None
            else:
                if reply.status not in BUSY:
                    return reply
                why, wait = f"HTTP {reply.status}", seconds_asked_for(reply.headers.get("retry-after"))
            if wait is not None and wait > MAX_WAIT:
                raise WebArchiveError(f"{url}: {why}, and asks us to wait {wait:.0f} seconds: try again later")
            if attempt < self.retries:
                backoff = max(self.delay, 1.0) * 2 ** (attempt + 1)
                self._next_at = self.clock() + min(MAX_WAIT, backoff if wait is None else max(wait, self.delay))
        raise WebArchiveError(f"{url}: {why} in {self.retries + 1} tries")

    def _once(
        self,
        method: str,
        url: str,
        params: Mapping[str, str | list[str]] | None,
        headers: Mapping[str, str] | None,
        data: Mapping[str, str] | None,
    ) -> Reply:
        sent = {"User-Agent": self.user_agent, "Accept-Encoding": "identity", **(headers or {})}
        with self._session.request(
            method, url, params=params, headers=sent, data=data, timeout=self.timeout, stream=True
        ) as answer:
            body = bytearray()
            try:
                while piece := answer.raw.read(_PIECE, decode_content=False):
                    body += piece
                    if len(body) > MAX_BYTES:
                        raise WebArchiveError(f"{url}: the answer is larger than {MAX_BYTES} bytes")
            except OSError as error:
                raise requests.ConnectionError(f"the answer was cut off: {error}") from error
            except Exception as error:  # urllib3's errors while a body is read are not wrapped by requests
                if isinstance(error, WebArchiveError):
                    raise
                raise requests.ConnectionError(f"the answer was cut off: {error}") from error
            declared = answer.headers.get("Content-Length")
            if declared and declared.isdecimal() and len(body) < int(declared):
                raise requests.ConnectionError(f"the answer was cut off at {len(body)} of {declared} bytes")
            ordered = tuple(answer.headers.items())
            lower = {name.lower(): value for name, value in ordered}
            return Reply(answer.url, answer.status_code, lower, bytes(body), ordered)

    def _pause(self) -> None:
        wait = self._next_at - self.clock()
        if wait > 0:
            self.sleep(wait)
        self._next_at = self.clock() + self.delay
