"""Cost of storing a capture, against the floor (gzip and append the payload) and warcio's own writer.

    python -m benchmarks.captures [--captures 500] [--sync-every 1]

Pages are 100 KB of invented text in four scripts' worth of words, once as a server sends them compressed, once plain.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.items import Capture
from storage.evidence.captures import GZIP_LEVEL, CaptureStore
from storage.evidence.verify import verify
from storage.ledger.runs import start_run
from storage.schema.database import open_archive

PAGE_BYTES = 100_000


def words() -> list[str]:
    """Invented words of two to twelve letters, half of them Cyrillic, half Latin."""
    numbers = random.Random(20261122)
    alphabets = ("абвгдежзийклмнопрстуфхцчшщыэюяәғқңөұүһі", "abcdefghijklmnopqrstuvwxyz")
    return ["".join(numbers.choices(alphabets[n % 2], k=numbers.randint(2, 12))) for n in range(4000)]


def pages(count: int) -> list[bytes]:
    """So many pages: a few hundred repeated tags and classes around paragraphs of words."""
    numbers, vocabulary = random.Random(7), words()
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    made = []
    for _ in range(count):
        parts, size = [], 0
        while size < PAGE_BYTES:
            text = " ".join(numbers.choices(vocabulary, weights, k=40))
            parts.append(f'<div class="article__paragraph wp-block"><p>{text}</p></div>\n'.encode())
            size += len(parts[-1])
        made.append(b"".join(parts)[:PAGE_BYTES])
    return made


def captures(payloads: list[bytes], encoding: str | None) -> Iterator[Capture]:
    """A capture for each payload, with the heads that a news site and a crawler send."""
    for number, payload in enumerate(payloads):
        headers = [("Server", "nginx"), ("Content-Type", "text/html; charset=UTF-8"), ("Vary", "Accept-Encoding")]
        headers += [("Content-Encoding", encoding)] if encoding else []
        yield Capture(
            url=f"https://khabar.example/2026/11/{number}-report",
            kind="article",
            fetched_at="2026-11-22T10:00:00.123Z",
            status=200,
            reason="OK",
            request_method="GET",
            request_headers=(("Host", "khabar.example"), ("User-Agent", "acca-crawler"), ("Accept", "text/html")),
            response_headers=(*headers, ("Content-Length", str(len(payload)))),
            payload=payload,
            ip_address="192.0.2.7",
        )


def floor(payloads: list[bytes], directory: Path, level: int, sync_every: int) -> int:
    """Gzip each payload, append it, fsync as often; bytes written."""
    path = directory / "floor.gz"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number, payload in enumerate(payloads, start=1):
        compressor = zlib.compressobj(level, zlib.DEFLATED, 31)
        os.write(descriptor, compressor.compress(payload) + compressor.flush())
        if number % sync_every == 0:
            os.fsync(descriptor)
    os.close(descriptor)
    return path.stat().st_size


def peer(made: list[Capture], directory: Path, sync_every: int) -> int:
    """warcio's writer as it comes (level 9, SHA-1, no index), fsync as often; bytes written."""
    path = directory / "peer.warc.gz"
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="1.1")
        for number, one in enumerate(made, start=1):
            status = StatusAndHeaders(f"{one.status} {one.reason}", list(one.response_headers), protocol="HTTP/1.1")
            answer = writer.create_warc_record(one.url, "response", BytesIO(one.payload), http_headers=status)
            line = StatusAndHeaders("/ HTTP/1.1", list(one.request_headers), protocol="GET")
            question = writer.create_warc_record(one.url, "request", http_headers=line)
            writer.write_request_response_pair(question, answer)
            if number % sync_every == 0:
                stream.flush()
                os.fsync(stream.fileno())
    return path.stat().st_size


def ours(made: list[Capture], directory: Path, sync_every: int) -> int:
    """The capture store with its index; bytes in WARC files."""
    db = open_archive(directory / "acca.db")
    run_id = start_run(db, "crawl", {}, "0", "2026-11-22T10:00:00Z")
    with CaptureStore(directory / "warc", db, sync_every=sync_every) as store:
        for one in made:
            store.write(one, run_id=run_id, outlet="khabar")
    db.close()
    return sum(path.stat().st_size for path in (directory / "warc").iterdir())


def timed(what: Callable[[Path], int]) -> tuple[float, int, Path]:
    """Seconds, bytes written, and where, of one go in a fresh directory."""
    directory = Path(tempfile.mkdtemp(dir=os.environ.get("BENCHMARK_DIRECTORY")))
    start = time.perf_counter()
    written = what(directory)
    return time.perf_counter() - start, written, directory


def report(name: str, payloads: list[bytes], encoding: str | None, sync_every: int) -> None:
    """Measure one kind of payload and print it."""
    made = list(captures(payloads, encoding))
    level = 0 if encoding else GZIP_LEVEL
    runs: dict[str, Callable[[Path], int]] = {
        f"floor: gzip -{level} and append": lambda directory: floor(payloads, directory, level, sync_every),
        "peer: warcio, no index": lambda directory: peer(made, directory, sync_every),
        "capture store, new pages": lambda directory: ours(made, directory, sync_every),
        "capture store, unchanged pages": lambda directory: ours([made[0]] * len(made), directory, sync_every),
    }
    print(f"\n{name}: {len(made)} captures, {sum(map(len, payloads)) // len(made):,} bytes each as received")
    base_seconds, base_bytes = 0.0, 0
    for label, what in runs.items():
        seconds, written, directory = min((timed(what) for _ in range(3)), key=lambda result: result[0])
        base_seconds, base_bytes = base_seconds or seconds, base_bytes or written
        speed = f"{len(made) / seconds:7.0f}/s {seconds / len(made) * 1e3:7.3f} ms each"
        size = f"{written // len(made):7,} bytes each"
        print(f"  {label:32} {speed}, x{seconds / base_seconds:5.2f} time, {size}, x{written / base_bytes:4.2f} size")
        if label == "capture store, new pages":
            verified(directory, len(made))


def verified(directory: Path, count: int) -> None:
    """Print how fast the same captures are verified."""
    db = open_archive(directory / "acca.db")
    start = time.perf_counter()
    errors = sum(finding.is_error for finding in verify(db, directory / "warc"))
    seconds = time.perf_counter() - start
    db.close()
    print(f"  {'    and verified':32} {count / seconds:7.0f}/s, {errors} errors")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captures", type=int, default=500)
    parser.add_argument("--sync-every", type=int, default=1)
    options = parser.parse_args()
    timed(lambda directory: floor([b"warm"] * 200, directory, 1, 1))
    plain = pages(options.captures)
    report("compressed by the server", [gzip.compress(page, 6, mtime=0) for page in plain], "gzip", options.sync_every)
    report("plain", plain, None, options.sync_every)


if __name__ == "__main__":
    main()
