"""Pages per second of `acca import` with one process, two, and two Dask workers, against FastWARC with trafilatura.

    python -m benchmarks.importing [--pages 600] [--rounds 1]

The pages are the real ones of `../shared/data/extraction/pages` where that folder exists, else synthetic ones of the
same size, in one compressed WARC file; all run one after the other. The peer reads each record and extracts its text
with date and author; we also keep evidence, detect, compare with every earlier article, and index for search. Goals:
at least 1.5 times the peer in one process, and two processes at least 1.7 times one.
"""

from __future__ import annotations

import argparse
import gzip
import io
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import trafilatura
from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.config import loading
from acca_crawler.crawl.start import load_outlets
from acca_crawler.engines import Engine
from acca_crawler.importing.import_articles import import_files
from benchmarks._synthetic import Prose

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT.parent / "shared" / "data" / "extraction" / "pages"
OUTLET = (
    '[[outlet]]\nname = "bench"\nbase = "generic"\nhome = "https://bench.example/"\ncountries = ["KG"]\n'
    'languages = ["ru", "en"]\narticle_path = "^/page/"\n'
)
GOAL, GOAL_TWO = 1.5, 1.7
PAGE_BYTES = 195_000


def pages(count: int) -> Iterator[bytes]:
    """The HTML of so many pages: real ones, repeated only when there are too few, or synthetic ones."""
    files = sorted(PAGES.glob("*.html.gz")) if PAGES.is_dir() else []
    if not files:
        prose = Prose()
        yield from (synthetic(prose, number) for number in range(count))
        return
    random.Random(7).shuffle(files)
    for number in range(count):
        yield gzip.decompress(files[number % len(files)].read_bytes())


def synthetic(prose: Prose, number: int) -> bytes:
    """An article with the menus and scripts of a page of 195 KB."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in prose.paragraphs(number))
    menu = "".join(f'<li><a href="/s/{one}">section {one}</a></li>' for one in range(300))
    page = f"<html><head><title>Page {number}</title></head><body><ul>{menu}</ul><article><h1>Page {number}</h1>{text}"
    return f"{page}</article><script>{'x' * (PAGE_BYTES - len(page))}</script></body></html>".encode()


def write_warc(path: Path, count: int) -> None:
    """Write a WARC file with one response for each page."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number, html in enumerate(pages(count)):
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://bench.example/page/{number}", "response", payload=io.BytesIO(html), http_headers=head,
                warc_headers_dict={"WARC-Date": "2026-11-20T08:00:00Z"},
            )  # fmt: skip
            writer.write_record(record)


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds, seconds of processors (of this process and of all), and pages that became articles."""

    seconds: float
    own_cpu: float
    cpu: float
    done: int


def cost(work: Callable[[], int]) -> Cost:
    """Run the work and measure it; processes that have ended count as its own."""
    before, started = _cpu(), time.perf_counter()
    done = work()
    after = _cpu()
    return Cost(time.perf_counter() - started, after[0] - before[0], sum(after) - sum(before), done)


def _cpu() -> tuple[float, float]:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own, children = (one.ru_utime + one.ru_stime for one in used)
    return own, children


def peer(path: str, _: int) -> Cost:
    """The cost of FastWARC with trafilatura."""
    return cost(lambda: _peer(path))


def _peer(path: str) -> int:
    done = 0
    with Path(path).open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            trafilatura.bare_extraction(record.reader.read(), url=record.headers["WARC-Target-URI"], with_metadata=True)
            done += 1
    return done


def on_dask(path: str, jobs: int) -> Cost:
    """The cost of an import whose pages so many Dask workers on this machine read, their start included."""
    return _ours(path, Engine("dask", jobs))


def ours(path: str, jobs: int) -> Cost:
    """The cost of an import with so many processes."""
    return _ours(path, Engine(jobs=jobs))


def _ours(path: str, engine: Engine) -> Cost:
    """The cost of an import into a new archive."""
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "acca.toml").write_text(OUTLET)
        config = loading.load(Path(directory) / "acca.toml")
        outlets = {name: spider.outlet for name, spider in load_outlets(config).items()}
        found = import_files(config, outlets, [Path(path)], outlet="bench", url=None, engine=engine)
        return cost(lambda: sum(one.stored is not None for one in found))


def measured(work: Callable[[str, int], Cost], path: Path, jobs: int, rounds: int) -> Cost:
    """The cost of the round with the median time, each in a process of its own."""
    costs = []
    for _ in range(rounds):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            costs.append(pool.submit(work, str(path), jobs).result())
    return sorted(costs, key=lambda one: one.seconds)[len(costs) // 2]


def main() -> None:
    """Print the rates and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    costs = {}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "pages.warc.gz"
        write_warc(path, options.pages)
        real = "real" if PAGES.is_dir() else "synthetic"
        print(f"{options.pages} {real} pages, {path.stat().st_size / 1e6:.1f} MB compressed")
        runs = (
            ("FastWARC, trafilatura", peer, 1),
            ("one process", ours, 1),
            ("two processes", ours, 2),
            ("two Dask workers", on_dask, 2),
        )
        for name, work, jobs in runs:
            costs[name] = one = measured(work, path, jobs, options.rounds)
            rates = f"{options.pages / one.seconds:5.1f} pages/s, {options.pages / one.cpu:5.1f} per processor second"
            print(f"{name:22} {rates}, {one.own_cpu / one.cpu:.0%} of it in the writing process, {one.done} articles")
    theirs, alone, together, cluster = costs.values()
    compared = f"{theirs.seconds / alone.seconds:.2f} of the peer's pages a second"
    print(f"one process: {compared}, {theirs.cpu / alone.cpu:.2f} a processor second (goal {GOAL})")
    print(f"two processes: {alone.seconds / together.seconds:.2f} of one (goal {GOAL_TWO})")
    compared = f"{alone.seconds / cluster.seconds:.2f} of one process, {together.seconds / cluster.seconds:.2f} of two"
    print(f"two Dask workers: {compared}")


if __name__ == "__main__":
    main()
