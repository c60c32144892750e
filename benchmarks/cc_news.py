"""Speed of importing large WARC files: `python -m benchmarks.cc_news [--records N]`.

Builds files like those of CC-NEWS (pages of about 40 KB, one in ten of a declared outlet) and prints, in records per
second of processor time: our reading (outlet, address, extraction, language, detection) in one process, the whole
import with one and two processes, and a peer that does less: FastWARC with trafilatura's text for the same pages, no
detection, no archive.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import trafilatura
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.config.loading import parse
from acca_crawler.detect import Detector
from acca_crawler.importing.cc_news import import_cc_news
from acca_crawler.importing.pieces import Reader
from acca_crawler.outlets import Outlet

DECLARED = 10
"""One record in this many is of a declared outlet."""

OUTLET = Outlet(
    title="Paper", home="https://paper.example/", hosts=("paper.example",), countries=("KG",), languages=("en",),
    article_path=r"^/news/(?P<slug>[^/?]+)$",
)  # fmt: skip
SENTENCES = (
    "The council of the village met on Monday and spoke about the road and the school.",
    "Officers of the district police detained a farmer on the square and held him overnight, his lawyer says.",
    "The harvest of apricots is better than in the year before, and the market is full.",
)


def main() -> int:
    """Print the table; exits 0 whatever it says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--records", type=int, default=1_000)
    count = parser.parse_args().records
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        files = [written(directory / f"CC-NEWS-{number}.warc.gz", count // 2, number) for number in (1, 2)]
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        print(f"{count} records in 2 files, {megabytes:.1f} MB compressed, one in {DECLARED} of a declared outlet")
        peer = rate(count, lambda: [fast(file) for file in files])
        print(f"FastWARC and trafilatura    {peer:8.0f} records per CPU second")
        Reader({"paper": OUTLET}, Detector()).read(written(directory / "warm.warc.gz", 20, 9), 0)
        show("reading", rate(count, lambda: [ours(file) for file in files]), peer)
        for jobs in (1, 2):
            show(
                f"whole import, {jobs} processes",
                rate(count, partial(whole, directory / f"a{jobs}", files, jobs)),
                peer,
            )
    return 0


def show(name: str, ours: float, peer: float) -> None:
    """Print one rate and its ratio to the peer's."""
    print(f"{name:27} {ours:8.0f} records per CPU second, {ours / peer:.2f} of the peer")


def rate(count: int, work: Callable[[], object]) -> float:
    """Return records per second of processor time, that of child processes included."""
    before = os.times()
    work()
    after = os.times()
    return count / sum(after[part] - before[part] for part in range(4))


def written(file: Path, count: int, seed: int) -> Path:
    """Write a file of so many records."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number in range(count):
            host = "paper.example" if number % DECLARED == 0 else f"host{number % 97}.example"
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], "HTTP/1.1")
            record = writer.create_warc_record(
                f"https://{host}/news/report-{seed}-{number}", "response", payload=io.BytesIO(page(seed, number)),
                http_headers=head, warc_headers_dict={"WARC-Date": "2024-01-01T00:00:00Z"},
            )  # fmt: skip
            writer.write_record(record)
    return file


def page(seed: int, number: int) -> bytes:
    """Return a page of about 40 KB with an article of fifteen paragraphs."""
    title = f"Report {seed}-{number} of the valley"
    body = "".join(f"<p>{number + n}. {SENTENCES[(number + n) % 3]} {SENTENCES[n % 3]}</p>" for n in range(15))
    links = "".join(f'<li class="menu-item"><a href="/tag/{n}">Section number {n}</a></li>' for n in range(400))
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav><ul>{links}</ul></nav>"
        f"<article><h1>{title}</h1>{body}</article><footer><ul>{links}</ul></footer></body></html>"
    ).encode()


def ours(file: Path) -> int:
    """Read a file to its end as a worker does; return the number of articles."""
    reader, offset, found = Reader({"paper": OUTLET}, Detector()), 0, 0
    while offset < file.stat().st_size:
        piece = reader.read(file, offset)
        offset, found = piece.next_offset, found + len(piece.found)
    return found


def fast(file: Path) -> int:
    """Extract the text of the same pages with FastWARC and trafilatura."""
    found = 0
    with file.open("rb") as stream:
        for record in FastIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            if "paper.example" in (record.headers.get("WARC-Target-URI") or ""):
                found += bool(trafilatura.extract(record.reader.read().decode("utf-8")))
    return found


def whole(directory: Path, files: list[Path], jobs: int) -> None:
    """Import the files into a new archive."""
    directory.mkdir()
    config = parse({}, directory / "acca.toml")
    for report in import_cc_news(config, {"paper": OUTLET}, files, only=(), jobs=jobs):
        assert not report.error, report.error


if __name__ == "__main__":
    raise SystemExit(main())
