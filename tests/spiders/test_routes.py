"""The ladder for blocked outlets, one rung a test, over real HTTP on loopback."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from urllib.parse import urlsplit

from acca_crawler.newsroom import Newsroom

ROOT = Path(__file__).parents[2]
TEXT = "The council of an invented village met on Monday and spoke for an hour about the road and the school. " * 4
ARTICLE = (
    f"<html><head><title>The road</title></head><body><article><h1>The road</h1><p>{TEXT}</p></article></body></html>"
)


class Site(BaseHTTPRequestHandler):
    """A site that blocks whoever comes directly, and answers whom a proxy sends."""

    def do_GET(self) -> None:
        """Block, or give the feed or the article."""
        path = urlsplit(self.path).path
        direct = not self.path.startswith("http") and not getattr(self.server, "open", False)
        body, kind, status = ARTICLE, "text/html", 200
        if path == "/robots.txt":
            status = 404
        elif direct:
            body, status = "<title>Access denied</title>", 403
        elif path == "/feed/":
            link = f"http://{self.headers['Host']}/news/the-road-and-the-school"
            body = (
                '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title><item><title>The road</title>'
                f"<link>{link}</link></item></channel></rss>"
            )
            kind = "application/rss+xml"
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


class Socks(StreamRequestHandler):
    """As much of SOCKS5 (RFC 1928) as a client without a password needs; every way leads to the open site."""

    def handle(self) -> None:
        """Greet, connect, and pass one exchange through."""
        _, methods = self.rfile.read(2)
        self.rfile.read(methods)
        self.wfile.write(b"\x05\x00")
        kind = self.rfile.read(4)[3]
        self.rfile.read(4 if kind == 1 else self.rfile.read(1)[0] if kind == 3 else 16)
        self.rfile.read(2)
        self.wfile.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        with socket.create_connection(self.server.leads_to) as through:  # type: ignore[attr-defined]
            upward = threading.Thread(target=self._copy, args=(self.connection, through), daemon=True)
            upward.start()
            self._copy(through, self.connection)

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            return


@contextmanager
def served(server: TCPServer) -> Iterator[str]:
    """The server's host and port while it runs."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def crawl(directory: Path, home: str, *more: str, code: int = 0) -> list[tuple[str, str, int]]:
    """Route, kind and status of every capture of a crawl of one outlet."""
    lines = ["[crawl]", "delay = 0", "retries = 0", "[[outlet]]", 'name = "walled"', 'base = "generic"']
    lines += [f'home = "{home}"', 'countries = ["KG"]', 'languages = ["en", "tg", "ru"]', *more]
    (directory / "acca.toml").write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "acca_crawler", "crawl", "walled"],
        cwd=directory, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=90,
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    with sqlite3.connect(directory / "archive" / "acca.db") as archive:
        return archive.execute("SELECT route, kind, status FROM captures ORDER BY id").fetchall()


def articles(directory: Path) -> int:
    """How many articles the archive holds."""
    with sqlite3.connect(directory / "archive" / "acca.db") as archive:
        found: int = archive.execute("SELECT count(*) FROM articles").fetchone()[0]
        return found


def test_without_another_rung_the_outlet_is_blocked(tmp_path: Path) -> None:
    with served(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as origin:
        captures = crawl(tmp_path, f"http://{origin}/", 'feeds = ["/feed/"]', code=1)
    assert ("origin", "feed", 403) in captures
    assert articles(tmp_path) == 0


def test_a_declared_mirror_answers_where_the_origin_blocks(tmp_path: Path) -> None:
    with Newsroom(1, sites=["chashma", "chashma-mirror"]) as newsroom:
        home, mirror = (newsroom.sites[name].url for name in ("chashma", "chashma-mirror"))
        host = urlsplit(mirror).netloc
        captures = crawl(tmp_path, f"{home}/", 'feeds = ["/rss"]', f'mirrors = ["{host}"]')
        assert articles(tmp_path) == len(newsroom.posts("chashma-mirror"))
    assert (f"mirror:{host}", "article", 200) in captures


def test_an_http_proxy_is_the_last_rung(tmp_path: Path) -> None:
    with (
        served(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as origin,
        served(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as proxy,
    ):
        captures = crawl(tmp_path, f"http://{origin}/", 'feeds = ["/feed/"]', f'proxy = "http://{proxy}"')
    assert ("origin", "article", 403) in captures
    assert ("proxy", "article", 200) in captures
    assert articles(tmp_path) == 1


def test_a_socks5_proxy_is_the_last_rung(tmp_path: Path) -> None:
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    behind.open = True  # type: ignore[attr-defined]
    gate = ThreadingTCPServer(("127.0.0.1", 0), Socks)
    gate.daemon_threads = True
    gate.leads_to = behind.server_address  # type: ignore[attr-defined]
    with served(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as origin, served(behind), served(gate) as proxy:
        captures = crawl(tmp_path, f"http://{origin}/", 'feeds = ["/feed/"]', f'proxy = "socks5://{proxy}"')
    assert ("origin", "article", 403) in captures
    assert ("proxy", "article", 200) in captures
    assert articles(tmp_path) == 1
