"""One HTTP exchange of the newsroom: what was asked, what is answered, and which kind of page a path is."""

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
    """A request as received. `target` is path and query; header names are looked up in any case."""

    method: str
    target: str
    headers: Message

    @property
    def path(self) -> str:
        """The path without the query, still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's arguments; of a repeated one, or of PHP's `name[]`, the values joined by commas."""
        arguments: dict[str, str] = {}
        for name, value in parse_qsl(urlsplit(self.target).query, keep_blank_values=True):
            name = name.removesuffix("[]")
            arguments[name] = f"{arguments[name]},{value}" if name in arguments else value
        return arguments


@dataclass(frozen=True, slots=True)
class Response:
    """An answer before faults, compression and conditional requests are applied to it."""

    body: bytes
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    last_modified: datetime | None = None

    @property
    def etag(self) -> str:
        """A weak validator of the body."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"'


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One line of the newsroom's log. `time` is in seconds since the epoch; `status` 0 means no answer was sent."""

    site: str
    method: str
    path: str
    headers: Message = field(repr=False)
    time: float
    kind: Kind
    status: int


@dataclass(frozen=True, slots=True)
class Log:
    """What the newsroom was asked, oldest first, and its own mistakes, for tests to see."""

    requests: list[RequestRecord] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


def html(text: str, *, status: int = 200, last_modified: datetime | None = None) -> Response:
    """A page."""
    return Response(text.encode(), status=status, last_modified=last_modified)


def xml(text: str, content_type: str = "text/xml; charset=UTF-8") -> Response:
    """A feed or a sitemap."""
    return Response(text.encode(), content_type)


def json_answer(value: Any, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """A JSON document, escaped to ASCII as PHP's `json_encode` does."""
    return Response(json.dumps(value).encode(), "application/json; charset=UTF-8", status, headers)


def redirect(location: str, status: int = 301) -> Response:
    """A redirect to an absolute address."""
    return Response(b"", status=status, headers=(("Location", location),))
