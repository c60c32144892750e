"""Speed of importing large WARC files: `python -m benchmarks.cc_news [--records N]`.

Builds two files like those of CC-NEWS (the pages of `benchmarks.importing`: real ones where that folder exists; one in
ten is of a declared outlet) and prints, in records per second of processor time: scanning files of which nothing is
declared, the whole import with one and two reading processes, and a peer that does less: FastWARC with trafilatura's
text, date and author for the same pages, no detection, no archive.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path

import trafilatura
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.config.loading import parse
from acca_crawler.engines import Engine
from acca_crawler.importing.cc_news import import_cc_news
from acca_crawler.importing.pieces import Scanner
from acca_crawler.outlets import Outlet
from benchmarks.importing import pages

DECLARED = 10
"""One record in this many is of a declared outlet."""

OUTLET = Outlet(
    title="Paper", home="https://paper.example/", hosts=("paper.example",), countries=("KG",), languages=("en", "ru"),
    article_path=r"^/news/(?P<slug>[^/?]+)$",
)  # fmt: skip


def main() -> int:
    """Print the table; exits 0 whatever it says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--records", type=int, default=3_000)
    count = parser.parse_args().records
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        files = written(directory, count)
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        print(f"{count} records in 2 files, {megabytes:.1f} MB compressed, one in {DECLARED} of a declared outlet")
        peer = rate(count, lambda: [fast(file, "paper.example") for file in files])
        print(f"FastWARC and trafilatura    {peer:8.0f} records per CPU second")
        none = rate(count, lambda: [fast(file, "nobody.example") for file in files])
        print(f"FastWARC, nothing declared  {none:8.0f} records per CPU second")
        show("scanning, nothing declared", rate(count, lambda: [scanned(file) for file in files]), none)
        for jobs in (1, 2):
            work = partial(whole, directory / f"a{jobs}", files, jobs)
            show(f"whole import, {jobs} readers", rate(count, work), peer)
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


def written(directory: Path, count: int) -> list[Path]:
    """Write two files that share so many records."""
    source = pages(count)
    return [_written(directory / f"CC-NEWS-{number}.warc.gz", number, islice(source, count // 2)) for number in (1, 2)]


def _written(file: Path, seed: int, source: Iterable[bytes]) -> Path:
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number, html in enumerate(source):
            host = "paper.example" if number % DECLARED == 0 else f"host{number % 97}.example"
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
            record = writer.create_warc_record(
                f"https://{host}/news/report-{seed}-{number}", "response", payload=io.BytesIO(html),
                http_headers=head, warc_headers_dict={"WARC-Date": "2024-01-01T00:00:00Z"},
            )  # fmt: skip
            writer.write_record(record)
    return file


def scanned(file: Path) -> int:
    """Scan a file of which nothing is declared; return its size."""
    scan, offset = Scanner({"nobody": OUTLET.at("https://nobody.example/")}), 0
    while offset < file.stat().st_size:
        offset = scan(file, offset).next_offset
    return offset


def fast(file: Path, host: str) -> int:
    """Extract text, date and author of a host's pages with FastWARC and trafilatura."""
    found = 0
    with file.open("rb") as stream:
        for record in FastIterator(stream, record_types=WarcRecordType.response, parse_http=True):
            url = record.headers.get("WARC-Target-URI") or ""
            if host in url:
                found += bool(trafilatura.bare_extraction(record.reader.read(), url=url, with_metadata=True))
    return found


def whole(directory: Path, files: list[Path], jobs: int) -> None:
    """Import the files into a new archive."""
    directory.mkdir()
    config = parse({}, directory / "acca.toml")
    for report in import_cc_news(config, {"paper": OUTLET}, files, only=(), engine=Engine(jobs=jobs)):
        assert not report.error, report.error


if __name__ == "__main__":
    raise SystemExit(main())
