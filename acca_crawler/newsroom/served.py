"""Serves one site on its port: threads, connections, log."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from acca_crawler.newsroom.answers import Answer, answer_to
from acca_crawler.newsroom.exchange import Log, Request, RequestRecord
from acca_crawler.newsroom.faults import Faults
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite

LOOPBACK = "127.0.0.1"


class ServedSite:
    """One site on its port: its address, its faults, its part of the log.

    `edition` builds the site's current state from its address and its faults; all sites share the log.
    """

    def __init__(self, site: NewsroomSite, port: int, edition: Callable[[str, Faults], Edition], log: Log) -> None:
        self.site = site
        self.name = site.name
        self.faults = Faults()
        self.stopping = threading.Event()
        self.log = log
        self._edition = edition
        self._port = port
        self._server: _Server | None = None
        self._url: str | None = None

    @property
    def url(self) -> str:
        """The site's address without a trailing slash. Raises RuntimeError before `start`."""
        if self._url is None:
            raise RuntimeError("the newsroom has not been started")
        return self._url

    @property
    def is_open(self) -> bool:
        """Whether the site has an address, from its first start on."""
        return self._url is not None

    @property
    def requests(self) -> list[RequestRecord]:
        """This site's log entries, oldest first."""
        return [record for record in self.log.requests if record.site == self.name]

    @property
    def edition(self) -> Edition:
        """The site's current state."""
        return self._edition(self.url, self.faults)

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
        # HTTPServer's own method would ask the resolver for this machine's name.
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
        """Stay quiet: clients may hang up at any time, and the terminal should not show it."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # sends head and body together
    timeout = 60

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing: the log is `Newsroom.requests`."""

    def do_GET(self) -> None:
        self._exchange()

    def do_HEAD(self) -> None:
        self._exchange()

    def _exchange(self) -> None:
        served = self.server.served
        request = Request(self.command, self.path, self.headers)
        kind, respond = served.site.route(request)
        if served.faults.slow:
            served.stopping.wait(served.faults.slow)
        try:
            answer = answer_to(request, kind, served.edition, served.site, respond)
        except Exception as error:  # noqa: BLE001 - an internal error is kept for the tests and answered as 500
            served.log.errors.append(error)
            answer = Answer(500, (("Content-Type", "text/plain"),), b"the newsroom made a mistake")
        status = 0 if answer.cut else answer.status
        served.log.requests.append(
            RequestRecord(served.name, self.command, self.path, self.headers, time.time(), kind, status)
        )
        if answer.cut:
            self._cut(answer)
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
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

    def _cut(self, answer: Answer) -> None:
        self.close_connection = True
        served = self.server.served
        if answer.cut == "hang":
            served.stopping.wait(served.faults.timeout_seconds)
        else:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # Detach it, because the buffered reader would keep the socket open.
            socket.close(self.connection.detach())
