"""Pages per second of the whole chain against the same Scrapy with an empty callback, in one run.

    python -m benchmarks.crawl [--pages 600] [--rounds 3] [--synthetic] [--peers]

A loopback server (a process of its own) gives the real pages of `../shared/data/extraction/pages`, listed by a feed and
read by the generic extractor; where that folder is missing, or with `--synthetic`, WordPress pages of about 100 KB with
the theme's boilerplate, listed by REST and read by selectors. All crawls run with the same concurrency and without
politeness: the one site answers as several outlets do at once, so that no page waits for the last one to be stored. In
the same rounds: Scrapy with trafilatura in the callback, and the whole chain with two reading processes. Goals: 0.25 of
the bare crawl with one reading process, 0.4 with two, more pages than each peer. Ratios hold on an idle machine with
two cores; processor time, with the start of the reading processes, on a busy one too. `--peers` installs news-please
and Fundus in an environment of their own, once, and runs what they do after downloading on the same pages. The table
below says where the whole chain's processor time goes, in the crawl's own process and in those that read pages.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks._peers import peers  # noqa: E402
from benchmarks._site import REAL, configuration, paths, serve, site  # noqa: E402
from benchmarks._stages import Stages  # noqa: E402

GOALS = {"whole": 0.25, "jobs": 0.4}
CONCURRENCY = 8
START, TEMPLATE, MANIFEST, REST = "start, once", "template, once", "manifest, once", "Scrapy and the rest"
ONCE = (START, TEMPLATE, MANIFEST)
STAGES = (
    "extraction", "agreement with REST", "language", "detection", "profile and keys", "search words", "search index",
    "copies and stories", "archive (SQLite)", "evidence (WARC)", "pages to readers", *ONCE,
)  # fmt: skip
POLITENESS_OFF = {
    "CONCURRENT_REQUESTS": CONCURRENCY,
    "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 5_000_000,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}


def run_bare(port: int, pages: int, real: bool, extract: bool = False) -> dict[str, Any]:
    """The same Scrapy with an empty callback, or with trafilatura in it."""
    import trafilatura
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.http import Response

    class Bare(Spider):
        name = "bare"
        seen = 0
        began = used = 0.0

        async def start(self) -> AsyncIterator[Request]:
            Bare.began, Bare.used = time.perf_counter(), processor_seconds()
            for path in paths(pages, real):
                yield Request(f"http://127.0.0.1:{port}{path}")

        def parse(self, response: Response) -> None:
            Bare.seen += 1
            if extract:
                trafilatura.bare_extraction(response.body, url=response.url, with_metadata=True)

    process = AsyncCrawlerProcess(POLITENESS_OFF)
    process.crawl(Bare)
    process.start()
    return {
        "pages": Bare.seen, "seconds": time.perf_counter() - Bare.began, "cpu": processor_seconds() - Bare.used,
    }  # fmt: skip


def run_whole(port: int, pages: int, real: bool, jobs: int) -> dict[str, Any]:
    """The whole chain with so many reading processes, with the time that its steps take in the crawl's process."""
    from acca_crawler.config.loading import parse
    from acca_crawler.crawl import archiving, run, start
    from acca_crawler.crawl.archiving import ArchiveRecorder
    from acca_crawler.crawl.progress import PlainProgress
    from acca_crawler.crawl.reading import guard, pool
    from acca_crawler.crawl.spider import OutletSpider
    from acca_crawler.detect import Detector
    from acca_crawler.ingest import page, preparation, store, templates
    from acca_crawler.search import indexing
    from storage.evidence.captures import CaptureStore

    stages = Stages(STAGES)
    for owner, function, label in (
        (page, "extract", "extraction"),
        (page, "agreement", "agreement with REST"),
        (page, "identify", "language"),
        (Detector, "detect", "detection"),
        (preparation, "_prepared", "profile and keys"),
        (preparation, "searchable", "search words"),
        (indexing, "searchable", "search words"),
        (indexing, "_index", "search index"),
        (store, "assign_story", "copies and stories"),
        (store, "join_story", "copies and stories"),
        (archiving, "store_article", "archive (SQLite)"),
        (ArchiveRecorder, "_store", "archive (SQLite)"),
        (CaptureStore, "write", "evidence (WARC)"),
        (guard.Guard, "ask", "pages to readers"),
        (templates, "_page", TEMPLATE),
        (templates, "_learn", TEMPLATE),
        (pool, "see", TEMPLATE),
        (run, "close_run", MANIFEST),
        (pool, "load_tables", START),
    ):
        stages.time(owner, function, label, whole=label in ONCE)
    settings = start.scrapy_settings

    def impolite(config: Any) -> Any:
        made = settings(config)
        made.setdict(POLITENESS_OFF, priority="cmdline")
        return made

    start.scrapy_settings = impolite
    began: dict[str, float] = {}
    requests = OutletSpider._article_request

    def first_request(self: OutletSpider, pending: Any) -> Any:
        if not began:
            stages.clear()
            began.update(at=time.perf_counter(), used=processor_seconds(), own=time.process_time())
        return requests(self, pending)

    OutletSpider._article_request = first_request  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as directory:
        outlet, tables = configuration(port, real)
        config = parse({"crawl": {"delay": 0}, **tables}, Path(directory) / "acca.toml")
        with Path("/dev/null").open("w") as quiet:
            ended = start.crawl(
                config, [outlet], since=None, limit=None, backfill=True, jobs=jobs, progress=PlainProgress(quiet)
            )
        seconds, cpu = time.perf_counter() - began["at"], processor_seconds() - began["used"]
        own = time.process_time() - began["own"]
    return {
        "pages": ended.counts[outlet].get("new", 0), "seconds": seconds, "cpu": cpu, "memory": memory(),
        "own": with_rest(stages.own, own), "forked": with_rest(stages.forked, cpu - own),
    }  # fmt: skip


