"""Pages per second of a crawl in one process and of a writer with 1, 2 and 4 workers, and what each part costs.

    python -m benchmarks.scaling [--outlets 8] [--pages 60] [--workers 1 2 4]

A server of its own gives outlets on loopback with pages of about 100 KB, without politeness: what counts here is what
the processes cost. Where there are fewer cores than processes, the rate says little; the processor time per page of
writer, workers and Redis says how many workers a writer can keep up with.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from redis import Redis

from benchmarks._site import feed, page_of, slug, template_page
from tests.support.redis_server import redis_server

ROOT = Path(__file__).resolve().parents[1]


def serve(outlets: int, pages: int, ports: Any) -> None:
    """Serve all outlets, each on a port of its own: a feed, and the pages that it lists."""
    template = template_page()

    async def main() -> None:
        servers = [await asyncio.start_server(answering(number), "127.0.0.1", 0) for number in range(outlets)]
        for number, server in enumerate(servers):
            ports[number] = server.sockets[0].getsockname()[1]
        await asyncio.gather(*(server.serve_forever() for server in servers))

    def answering(outlet: int) -> Any:
        first = outlet * pages + 1
        bodies = {f"/en/{n}/{slug(n)}": page_of(template, n) for n in range(first, first + pages)}

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while request := await reader.readuntil(b"\r\n\r\n"):
                    path = urlsplit(request.split(b" ", 2)[1].decode()).path
                    body, kind, status = bodies.get(path, b""), "text/html; charset=utf-8", "200 OK"
                    if path == "/feed/":
                        body, kind = feed(f"http://127.0.0.1:{ports[outlet]}", list(bodies)), "application/rss+xml"
                    elif not body:
                        status = "404 Not Found"
                    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                    writer.write(head.encode() + body)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        return answer

    asyncio.run(main())


@dataclass(frozen=True)
class Cost:
    """Seconds that a run took, and seconds of processors by part."""

    seconds: float
    parts: dict[str, float]


def started(directory: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `acca`."""
    log = (directory / "log").open("ab")
    command = [sys.executable, "-m", "acca_crawler", *arguments]
    return subprocess.Popen(command, cwd=directory, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log)


def used(process: subprocess.Popen[bytes]) -> float:
    """Wait for a process and return the seconds of processors that it and its children used."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def measure(ports: list[int], pages: int, workers: int) -> Cost:
    """Crawl all outlets with so many workers; 0 is `acca crawl`."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        names = [f"paper{number}" for number in range(len(ports))]
        tables = "".join(
            f'[[outlet]]\nname = "{outlet}"\nbase = "generic"\nhome = "http://127.0.0.1:{port}/"\ncountries = ["KG"]\n'
            f'languages = ["en"]\nfeeds = ["/feed/"]\narticle_path = "^/en/[0-9]+/"\n'
            for outlet, port in zip(names, ports, strict=True)
        )
        (directory / "acca.toml").write_text(f"[crawl]\ndelay = 0\nretries = 0\noutlets_at_once = 4\n{tables}")
        if not workers:
            began = time.perf_counter()
            cost = used(started(directory, "crawl", *names))
            found = Cost(time.perf_counter() - began, {"crawl": cost})
        else:
            with redis_server(directory) as url, Redis.from_url(url) as redis:
                working = [started(directory, "worker", "--redis", url, "--jobs", "1") for _ in range(workers)]
                while sum(1 for _ in redis.scan_iter("acca:worker:*")) < workers:
                    time.sleep(0.1)
                began = time.perf_counter()
                writer = used(started(directory, "writer", "--redis", url, *names))
                seconds = time.perf_counter() - began
                for process in working:
                    process.terminate()
                own = sum(used(process) for process in working)
                cpu = redis.info("cpu")
                parts = {"writer": writer, "workers": own, "Redis": cpu["used_cpu_user"] + cpu["used_cpu_sys"]}
                found = Cost(seconds, parts)
        stored = sum(map(int, re.findall(r"\bnew (\d+)", (directory / "log").read_text())))
        if stored != pages * len(ports):
            raise SystemExit(f"{stored} of {pages * len(ports)} pages were stored\n{(directory / 'log').read_text()}")
        return found


def main() -> None:
    """Print rates, ratios to one process, and what each part costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outlets", type=int, default=8)
    parser.add_argument("--pages", type=int, default=60, help="per outlet")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    options = parser.parse_args()
    ports: Any = multiprocessing.Array("i", options.outlets)
    server = multiprocessing.Process(target=serve, args=(options.outlets, options.pages, ports), daemon=True)
    server.start()
    while not all(ports):
        time.sleep(0.05)
    everything, alone = options.outlets * options.pages, 0.0
    print(f"{options.outlets} outlets with {options.pages} pages each, {os.cpu_count()} cores")
    try:
        for workers in (0, *options.workers):
            cost = measure(list(ports), options.pages, workers)
            alone = alone or cost.seconds
            name = f"writer and {workers} workers" if workers else "acca crawl"
            parts = ", ".join(f"{part} {1000 * spent / everything:.1f} ms" for part, spent in cost.parts.items())
            rate = everything / cost.seconds
            print(f"{name:22} {rate:5.1f} pages/s, {alone / cost.seconds:.2f} of acca crawl; a page costs {parts}")
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
