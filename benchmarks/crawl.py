"""Pages per second of the whole chain against the same Scrapy with an empty callback, in one run.

    python benchmarks/crawl.py [--pages 600] [--rounds 3] [--peers]

A loopback server (a process of its own) gives WordPress pages of about 100 KB with the theme's boilerplate. Both crawls
run with the same concurrency and without politeness. In the same rounds: Scrapy with trafilatura in the callback, and
the whole chain with two reading processes. Goals: 0.25 of the bare crawl with one reading process, 0.4 with two, more
pages than each peer. Ratios hold on an idle machine with two cores; processor time, with the start of the reading
processes, on a busy one too. `--peers` installs news-please and Fundus in a throw-away environment and runs what they
do after downloading on the same pages. The table below says where the whole chain's time goes in the crawl's own
process.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import multiprocessing
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks._peers import peers  # noqa: E402

PAGE_BYTES = 100_000
GOALS = {"whole": 0.25, "jobs": 0.4}
CONCURRENCY = 8
STORING, STORIES, SEARCH = "archive (SQLite)", "copies and stories", "search index"
COMMON = re.findall(r"\w+", "the of and in to a that was on for with by from at his it were")
SYLLABLES = re.findall(r"\w+", "ka ro min tel va shu den or pra lis gan te mo bur ny zel dar qu is an")
RANDOM = random.Random(11)
VOCABULARY = ["".join(RANDOM.choices(SYLLABLES, k=RANDOM.choice((2, 3, 3, 4)))) for _ in range(8000)]
"""Words of no language among small English ones: every article has a text of its own, as in life."""


def slug(number: int) -> str:
    """An article's slug."""
    return f"report-number-{number}-from-the-courts"


def body_of(number: int) -> list[str]:
    """Twelve paragraphs of about 45 words, different for every article."""
    chance = random.Random(number)
    paragraphs = []
    for _ in range(12):
        words = [chance.choice(COMMON if place % 2 else VOCABULARY) for place in range(45)]
        sentences = (" ".join(words[start : start + 15]).capitalize() for start in range(0, 45, 15))
        paragraphs.append(f"<p>{'. '.join(sentences)}.</p>")
    return paragraphs


def page_of(template: str, number: int) -> bytes:
    """One page of about 100 KB in the theme's shape."""
    page = template.replace("@@ADDRESS@@", f"{number}/{slug(number)}").replace("@@BODY@@", "\n".join(body_of(number)))
    return page.encode()


