"""HTTP exchanges of the newsroom: requests, responses, and kinds of pages."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

Kind = Literal["article", "rest", "feed", "sitemap", "listing", "robots", "other"]


@dataclass(frozen=True, slots=True)
class Request:
    """A request as received. `target` is path and query; header names are case-insensitive."""

    method: str
    target: str
    headers: Message

    @property
    def path(self) -> str:
        """The path without the query, still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's arguments; values of a repeated one, or of PHP's `name[]`, joined by commas."""
        arguments: dict[str, str] = {}
        for name, value in parse_qsl(urlsplit(self.target).query, keep_blank_values=True):
            name = name.removesuffix("[]")
            arguments[name] = f"{arguments[name]},{value}" if name in arguments else value
        return arguments


@dataclass(frozen=True, slots=True)
class Response:
    """A response before faults, compression and conditional requests apply; `last_modified` is aware."""

    body: bytes
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    last_modified: datetime | None = None

    @property
    def etag(self) -> str:
        """A weak ETag of the body."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One entry of the newsroom's log. `time` is in seconds since the epoch; `status` 0 means no answer was sent."""

    site: str
    method: str
    path: str
    headers: Message = field(repr=False)
    time: float
    kind: Kind
    status: int


@dataclass(frozen=True, slots=True)
class Log:
    """The newsroom's requests, oldest first, and its internal errors, for tests."""

    requests: list[RequestRecord] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


def html(text: str, *, status: int = 200, last_modified: datetime | None = None) -> Response:
    """Build an HTML page; `last_modified` is aware."""
    return Response(text.encode(), status=status, last_modified=last_modified)


def xml(text: str, content_type: str = "text/xml; charset=UTF-8") -> Response:
    """Build a feed or sitemap."""
    return Response(text.encode(), content_type)


def json_answer(value: Any, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Build a JSON document, escaped to ASCII as PHP's `json_encode` does."""
    return Response(json.dumps(value).encode(), "application/json; charset=UTF-8", status, headers)


def redirect(location: str, status: int = 301) -> Response:
    """Build a redirect to an absolute address."""
    return Response(b"", status=status, headers=(("Location", location),))
