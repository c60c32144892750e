"""What a file is, and pages out of WARC files, whole and torn."""

from __future__ import annotations

import base64
import gzip
import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.exceptions import ImportFileError
from acca_crawler.extract import extract
from acca_crawler.importing import WarcPage, iter_warc_pages, sniff
from tests.support.neeon import ACCA, BODY, page

URL = "https://acca.media/en/5555/three-guards/"
DATE = "2024-04-28T07:00:00Z"
HTML = page().encode()


def record(
    writer: WARCWriter, url: str, payload: bytes, *, status: str = "200 OK", headers: tuple[tuple[str, str], ...] = ()
) -> None:
    http = StatusAndHeaders(status, list(headers or (("Content-Type", "text/html; charset=utf-8"),)), "HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            url, "response", BytesIO(payload), http_headers=http, warc_headers_dict={"WARC-Date": DATE}
        )
    )


def write(path: Path, *, compressed: bool = True) -> Path:
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=compressed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        record(writer, URL, HTML)
        record(writer, "https://acca.media/gone", b"<html>gone</html>", status="404 Not Found")
        record(writer, "https://acca.media/a.png", b"\x89PNG", headers=(("Content-Type", "image/png"),))
        packed = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
        record(writer, "https://acca.media/en/6", gzip.compress(b"<p>packed</p>", mtime=0), headers=packed)
    return path


@pytest.mark.parametrize("compressed", [True, False])
def test_pages_of_a_warc_file(tmp_path: Path, compressed: bool) -> None:
    found = list(iter_warc_pages(write(tmp_path / "a.warc", compressed=compressed)))
    assert found == [
        WarcPage(URL, DATE, "utf-8", HTML),
        WarcPage("https://acca.media/en/6", DATE, None, b"<p>packed</p>"),
    ]
    page = found[0]
    assert extract(page.html, page.url, outlet=ACCA, encoding=page.encoding).paragraphs == BODY


def test_revisit_is_resolved_by_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        record(writer, URL, HTML)
        for known in (sha1(HTML), "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"):
            revisit = writer.create_revisit_record(f"{URL}?again", known, URL, DATE)
            revisit.rec_headers.replace_header("WARC-Date", "2024-05-01T00:00:00Z")
            writer.write_record(revisit)
    assert [(p.url, p.fetched_at, p.html == HTML) for p in iter_warc_pages(path)] == [
        (URL, DATE, True),
        (f"{URL}?again", "2024-05-01T00:00:00Z", True),
    ]


def sha1(payload: bytes) -> str:
    """A payload digest as warcio writes it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


@pytest.mark.parametrize("compressed", [True, False])
def test_every_torn_file_says_where(tmp_path: Path, compressed: bool) -> None:
    whole = write(tmp_path / "whole.warc", compressed=compressed)
    # A cut between two records leaves a whole file; so does one in the two line ends behind a plain record.
    ends = record_ends(whole)
    unharmed = {end - less for end in ends for less in range(1 if compressed else 5)}
    data = whole.read_bytes()
    torn = tmp_path / "torn.warc"
    for cut in sorted({*range(len(data) - 1, 0, -41), *unharmed, *(end + 1 for end in ends[:-1])}):
        torn.write_bytes(data[:cut])
        if cut in unharmed:
            assert len(list(iter_warc_pages(torn))) <= 2
        else:
            with pytest.raises(ImportFileError, match="offset"):
                list(iter_warc_pages(torn))


def record_ends(path: Path) -> list[int]:
    with path.open("rb") as stream:
        records = ArchiveIterator(stream)
        starts = [records.get_record_offset() for _ in records]
    return [*starts[1:], path.stat().st_size]


def test_damage_in_the_middle_is_found_and_what_is_behind_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz")
    last = list(iter_warc_pages(path))[-1]
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 3, len(data) // 3 + 40):
        data[at] ^= 0xFF
    path.write_bytes(data)
    pages = list(iter_warc_pages(path))
    assert {"offset" in page.error for page in pages if page.error} == {True}
    assert pages[-1] == last


@pytest.mark.parametrize("data", [b"", b"no warc at all\n" * 50, b"\x1f\x8b\x08\x00broken", bytes(range(256)) * 10])
def test_what_is_no_warc_says_so(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(data)
    with pytest.raises(ImportFileError, match=r"x\.warc"):
        list(iter_warc_pages(path))


def test_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="No such file"):
        list(iter_warc_pages(tmp_path / "none.warc"))


def test_page_in_an_unknown_packing_says_so(tmp_path: Path) -> None:
    path = tmp_path / "z.warc"
    with path.open("wb") as stream:
        headers = (("Content-Type", "text/html"), ("Content-Encoding", "no-such-packing"))
        record(WARCWriter(stream, gzip=False), URL, b"?", headers=headers)
    (found,) = iter_warc_pages(path)
    assert "no-such-packing" in found.error


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (HTML, "html"),
        (b"\n  <!DOCTYPE HTML><p>x", "html"),
        ("<html><body>текст</body></html>".encode("windows-1251"), "html"),
        ("<html><body>text</body></html>".encode("utf-16"), "html"),
        (b"A title\n\nA paragraph where 3 < 5 and nothing is marked up.", "text"),
        ("Задержан человек\n\nБез адвоката.".encode("koi8-r"), "text"),
        ("Задержан человек\n\nБез адвоката.".encode("utf-16"), "text"),
        (b"WARC/1.1\r\n", "warc"),
        (gzip.compress(b"WARC/1.0\r\nWARC-Type: warcinfo", mtime=0), "warc"),
    ],
)
def test_kind_of_a_file(data: bytes, kind: str) -> None:
    assert sniff(data) == kind


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (gzip.compress(b"text", mtime=0), "compressed"),
        (b"%PDF-1.7\n", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "binary"),
        (b"PK\x03\x04" + bytes(range(32)) * 40, "binary"),
    ],
)
def test_unreadable_file_says_why(data: bytes, why: str) -> None:
    with pytest.raises(ImportFileError, match=why):
        sniff(data)