def template_page() -> str:
    """A page of the sample newsroom, its article taken out, filled up to 100 KB with menus, styles and scripts."""
    from acca_crawler.newsroom import Newsroom

    with Newsroom(sites=["acca"]) as newsroom:
        post = next(post for post in newsroom.posts("acca") if post.language == "en")
        with urlopen(f"{newsroom.sites['acca'].url}/en/{post.id}/{post.slug}/") as answer:
            page: str = answer.read().decode()
        page = page.replace(newsroom.sites["acca"].url, "").replace(f"{post.id}/{post.slug}", "@@ADDRESS@@")
    first, last = (f"<p>{html.escape(post.blocks[place].text, quote=False)}</p>" for place in (0, -1))
    start, end = page.index(first), page.index(last) + len(last)
    page = page[:start] + "@@BODY@@" + page[end:]
    missing = max(0, PAGE_BYTES - len(page) - 4000)
    menu = '<li class="menu-item"><a class="menu-link" href="/en/category/news/">A section of the site</a></li>\n'
    boilerplate = "<ul>" + menu * (missing // 2 // len(menu)) + "</ul>"
    script = "<script>" + "var widget = window.widget || {};\n" * (missing // 2 // 34) + "</script>"
    return page.replace("</body>", boilerplate + script + "</body>")


def serve(pages: int, port: Any) -> None:
    """The server's process: REST lists the articles, every address answers its page."""
    template = template_page()
    bodies = {f"/en/{n}/{slug(n)}": page_of(template, n) for n in range(1, pages + 1)}

    def rest(query: dict[str, list[str]]) -> bytes:
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["10"])[0])
        numbers = range(1, pages + 1)[(page - 1) * size : page * size]
        return json.dumps(
            [
                {
                    "id": number,
                    "link": f"http://127.0.0.1:{port.value}/en/{number}/{slug(number)}",
                    "date_gmt": "2026-11-20T06:00:00",
                    "modified_gmt": "2026-11-20T06:00:00",
                    "title": {"rendered": f"Report number {number}"},
                    "content": {"rendered": "\n".join(body_of(number))},
                }
                for number in numbers
            ]
        ).encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readuntil(b"\r\n\r\n"):
            parts = urlsplit(request.split(b" ", 2)[1].decode())
            if parts.path == "/wp-json/wp/v2/posts":
                body, kind, status = rest(parse_qs(parts.query)), "application/json", "200 OK"
            elif parts.path in bodies:
                body, kind, status = bodies[parts.path], "text/html; charset=utf-8", "200 OK"
            else:
                body, kind, status = b"", "text/plain", "404 Not Found"
            fields = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nX-WP-Total: {pages}"
            head = f"HTTP/1.1 {status}\r\n{fields}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()

    async def forgiving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(forgiving, "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(main())


POLITENESS_OFF = {
    "CONCURRENT_REQUESTS": CONCURRENCY,
    "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}


def run_bare(port: int, pages: int, extract: bool = False) -> dict[str, Any]:
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
            for number in range(1, pages + 1):
                yield Request(f"http://127.0.0.1:{port}/en/{number}/{slug(number)}")

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


def run_whole(port: int, pages: int, jobs: int) -> dict[str, Any]:
    """The whole chain with so many reading processes, with the time that its steps take in the crawl's process."""
    from acca_crawler.config.loading import parse
    from acca_crawler.crawl import archiving, start
    from acca_crawler.crawl.progress import PlainProgress
    from acca_crawler.crawl.spider import OutletSpider
    from acca_crawler.detect import Detector
    from acca_crawler.ingest import page, store
    from storage.evidence.captures import CaptureStore

    spent: Counter[str] = Counter()
    timed(spent, page, "extract", "extraction")
    timed(spent, page, "agreement", "agreement with REST")
    timed(spent, page, "identify", "language")
    timed(spent, Detector, "detect", "detection")
    timed(spent, store, "assign_story", STORIES)
    timed(spent, store, "index_article", SEARCH)
    timed(spent, archiving, "store_article", STORING)
    timed(spent, CaptureStore, "write", "evidence (WARC)")
    settings = start.scrapy_settings

    def impolite(config: Any) -> Any:
        made = settings(config)
        made.setdict(POLITENESS_OFF, priority="cmdline")
        return made

    start.scrapy_settings = impolite
    began: dict[str, float] = {}
    requests = OutletSpider._article_request

    def first_request(self: OutletSpider, pending: Any) -> Any:
        began.setdefault("at", time.perf_counter())
        began.setdefault("used", processor_seconds())
        return requests(self, pending)

    OutletSpider._article_request = first_request  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as directory:
        config = parse(
            {"crawl": {"delay": 0}, "outlets": {"acca": {"home": f"http://127.0.0.1:{port}/en/"}}},
            Path(directory) / "acca.toml",
        )
        with Path("/dev/null").open("w") as quiet:
            ended = start.crawl(
                config, ["acca"], since=None, limit=None, backfill=True, jobs=jobs, progress=PlainProgress(quiet)
            )
        seconds, cpu = time.perf_counter() - began["at"], processor_seconds() - began["used"]
    spent[STORING] -= spent[STORIES] + spent[SEARCH]  # both happen within its transaction
    return {"pages": ended.counts["acca"].get("new", 0), "seconds": seconds, "cpu": cpu, "spent": dict(spent)}


def processor_seconds() -> float:
    """Seconds of processors that this process has used, and its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(spent: Counter[str], owner: Any, name: str, label: str) -> None:
    """Add what a function takes to `spent[label]`."""
    function: Callable[..., Any] = getattr(owner, name)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[label] += time.perf_counter() - began  # type: ignore[assignment]

    setattr(owner, name, wrapper)


def measure(which: str, port: int, pages: int) -> dict[str, Any]:
    """One crawl in a process of its own."""
    out = subprocess.run(
        [sys.executable, __file__, "--run", which, "--port", str(port), "--pages", str(pages)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    result: dict[str, Any] = json.loads(out.stdout.splitlines()[-1])
    if result["pages"] != pages:
        raise SystemExit(f"{which}: {result['pages']} of {pages} pages\n{out.stderr[-3000:]}")
    return result


def main() -> None:
    """Serve, measure both in turn, print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", action="store_true", help="also news-please and Fundus, from the package index")
    parser.add_argument("--run", choices=list(RUNS), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(RUNS[arguments.run](arguments.port, arguments.pages)))
        return
    port = multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=serve, args=(arguments.pages, port), daemon=True)
    server.start()
    while port.value == 0:
        time.sleep(0.05)
    try:
        rounds = [
            {which: measure(which, port.value, arguments.pages) for which in RUNS} for _ in range(arguments.rounds)
        ]
    finally:
        server.terminate()
    report(rounds)
    if arguments.peers:
        report_peers(rounds, arguments.pages)


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
    whole = rounds[-1]["whole"]
    print(f"of {1000 * whole['seconds'] / whole['pages']:.2f} ms for each page with one reading process:")
    rest = whole["seconds"] - sum(whole["spent"].values())
    for label, seconds in [*sorted(whole["spent"].items(), key=lambda item: -item[1]), ("Scrapy and waiting", rest)]:
        print(f"  {1000 * seconds / whole['pages']:6.2f} ms  {seconds / whole['seconds']:4.0%}  {label}")


def report_peers(rounds: list[dict[str, dict[str, Any]]], count: int) -> None:
    """Run the peers on the same pages and print their rates beside ours."""
    template = template_page()
    ours = statistics.median(one["whole"]["pages"] / one["whole"]["seconds"] for one in rounds)
    for peer in peers([page_of(template, number) for number in range(1, min(count, 100) + 1)]):
        if peer.error:
            print(f"{peer.name}: could not be run: {peer.error}")
        else:
            print(f"{peer.name}: {peer.rate:.1f} pages/s, a text in {peer.found}; ours {ours / peer.rate:.2f} of that")


RUNS: dict[str, Callable[[int, int], dict[str, Any]]] = {
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
