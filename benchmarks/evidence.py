"""How fast evidence is packed and verified; verification against `sha256sum` over the same files.

    python -m benchmarks.evidence [--captures 12000] [--packs 20]

Pages are those of `benchmarks.captures`, as servers send them compressed. `acca verify` hashes each byte twice (file
and record), unpacks and parses each record, and compares it with its row; `sha256sum` hashes each byte once, on one
core.
"""

from __future__ import annotations

import argparse
import gzip
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from acca_crawler.i18n import catalogue
from acca_crawler.items import Article, Dated, Detection, Extraction
from acca_crawler.packing.build import make_pack
from acca_crawler.packing.contents import collect
from benchmarks.captures import captures, pages
from storage.articles import write
from storage.evidence.captures import CaptureStore
from storage.evidence.manifest import close_run
from storage.evidence.verify import verify
from storage.ledger.runs import start_run
from storage.review.database import open_people
from storage.schema.database import open_archive, open_read_only, transaction

AT = "2026-11-22T10:00:00Z"
PAGES = 200
ROUNDS = 3


def build(directory: Path, count: int) -> int:
    """Store so many captures, and a report read from the first; returns the size of the files in bytes."""
    db = open_archive(directory / "acca.db")
    run = start_run(db, "crawl", {}, "0", AT)
    made = list(captures([gzip.compress(page, mtime=0) for page in pages(PAGES)], "gzip"))
    first = 0
    with CaptureStore(directory / "warc", db, sync_every=1000, max_bytes=100_000_000) as store:
        for number in range(count):
            capture = made[number % PAGES]
            capture = replace(capture, url=f"{capture.url}/{number // PAGES}")
            written = store.write(capture, run_id=run, outlet="khabar")
            first = first or written
    with transaction(db):
        db.execute("INSERT INTO outlets VALUES ('khabar', 'Khabar', 'https://khabar.example/', 'media', '[]', '[]')")
        url = "https://khabar.example/1"
        extraction = Extraction("Text.\n\n" * 50, "Title", url, published=Dated(AT, "meta", "high"), method="benchmark")
        detection = Detection("ignore", (), (), (), (), None, 0.0, ())
        article = Article("khabar", "1", url, (url,), extraction, detection, "0" * 64, "en", capture_id=first)
        write.insert_article(db, article, run, None, AT)
    close_run(db, run, AT)
    db.execute("UPDATE runs SET status = 'ok'")
    db.close()
    return sum(path.stat().st_size for path in (directory / "warc").iterdir())


def best(work: Callable[[], object]) -> float:
    """Return the shortest of a few times that something takes, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def cpu_of(work: Callable[[], object], who: int) -> float:
    """Return the least processor time of a few rounds, in seconds: what other processes do hardly changes it."""
    times = []
    for _ in range(ROUNDS):
        before = resource.getrusage(who)
        work()
        after = resource.getrusage(who)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def verified(directory: Path, jobs: int) -> None:
    """Verify the archive, which is sound."""
    db = open_read_only(directory / "acca.db")
    errors = [finding for finding in verify(db, directory / "warc", jobs=jobs) if finding.is_error]
    db.close()
    assert errors == [], errors[:3]


def packed(directory: Path, count: int) -> float:
    """Make packs, and return how many a minute."""
    people = open_people(directory / "people.db", directory / "acca.db")
    begun = time.perf_counter()
    for _ in range(count):
        make_pack(collect(people, directory / "warc", [1]), AT, catalogue.language("en"))
    taken = time.perf_counter() - begun
    people.close()
    return 60 * count / taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, default=12_000)
    parser.add_argument("--packs", type=int, default=20)
    options = parser.parse_args()
    jobs = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        size = build(directory, options.captures)
        files = sorted(str(path) for path in (directory / "warc").iterdir())
        hashing = best(lambda: subprocess.run(["sha256sum", *files], check=True, stdout=subprocess.DEVNULL))
        ours = best(lambda: verified(directory, jobs))
        one_hashing = cpu_of(
            lambda: subprocess.run(["sha256sum", *files], check=True, stdout=subprocess.DEVNULL),
            resource.RUSAGE_CHILDREN,
        )
        one_ours = cpu_of(lambda: verified(directory, 1), resource.RUSAGE_SELF)
        rate = packed(directory, options.packs)
    print(f"{options.captures} captures in {len(files)} files, {size / 1e6:.0f} MB, {jobs} cores")
    print(f"sha256sum: {size / hashing / 1e6:.0f} MB/s; acca verify: {size / ours / 1e6:.0f} MB/s")
    print(f"ratio {hashing / ours:.2f} (at least 0.5 on an idle machine)")
    print(f"processor time on one core: ratio {one_hashing / one_ours:.2f} (at least 0.5)")
    print(f"packs: {rate:.0f} a minute")


if __name__ == "__main__":
    main()
