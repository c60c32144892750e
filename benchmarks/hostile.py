"""Crawl time of good outlets alongside hostile ones, against the same outlets alone. Goal: at most 1.5 times.

Every outlet is a site on loopback with a feed. The hostile ones' articles are what stopped a crawl before pages were
read in processes of their own: a tag of 50,000 attributes, nested tables, a paragraph of a million letters, and a
page of half a million links.
"""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, outlet, rss, served

OUTLETS = int(sys.argv[1]) if len(sys.argv) > 1 else 4
ARTICLES = 12
SETTINGS = "[crawl]\ndelay = 0.5\nretries = 0\noutlets_at_once = 40\n"
GOAL = 1.5

HOSTILE: tuple[Callable[[], str], ...] = (
    lambda: article("A report", head="<meta " + " ".join(f"a{n}=1" for n in range(50_000)) + ">"),
    lambda: "<h1>A report</h1>" + "<table><tr><td>" * 1_000 + "text" + "</td></tr></table>" * 1_000,
    lambda: f"<article><h1>A report</h1><p>Its first paragraph.</p><p>{'x' * 1_000_000}</p></article>",
    lambda: "<h1>A report</h1>" + "".join(f'<a href="/{n}">{n}</a>' for n in range(500_000)),
)


def site(page: str | None) -> Callable[[Asked], Answer]:
    """A site whose articles are all this page, or good ones."""
    paths = [f"/news/{number}" for number in range(ARTICLES)]

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}{path}" for path in paths)
        return Answer(page or article(f"Report {asked.path}")) if asked.path in paths else NOTHING

    return answer


@contextlib.contextmanager
def running(pages: Sequence[str | None]) -> Iterator[list[LocalSite]]:
    """Sites for as long as the block lasts."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(served(site(page))) for page in pages]


def seconds(pages: Sequence[str | None]) -> float:
    """Until every article of the good outlets is stored, in a crawl of all."""
    with running(pages) as sites, tempfile.TemporaryDirectory() as directory:
        desk = Desk(Path(directory))
        more = ('feeds = ["/feed/"]', "article_path = '^/news/(?P<id>\\d+)$'")
        tables = [outlet(here, *more, name=f"paper{number}") for number, here in enumerate(sites)]
        desk.configure(SETTINGS + "".join(tables))
        good = [f"paper{number}" for number, page in enumerate(pages) if page is None]
        start = time.perf_counter()
        process = desk.start("crawl", *(f"paper{number}" for number in range(len(sites))))
        try:
            while stored(desk, good) < len(good) * ARTICLES:
                if process.poll() is not None or time.perf_counter() - start > 600:
                    raise SystemExit(f"{stored(desk, good)} of {len(good) * ARTICLES} good articles were stored")
                time.sleep(0.1)
            return time.perf_counter() - start
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def stored(desk: Desk, outlets: Sequence[str]) -> int:
    """How many articles of these outlets the archive has."""
    with contextlib.suppress(sqlite3.OperationalError):
        marks = ", ".join("?" * len(outlets))
        return int(desk.value(f"SELECT count(*) FROM articles WHERE outlet IN ({marks})", *outlets))
    return 0


def main() -> None:
    """Crawl the good outlets alone and beside as many hostile ones."""
    with tempfile.TemporaryDirectory() as directory:
        Desk(Path(directory)).acca("--version")  # loads what all commands share, so that neither time holds it
    good: list[str | None] = [None] * OUTLETS
    alone = seconds(good)
    beside = seconds([*good, *(HOSTILE[number % len(HOSTILE)]() for number in range(OUTLETS))])
    print(f"{OUTLETS} good outlets alone                 {alone:6.1f} s")
    print(f"beside {OUTLETS} hostile ones                {beside:6.1f} s")
    print(f"ratio                                {beside / alone:6.2f} (goal: at most {GOAL})")


if __name__ == "__main__":
    main()
