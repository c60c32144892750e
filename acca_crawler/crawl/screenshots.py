"""Pictures of flagged reports: rendered by Chromium from the capture, without network or scripts.

A picture is stored as a capture (`urn:view:` and the page's URL), so that it is hashed, verified, backed up and packed
like any other evidence. It shows what the captured HTML looks like, not what a reader saw: images and styles that the
crawl did not fetch are missing.
"""

from __future__ import annotations

import logging
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from acca_crawler.clock import earlier, now, precise_stamp, utc_stamp
from acca_crawler.crawl.chromium import NO_NETWORK, PROGRAMS, chromium, may_use_sandbox
from acca_crawler.exceptions import PayloadError, ScreenshotError
from acca_crawler.ingest.payload import decoded
from acca_crawler.items import Capture
from storage.evidence.captures import CaptureStore
from storage.evidence.sources import SCREENSHOT_ROUTE, SCREENSHOT_URL, without_screenshot
from storage.exceptions import CaptureError
from storage.schema.kinds import ArchiveDb

_log = logging.getLogger(__name__)

MAX_PER_RUN = 50
MAX_AGE_DAYS = 14
TIMEOUT = 60
"""Seconds that one picture may take."""

SIZE = (1280, 3000)
"""Width and height of a picture in pixels; what is below is cut off."""

LIST_SIZE = (1280, 9000)
"""That of a list of posts, which ends with the newest."""

MAX_BYTES = 20_000_000

# `sandbox` also stops scripts and <meta http-equiv="refresh">, which the other directives don't concern.
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline' data:; img-src data:; font-src data:"


def take_screenshots(
    db: ArchiveDb,
    captures: CaptureStore,
    run_id: int,
    count: Callable[[str, str], None],
    taken: Mapping[int, bytes],
) -> None:
    """Store a picture of each flagged version of the last days that has none; `count` gets an outlet and a name.

    `taken` are pictures that were taken during the crawl, by capture.

    Without Chromium, or if it fails, that is counted too (`screenshot_failed`) and logged; the next run tries again.
    """
    since = earlier(utc_stamp(), days=MAX_AGE_DAYS)
    for capture_id, outlet in without_screenshot(db, since, MAX_PER_RUN):
        try:
            page = captures.read(capture_id)
            picture = taken.get(capture_id) or render(*_document(page), LIST_SIZE if page.kind == "posts" else SIZE)
        except (ScreenshotError, PayloadError, CaptureError) as error:
            count(outlet, "screenshot_failed")
            _log.warning("no screenshot of capture %d of %s: %s", capture_id, outlet, error)
            continue
        captures.write(_as_capture(page, capture_id, picture), run_id=run_id, outlet=outlet)
        count(outlet, "screenshot")


def render(html: bytes, content_type: str, size: tuple[int, int] = SIZE) -> bytes:
    """Return a picture (PNG) of a page. Raises `ScreenshotError` if there is no Chromium or it fails."""
    program = chromium()
    if program is None:
        raise ScreenshotError(f"none of {', '.join(PROGRAMS)} is installed")
    with tempfile.TemporaryDirectory(prefix="acca-screenshot-") as folder, _served(html, content_type) as address:
        target = Path(folder) / "page.png"
        command = [
            program, "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
            *NO_NETWORK,
            # Everything but our own page goes to a proxy that does not exist: nothing leaves this machine.
            "--proxy-server=http://127.0.0.1:1", f"--proxy-bypass-list=<-loopback>;{address}",
            f"--user-data-dir={folder}/profile",
            f"--window-size={size[0]},{size[1]}", f"--screenshot={target}", f"http://{address}/",
        ]  # fmt: skip
        if not may_use_sandbox():
            command.insert(1, "--no-sandbox")
        try:
            subprocess.run(command, capture_output=True, timeout=TIMEOUT, check=True)
            picture = target.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise ScreenshotError(f"Chromium failed: {type(error).__name__}") from error
    if not picture.startswith(b"\x89PNG") or len(picture) > MAX_BYTES:
        raise ScreenshotError(f"Chromium did not write a picture of at most {MAX_BYTES} bytes")
    return picture


def _document(page: Capture) -> tuple[bytes, str]:
    """Return a page's HTML, uncompressed, and its Content-Type."""
    found = (value for name, value in page.response_headers if name.lower() == "content-type")
    return decoded(page), next(found, "text/html")


def _as_capture(page: Capture, capture_id: int, picture: bytes) -> Capture:
    return Capture(
        url=f"{SCREENSHOT_URL}{page.url}",
        kind="other",
        fetched_at=precise_stamp(now()),
        status=0,
        reason="",
        request_method="",
        request_headers=(),
        response_headers=(("Content-Type", "image/png"),),
        payload=picture,
        route=f"{SCREENSHOT_ROUTE}{capture_id}",
    )


@contextmanager
def _served(html: bytes, content_type: str) -> Iterator[str]:
    """Serve one page on loopback, with a policy that allows nothing else; yields host and port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = html if self.path == "/" else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("Content-Length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
