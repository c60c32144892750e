"""The newsroom's server: every site on a port of its own on loopback, with a log and faults on demand."""

from __future__ import annotations

import contextlib
import gzip
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import Message
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import urlsplit

from acca_crawler.newsroom.exchange import Kind, Request, RequestRecord, Response, html, redirect
from acca_crawler.newsroom.faults import Faults
from acca_crawler.newsroom.samples import Clocks, Post, shown
from acca_crawler.newsroom.sites import SITES
from acca_crawler.newsroom.sites.base import Edition, Site, challenge, html_shell

_SITES = {site.name: site for site in SITES}
LOOPBACK = "127.0.0.1"
BOMB_BYTES = 64 * 1024 * 1024
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/rss+xml")
_GZIP_FROM_BYTES = 400


@dataclass(frozen=True, slots=True)
class Changes:
    """What the second day holds against the first. `republished` are new addresses of texts that stood before."""

    new: tuple[Post, ...]
    republished: tuple[Post, ...]
    edited: tuple[Post, ...]
    removed: tuple[Post, ...]


class Newsroom:
    """The sample newsroom, a context manager.

    `day` is 1 or 2. `today` fixes the calendar: the first day's articles are older than its midnight (UTC), the second
    day's lie before the next; without it, the first day ended when today began and the second day's articles are from
    the hour before `set_day(2)`. `sites` names those to serve (all by default); `port_base` gives them consecutive
    fixed ports in the order of `SITES`, 0 gives free ones. Raises OSError on `start` where a port is taken.
    """

    def __init__(
        self,
        day: int = 1,
        *,
        today: date | None = None,
        sites: Iterable[str] | None = None,
        port_base: int = 0,
    ) -> None:
        wanted = set(_SITES if sites is None else sites)
        unknown = wanted - _SITES.keys()
        if unknown:
            raise ValueError(f"the newsroom has no site named {', '.join(sorted(unknown))}")
        self._today = today
        self._clocks = Clocks.starting(today)
        self.day = 0
        self.requests: list[RequestRecord] = []
        self.errors: list[BaseException] = []
        self.sites: dict[str, ServedSite] = {
            site.name: ServedSite(self, site, port_base + number if port_base else 0)
            for number, site in enumerate(SITES)
            if site.name in wanted
        }
        self.set_day(day)

    def __enter__(self) -> Newsroom:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> Newsroom:
        """Bind and serve all sites from daemon threads."""
        for site in self.sites.values():
            site.start()
        return self

    def stop(self) -> None:
        """Close all connections and ports; hanging answers end."""
        with ThreadPoolExecutor(max(1, len(self.sites))) as pool:
            list(pool.map(ServedSite.stop, self.sites.values()))

    def set_day(self, day: int) -> None:
        """Put the newspapers of that day (1 or 2) out."""
        if day not in (1, 2):
            raise ValueError(f"the newsroom has days 1 and 2, not {day}")
        if day == 2 and self._today is None:
            self._clocks = Clocks(self._clocks.first, datetime.now(UTC).replace(microsecond=0))
        self.day = day

    @property
    def clocks(self) -> Clocks:
        """Against what the articles are dated."""
        return self._clocks

    def posts(self, site: str, day: int | None = None) -> tuple[Post, ...]:
        """The articles of a site on a day (the present one by default), newest first."""
        return shown(_SITES[site].articles, day or self.day, self._clocks)

    def changes(self, site: str) -> Changes:
        """What day two changes at a site."""
        before = {post.id: post for post in self.posts(site, 1)}
        after = {post.id: post for post in self.posts(site, 2)}
        fresh = [post for post in after.values() if post.id not in before]
        return Changes(
            new=tuple(post for post in fresh if post.republishes is None),
            republished=tuple(post for post in fresh if post.republishes is not None),
            edited=tuple(
                post
                for post in after.values()
                if post.id in before and (post.title, post.body) != (before[post.id].title, before[post.id].body)
            ),
            removed=tuple(post for post in before.values() if post.id not in after),
        )


