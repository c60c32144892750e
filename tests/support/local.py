"""A site on loopback whose every answer is controlled by the test."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import urlsplit

TEXT = "The council of an invented village met on Monday and spoke for an hour about the road and the school."


@dataclass(frozen=True)
class Asked:
    """One request: `target` is path and query, `at` the time in seconds of a monotonic clock."""

    target: str
    headers: dict[str, str]
    at: float
    method: str = "GET"
    body: bytes = b""
    client: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The path without the query."""
        return urlsplit(self.target).path

    @property
    def document(self) -> dict[str, Any]:
        """The body, parsed as JSON."""
        return cast("dict[str, Any]", json.loads(self.body))


@dataclass(frozen=True)
class Answer:
    """The site's answer."""

    body: str | bytes = ""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    """The values of a repeated header are separated by line feeds."""


NOTHING = Answer("nothing here", "text/plain", 404)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that disconnect or are killed."""


class LocalSite:
    """A running site. `answer` may be replaced while it runs; `asked` lists the requests in order."""

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                sent = self.rfile.read(length)
                if len(sent) < length:  # the client was killed while sending: not a request
                    return
                asked = Asked(
                    self.path, dict(self.headers.items()), time.monotonic(), self.command, sent, self.client_address[0]
                )
                site.asked.append(asked)
                answer = site.answer(asked)
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.kind)
                self.send_header("Content-Length", str(len(body)))
                for name, values in answer.headers.items():
                    for value in values.split("\n"):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = handle_any  # noqa: N815 - the names that http.server looks for

            def log_message(self, format: str, *arguments: object) -> None:
                """Log nothing."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.home = f"http://{self.host}/"

    def paths(self) -> list[str]:
        """The requested paths, in order."""
        return [asked.path for asked in self.asked]


@contextmanager
def served(answer: Callable[[Asked], Answer]) -> Iterator[LocalSite]:
    """Run a site for the duration of a block."""
    site = LocalSite(answer)
    threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()


def article(title: str, text: str = "", head: str = "") -> str:
    """Return an article page that the generic extraction can read."""
    paragraphs = "".join(f"<p>{number}. {title}: {text or TEXT} {text or TEXT}</p>" for number in range(1, 4))
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def rss(links: Iterable[str], newest: datetime | None = None) -> Answer:
    """Return a feed of these addresses, newest first, an hour apart."""
    start = newest or datetime.now(UTC) - timedelta(hours=1)
    items = "".join(
        f"<item><title>Report {link.rpartition('/')[2]}</title><link>{link}</link>"
        f"<pubDate>{start - timedelta(hours=number):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for number, link in enumerate(links)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
    return Answer(body, "application/rss+xml")


def outlet(site: LocalSite, *more: str, base: str = "generic", name: str = "paper") -> str:
    """Return an [[outlet]] table for the site."""
    lines = ["[[outlet]]", f'name = "{name}"', f'base = "{base}"', f'home = "{site.home}"']
    lines += ['countries = ["KG"]', 'languages = ["en", "ru"]', *more]
    return "\n".join(lines) + "\n"
