"""Requests and time of a run in which nothing has changed, over fifty outlets, against the number of their feeds.

    python benchmarks/discovery.py [--outlets 50] [--articles 3]

One local server plays every outlet on a port of its own, with a feed (ETag, every second one without) and a few
articles. Three runs: the first fetches everything, the second finds nothing new. Goal: at most 1.2 requests for each
feed in the second. The floor is the same requests by urllib, one after the other, in the same process.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
GOAL = 1.2
TIMEOUT = 600


class Press:
    """Every outlet's server, and what was asked of them."""

    def __init__(self, outlets: int, articles: int) -> None:
        self.articles = articles
        self.requests: Counter[str] = Counter()
        self.servers = [self._server(number) for number in range(outlets)]
        self.now = datetime.now(UTC)

    def _server(self, number: int) -> ThreadingHTTPServer:
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the name that http.server calls
                press.requests[self.path.split("/")[1]] += 1
                press.answer(self, number)

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def homes(self) -> list[str]:
        """The outlets' addresses."""
        return [f"http://127.0.0.1:{server.server_address[1]}/" for server in self.servers]

    def answer(self, handler: BaseHTTPRequestHandler, number: int) -> None:
        """A feed, an article, or nothing there."""
        path = handler.path
        if path == "/feed/":
            body, kind = self._feed(number), "application/rss+xml"
        elif path.startswith("/news/"):
            body, kind = self._article(number, path), "text/html; charset=utf-8"
        else:
            self._send(handler, 404, b"nothing here", "text/plain", None)
            return
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if number % 2 == 0 else None
        if tag and handler.headers.get("If-None-Match") == tag:
            self._send(handler, 304, b"", kind, tag)
        else:
            self._send(handler, 200, body, kind, tag)

    def _send(self, handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, tag: str | None) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        if tag:
            handler.send_header("ETag", tag)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _feed(self, number: int) -> bytes:
        items = "".join(
            f"<item><title>Report {number}-{article}</title><link>{self.homes()[number]}news/report-{article}</link>"
            f"<pubDate>{self.now - timedelta(hours=article + 1):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for article in range(self.articles)
        )
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'.encode()
        )

    def _article(self, number: int, path: str) -> bytes:
        paragraph = f"The council of village {number} met on Monday and spoke for an hour about the road and {path}. "
        return (
            f"<html><head><title>Report {number} {path}</title></head><body><article><h1>Report {number} {path}</h1>"
            f"{''.join(f'<p>{part}: {paragraph * 3}</p>' for part in range(5))}</article></body></html>"
        ).encode()

    def start(self) -> None:
        """Serve, each outlet from a thread of its own."""
        for server in self.servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End all of it."""
        for server in self.servers:
            server.shutdown()
            server.server_close()


def configuration(homes: list[str]) -> str:
    """The acca.toml with every outlet as the operator's own."""
    tables = [
        f'[[outlet]]\nname = "outlet{number}"\nbase = "wordpress"\nhome = "{home}"\ncountries = ["KG"]\n'
        'languages = ["en"]\nfeeds = ["/feed/"]\n'
        for number, home in enumerate(homes)
    ]
    return "[crawl]\ndelay = 0\n" + "\n".join(tables)


def crawl(directory: Path, names: list[str]) -> float:
    """Seconds that a crawl of these outlets takes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "acca_crawler", "crawl", *names],
        cwd=directory, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=TIMEOUT,
    )  # fmt: skip
    return time.perf_counter() - started


def floor(homes: list[str]) -> float:
    """Seconds that the feeds alone take."""
    started = time.perf_counter()
    for home in homes:
        with urllib.request.urlopen(f"{home}feed/", timeout=10) as answer:
            answer.read()
    return time.perf_counter() - started


def main() -> None:
    """Print requests, time and their ratio to feeds and floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outlets", type=int, default=50)
    parser.add_argument("--articles", type=int, default=3)
    options = parser.parse_args()
    press = Press(options.outlets, options.articles)
    press.start()
    try:
        with tempfile.TemporaryDirectory(prefix="acca-bench-") as name:
            directory = Path(name)
            (directory / "acca.toml").write_text(configuration(press.homes()), encoding="utf-8")
            names = [f"outlet{number}" for number in range(options.outlets)]
            for name in ("first run", "unchanged run"):
                press.requests.clear()
                seconds = crawl(directory, names)
                asked = press.requests.total()
                print(f"{name}: {asked} requests ({dict(press.requests)}) in {seconds:.1f} s")
            least = floor(press.homes())
    finally:
        press.stop()
    per_feed = asked / options.outlets
    print(f"requests per feed: {per_feed:.2f} (goal: at most {GOAL})")
    print(f"time against {options.outlets} bare requests ({least:.2f} s): {seconds / least:.1f}")


if __name__ == "__main__":
    main()