class ServedSite:
    """One site on its port: its address, its faults, its part of the log."""

    def __init__(self, newsroom: Newsroom, site: Site, port: int) -> None:
        self.site = site
        self.name = site.name
        self.faults = Faults()
        self.stopping = threading.Event()
        self._newsroom = newsroom
        self._port = port
        self._server: _Server | None = None
        self._url: str | None = None

    @property
    def url(self) -> str:
        """The site's address, without a final slash. Raises RuntimeError before `start`."""
        if self._url is None:
            raise RuntimeError("the newsroom has not been started")
        return self._url

    @property
    def requests(self) -> list[RequestRecord]:
        """The log's lines of this site, oldest first."""
        return [record for record in self._newsroom.requests if record.site == self.name]

    @property
    def edition(self) -> Edition:
        """The site as it stands now."""
        newsroom = self._newsroom
        clock = newsroom.clocks.at(newsroom.day)
        return Edition(self.url, newsroom.day, clock, newsroom.posts(self.name), self.faults)

    def log(self, record: RequestRecord) -> None:
        """Add a line to the newsroom's log."""
        self._newsroom.requests.append(record)

    def note_error(self, error: BaseException) -> None:
        """Keep a mistake of the newsroom's own, for tests to see."""
        self._newsroom.errors.append(error)

    def start(self) -> None:
        """Bind the port and serve."""
        self.stopping.clear()
        self._server = _Server(self, self._port)
        self._url = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name=self.name, daemon=True
        ).start()

    def stop(self) -> None:
        """Close the port and every connection."""
        server, self._server = self._server, None
        if server is not None:
            self.stopping.set()
            server.shutdown()
            server.server_close()
            server.close_connections()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, served: ServedSite, port: int) -> None:
        self.served = served
        self._open: set[socket.socket] = set()
        super().__init__((LOOPBACK, port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer's own would ask the resolver for this machine's name.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients may hang up whenever they like; nothing of that belongs on a terminal."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What goes onto the wire. `sent_bytes` below the body's length truncates it."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    sent_bytes: int | None = None
    cut: Literal["", "hang", "reset"] = ""
    close: bool = field(default=False)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # head and body leave together
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """The log is `Newsroom.requests`."""

    def do_GET(self) -> None:
        self._exchange()

    def do_HEAD(self) -> None:
        self._exchange()

    def _exchange(self) -> None:
        served = self.server.served
        request = Request(self.command, self.path, self.headers)
        kind, answer = self._answer(request)
        status = 0 if answer.cut else answer.status
        served.log(RequestRecord(served.name, self.command, self.path, self.headers, time.time(), kind, status))
        if answer.cut:
            self._cut(answer)
        else:
            self._send(answer)

    def _answer(self, request: Request) -> tuple[Kind, _Answer]:
        served = self.server.served
        kind, respond = served.site.route(request)
        faults = served.faults
        if faults.slow:
            served.stopping.wait(faults.slow)
        try:
            edition = served.edition
            broken = _broken(request, kind, edition, served.site)
            if isinstance(broken, _Answer):
                return kind, broken
            response = broken or respond(edition)
            answer = _on_the_wire(request, response, faults)
        except Exception as error:  # noqa: BLE001 - a mistake of ours is kept for the tests and answered as 500
            served.note_error(error)
            return kind, _Answer(500, (("Content-Type", "text/plain"),), b"the newsroom made a mistake")
        if faults.happens("truncate", request.path):
            answer = _Answer(answer.status, answer.headers, answer.body, len(answer.body) // 2, close=True)
        return kind, answer

    def _send(self, answer: _Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        if "Server" not in dict(answer.headers):
            self.send_header("Server", "nginx")
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.close:
            self.send_header("Connection", "close")
        body = b"" if self.command == "HEAD" else answer.body[: answer.sent_bytes]
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or answer.close

    def _cut(self, answer: _Answer) -> None:
        self.close_connection = True
        served = self.server.served
        if answer.cut == "hang":
            served.stopping.wait(served.faults.timeout_seconds)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # Detached, because the buffered reader would keep the socket from closing.
            socket.close(self.connection.detach())


def _broken(request: Request, kind: Kind, edition: Edition, site: Site) -> Response | _Answer | None:
    """What a fault answers in the page's place, or None."""
    faults, path = edition.faults, request.path
    if faults.happens("timeout", path):
        return _Answer(0, cut="hang")
    if faults.happens("reset", path):
        return _Answer(0, cut="reset")
    if faults.happens("bomb", path):
        return _Answer(200, (("Content-Type", "text/html"), ("Content-Encoding", "gzip")), _bomb())
    if faults.happens("redirect_loop", path):
        turn = int(request.query.get("turn", "0")) + 1
        return redirect(f"{edition.url}{path}?turn={turn}", 302)
    challenge_status = faults.challenge_status(path)
    if challenge_status is not None:
        return challenge(urlsplit(edition.url).netloc, challenge_status)
    status = faults.path_status(path) or faults.way_status(kind)
    if status is not None:
        return _status_page(status, kind, faults)
    return _dead_way(request, kind, edition, site)


def _dead_way(request: Request, kind: Kind, edition: Edition, site: Site) -> Response | None:
    """What a way of discovery answers with status 200 although it is dead, or None."""
    faults = edition.faults
    if kind == "sitemap" and faults.sitemap_html:
        return html(html_shell(site.title))
    if kind == "rest" and faults.rest_json_error:
        return Response(
            b'{"code":"internal_server_error","message":"There has been a critical error.","data":null}',
            "application/json; charset=UTF-8",
        )
    if kind != "feed" or faults.feed_dead is None:
        return None
    if faults.feed_dead == "empty":
        return site.empty_feed(edition)
    if faults.feed_dead == "404-as-200":
        page = site.not_found(request, edition)
        return Response(page.body, page.content_type)
    return html(html_shell(site.title))


def _status_page(status: int, kind: Kind, faults: Faults) -> Response:
    headers: tuple[tuple[str, str], ...] = ()
    if status in (429, 503) and faults.retry_after is not None:
        headers = (("Retry-After", str(faults.retry_after)),)
    if kind == "rest":
        code = {401: "rest_not_logged_in", 403: "rest_forbidden", 404: "rest_no_route"}.get(status, "rest_error")
        body = f'{{"code":"{code}","message":"REST API restricted.","data":{{"status":{status}}}}}'
        return Response(body.encode(), "application/json; charset=UTF-8", status, headers)
    page = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return Response(page.encode(), status=status, headers=headers)


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(BOMB_BYTES), mtime=0)


def _on_the_wire(request: Request, response: Response, faults: Faults) -> _Answer:
    """Validators, conditional requests and compression."""
    validators = _validators(response, faults)
    if response.status == 200 and _not_modified(request.headers, validators):
        return _Answer(304, tuple(validators.items()))
    headers = [("Content-Type", response.content_type), *response.headers, *validators.items()]
    body = response.body
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    if accepts and len(body) >= _GZIP_FROM_BYTES and response.content_type.startswith(_COMPRESSIBLE):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    return _Answer(response.status, tuple(headers), body)


def _validators(response: Response, faults: Faults) -> dict[str, str]:
    if faults.validators == "off" or response.status != 200:
        return {}
    if faults.validators == "changing":
        return {"ETag": f'W/"{time.monotonic_ns():x}"'}
    if faults.validators == "stuck":
        return {"ETag": 'W/"0"', "Last-Modified": "Sat, 01 Jan 2022 00:00:00 GMT"}
    validators = {"ETag": response.etag}
    if response.last_modified is not None:
        validators["Last-Modified"] = format_datetime(response.last_modified, usegmt=True)
    return validators


def _not_modified(headers: Message, validators: Mapping[str, str]) -> bool:
    """RFC 9110, 13.2.2: If-Modified-Since counts only where If-None-Match is missing."""
    asked = headers.get("If-None-Match")
    if asked is not None:
        return validators.get("ETag") in [tag.strip() for tag in asked.split(",")]
    since = headers.get("If-Modified-Since")
    return since is not None and since == validators.get("Last-Modified")
