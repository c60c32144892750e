"""What a report rests on: its page says whether the file still holds it, and gives it out, never as a page."""

from __future__ import annotations

import hashlib
import re

import pytest

from tests.support.archive import keep_capture
from tests.web.conftest import Browser, Server

PAGE = b"<html><script>alert(document.cookie)</script><p>Detainee beaten</p></html>"


@pytest.fixture
def capture(server: Server) -> int:
    """The capture that the first report was read from."""
    return keep_capture(server.config.archive_file, PAGE)


def test_the_page_says_that_the_file_holds_it(monitor: Browser, capture: int) -> None:
    page = monitor.get("/reports/1").text
    assert "the file matches this hash, checked just now" in page
    assert hashlib.sha256(PAGE).hexdigest() in page
    assert f'href="/captures/{capture}" download' in page


def test_the_bytes_are_given_out_as_a_file(monitor: Browser, capture: int) -> None:
    answer = monitor.get(f"/captures/{capture}")
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert re.fullmatch(rf'attachment; filename="capture-{capture}\.html"', answer.headers["content-disposition"])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "private, no-store"


def test_readers_get_no_captures(server: Server, capture: int) -> None:
    reader = server.browser("reader")
    assert reader.get(f"/captures/{capture}").status_code == 403
    assert "/captures/" not in reader.get("/reports/1").text
    assert server.browser().get(f"/captures/{capture}").status_code == 303


@pytest.mark.parametrize("harm", ["change", "cut", "remove"])
def test_a_changed_file_is_told_and_not_given_out(server: Server, monitor: Browser, capture: int, harm: str) -> None:
    (file,) = [file for file in server.config.warc_directory.rglob("*") if file.is_file()]
    data = file.read_bytes()
    if harm == "remove":
        file.unlink()
    else:
        file.chmod(0o600)
        changed = data[:-40] + bytes(byte ^ 1 for byte in data[-40:])
        file.write_bytes(changed if harm == "change" else data[:-40])
    page = monitor.get("/reports/1").text
    assert "the file does not match what was stored" in page
    assert f"/captures/{capture}" not in page
    answer = monitor.get(f"/captures/{capture}")
    assert answer.status_code == 409
    assert "can&#39;t be downloaded" in answer.text


def test_what_is_not_there_is_not_found(monitor: Browser) -> None:
    for number in ("0", "99", "999999999999999"):
        assert monitor.get(f"/captures/{number}").status_code == 404
