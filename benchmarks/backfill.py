"""Peak memory of a walk back to the oldest article, at N and at ten times N listed addresses.

    python benchmarks/backfill.py [--addresses 3000]

A loopback server lists that many posts through WordPress' REST interface, a hundred a page with a text of 2 KB each;
`acca crawl --backfill --limit 20` writes all of them down and fetches twenty. The floor is the same command over a
hundred addresses. Goal: ten times the addresses take at most 1.3 times the memory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parents[1]
GOAL = 1.3
TEXT = "The council of an invented village met on Monday and spoke for an hour about the road and the school. " * 20


def handler(addresses: int) -> type[BaseHTTPRequestHandler]:
    """A site with so many posts."""

    class Site(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name that http.server calls
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            body, kind, status = b"nothing here", "text/plain", 404
            if parts.path == "/wp-json/wp/v2/posts":
                body, kind, status = self.posts(int(query.get("page", ["1"])[0]), int(query["per_page"][0]))
            elif parts.path.startswith("/news/"):
                page = f"<title>{parts.path}</title><article><h1>{parts.path}</h1><p>{parts.path} {TEXT}</p></article>"
                body, kind, status = page.encode(), "text/html", 200
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-WP-Total", str(addresses))
            self.end_headers()
            self.wfile.write(body)

        def posts(self, page: int, size: int) -> tuple[bytes, str, int]:
            numbers = range(addresses, 0, -1)[(page - 1) * size : page * size]
            if not numbers and page > 1:
                return b'{"code": "rest_post_invalid_page_number"}', "application/json", 400
            listed = [
                {"id": number, "link": f"http://{self.headers['Host']}/news/{number}-the-road-and-the-school",
                 "date_gmt": "2026-03-14T09:30:00", "modified_gmt": "2026-03-14T09:30:00",
                 "title": {"rendered": f"The road {number}"}, "content": {"rendered": f"<p>{number} {TEXT}</p>"}}
                for number in numbers
            ]  # fmt: skip
            return json.dumps(listed).encode(), "application/json", 200

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    return Site


def peak(addresses: int) -> tuple[float, float]:
    """The largest resident set of a walk over so many addresses in MiB, and its seconds."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(addresses))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with tempfile.TemporaryDirectory(prefix="acca-bench-") as name:
            home = f"http://127.0.0.1:{server.server_address[1]}/"
            (Path(name) / "acca.toml").write_text(
                f'[crawl]\ndelay = 0\n[[outlet]]\nname = "paper"\nbase = "wordpress"\nhome = "{home}"\n'
                'countries = ["KG"]\nlanguages = ["en"]\n'
            )
            began = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "acca_crawler", "crawl", "paper", "--backfill", "--limit", "20"],
                cwd=name, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise SystemExit(f"the crawl failed with {process.returncode}")
            scale = 1 if sys.platform == "darwin" else 1024
            return usage.ru_maxrss * scale / 2**20, time.perf_counter() - began
    finally:
        server.shutdown()
        server.server_close()


def main() -> int:
    """Print the peaks and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--addresses", type=int, default=3000)
    options = parser.parse_args()
    peaks = []
    for addresses in (100, options.addresses, 10 * options.addresses):
        memory, seconds = peak(addresses)
        peaks.append(memory)
        print(f"{addresses:7} addresses: peak {memory:6.1f} MiB, {memory / peaks[0]:.2f} of the floor, {seconds:.1f} s")
    ratio = peaks[2] / peaks[1]
    print(f"ten times the addresses: {ratio:.2f} of the memory (goal: at most {GOAL})")
    return int(ratio > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