def with_rest(spent: dict[str, float], whole: float) -> dict[str, float]:
    """The stages that took anything, and what is left of the whole."""
    return {label: seconds for label, seconds in spent.items() if seconds} | {REST: whole - sum(spent.values())}


def memory() -> list[int]:
    """MB at the peak of this process, and of the largest one forked from it."""
    return [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def processor_seconds() -> float:
    """Seconds of processors that this process has used, and its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(which: str, port: int, pages: int, real: bool) -> dict[str, Any]:
    """One crawl in a process of its own."""
    arguments = ["--run", which, "--port", str(port), "--pages", str(pages), *(() if real else ["--synthetic"])]
    out = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(out.stdout.splitlines()[-1])
    if result["pages"] != pages:
        raise SystemExit(f"{which}: {result['pages']} of {pages} pages\n{out.stderr[-3000:]}")
    return result


def main() -> None:
    """Serve, measure both in turn, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--synthetic", action="store_true", help="synthetic pages even where the real ones are there")
    parser.add_argument("--peers", action="store_true", help="also news-please and Fundus, from the package index")
    parser.add_argument("--run", choices=list(RUNS), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    real = REAL and not arguments.synthetic
    if arguments.run:
        print(json.dumps(RUNS[arguments.run](arguments.port, arguments.pages, real)))
        return
    port = multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=serve, args=(arguments.pages, real, port), daemon=True)
    server.start()
    while port.value == 0:
        time.sleep(0.05)
    try:
        rounds = [
            {which: measure(which, port.value, arguments.pages, real) for which in RUNS}
            for _ in range(arguments.rounds)
        ]
    finally:
        server.terminate()
    print(f"{arguments.pages} {'real' if real else 'synthetic'} pages")
    report(rounds)
    if arguments.peers:
        report_peers(rounds, list(site(min(arguments.pages, 100), real).pages.values()))


def report(rounds: list[dict[str, dict[str, Any]]]) -> None:
    """Print the figures of all rounds, the median ratios, and where the time goes."""
    rates = [{which: run["pages"] / run["seconds"] for which, run in one.items()} for one in rounds]
    for one in rates:
        print("   ".join(f"{LABELS[which]} {rate:.1f} pages/s" for which, rate in one.items()))
    for which, goal in GOALS.items():
        ratio = statistics.median(one[which] / one["bare"] for one in rates)
        peer = statistics.median(one[which] / one["trafilatura"] for one in rates)
        reached = "reached" if ratio >= goal else "missed"
        print(f"{LABELS[which]}: {ratio:.2f} of bare Scrapy (goal {goal}: {reached}), {peer:.2f} of trafilatura's")
    for which in LABELS:
        cpu = statistics.median(1000 * one[which]["cpu"] / one[which]["pages"] for one in rounds)
        print(f"{LABELS[which]}: {cpu:.1f} ms of processors for each page")
    for which in ("whole", "jobs"):
        last = rounds[-1][which]
        own, forked = last["memory"]
        print(f"{LABELS[which]}: at the peak {own} MB in the crawl's process, {forked} MB in the largest reader")
        for name, part in (("the crawl's process", "own"), ("the reading processes", "forked")):
            print(f"  {1000 * sum(last[part].values()) / last['pages']:6.2f} ms of processors a page in {name}:")
            for label, seconds in sorted(last[part].items(), key=lambda item: -item[1]):
                print(f"    {1000 * seconds / last['pages']:6.2f} ms  {label}")


def report_peers(rounds: list[dict[str, dict[str, Any]]], pages: list[bytes]) -> None:
    """Run the peers on these pages and print their rates beside ours."""
    ours = statistics.median(one["whole"]["pages"] / one["whole"]["seconds"] for one in rounds)
    for peer in peers(pages):
        if peer.error:
            print(f"{peer.name}: could not be run: {peer.error}")
        else:
            print(f"{peer.name}: {peer.rate:.1f} pages/s, a text in {peer.found}; ours {ours / peer.rate:.2f} of that")


RUNS: dict[str, Callable[[int, int, bool], dict[str, Any]]] = {
    "bare": run_bare,
    "trafilatura": partial(run_bare, extract=True),
    "whole": partial(run_whole, jobs=1),
    "jobs": partial(run_whole, jobs=2),
}
LABELS = {
    "bare": "bare Scrapy",
    "trafilatura": "with trafilatura",
    "whole": "whole chain",
    "jobs": "whole chain, two reading processes",
}


if __name__ == "__main__":
    main()
