"""Three workers and a writer on loopback, of which one worker and the writer are killed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.desk import TIMEOUT, Desk
from tests.support.local import Answer, Asked, LocalSite, article, outlet, rss, served
from tests.support.redis_server import redis_server
from tests.support.warm import Started

pytestmark = pytest.mark.redis

DELAY = 0.25
ARTICLES = 12
SITES = 4
LEASE = 6


@dataclass
class Paper:
    """A newspaper that notes how many requests it has at the same time, and can hold one back."""

    name: str
    together: int = 0
    most_together: int = 0
    counting: threading.Lock = field(default_factory=threading.Lock)
    held: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    hold_path: str = ""

    def answer(self, asked: Asked) -> Answer:
        """Answer after counting; a held-back request waits until it may go."""
        with self.counting:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        try:
            if asked.path == self.hold_path:
                self.hold_path = ""
                self.held.set()
                self.let_go.wait(4 * TIMEOUT)
            return self._answer(asked)
        finally:
            with self.counting:
                self.together -= 1

    def _answer(self, asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer("", "text/plain", 404)
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}/news/{number}" for number in range(ARTICLES))
        number = asked.path.rpartition("/")[2]
        if asked.path.startswith("/news/") and number.isdigit():
            text = f"The {self.name} of village number {number} wrote about {number} wells and {number} roads."
            return Answer(article(f"{self.name} report {number}", text))
        return Answer("nothing here", "text/plain", 404)


@pytest.fixture
def papers() -> Iterator[list[tuple[Paper, LocalSite]]]:
    """Four newspapers on four ports."""
    with ExitStack() as stack:
        found = []
        for number in range(SITES):
            paper = Paper(f"paper{number}")
            found.append((paper, stack.enter_context(served(paper.answer))))
        yield found
        for paper, _ in found:
            paper.let_go.set()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The URL of a Redis server."""
    with redis_server(tmp_path) as url:
        yield url


def test_nothing_is_lost_or_doubled_if_a_worker_and_the_writer_are_killed(
    tmp_path: Path, papers: list[tuple[Paper, LocalSite]], redis: str
) -> None:
    desk = Desk(tmp_path)
    tables = "".join(
        outlet(site, 'feeds = ["/feed/"]', 'article_path = "^/news/[0-9]+$"', name=paper.name) for paper, site in papers
    )
    desk.configure(f"[crawl]\ndelay = {DELAY}\nretries = 0\noutlets_at_once = 1\n{tables}")
    names = [paper.name for paper, _ in papers]
    shared = ("--redis", redis, "--lease", str(LEASE))
    papers[0][0].hold_path = papers[1][0].hold_path = "/news/5"
    processes = [desk.start("worker", *shared, "--jobs", "1") for _ in range(3)]
    try:
        writer = desk.start("writer", *shared, *names)
        processes.append(writer)
        wait_for(papers[0][0].held)
        wait_for(papers[1][0].held)
        writer.send_signal(signal.SIGKILL)
        writer.wait(timeout=TIMEOUT)  # until then it has the archive's lock
        for worker in processes[:3]:
            if holds(worker, papers[0][1]):
                worker.send_signal(signal.SIGKILL)
                break
        else:
            raise AssertionError("no worker has a connection to the first paper")
        papers[0][0].let_go.set()
        papers[1][0].let_go.set()
        writer = desk.start("writer", *shared, *names)
        processes.append(writer)
        assert writer.wait(timeout=2 * TIMEOUT) == 0, logs(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    everything = SITES * ARTICLES
    assert desk.value("SELECT count(*) FROM articles") == everything
    assert desk.value("SELECT count(*) FROM revisions") == everything
    assert desk.tuples("SELECT status, count(*) FROM addresses GROUP BY status") == [("stored", everything)]
    assert desk.value("SELECT count(*) FROM captures WHERE kind = 'article'") == everything
    assert desk.value("SELECT sum(value) FROM run_counts WHERE name = 'new'") == everything
    desk.acca("verify")
    for paper, site in papers:
        assert paper.most_together == 1, f"{paper.name} had several requests at once"
        times = [asked.at for asked in site.asked]
        assert (len(times) - 1) * DELAY <= times[-1] - times[0] + DELAY, f"{paper.name} was asked too often"


def wait_for(event: threading.Event) -> None:
    """Wait until something happened on the server's side."""
    assert event.wait(2 * TIMEOUT)


def holds(process: Started, site: LocalSite) -> bool:
    """Whether a process has an open connection to a site."""
    port = site.server.server_address[1]
    inodes = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if int(parts[2].rpartition(":")[2], 16) == port and parts[3] == "01":
            inodes.add(f"socket:[{parts[9]}]")
    for entry in Path(f"/proc/{process.pid}/fd").iterdir():
        try:
            if str(entry.readlink()) in inodes:
                return True
        except OSError:
            continue
    return False


def logs(processes: list[Started]) -> str:
    """Everything that the processes printed."""
    return "\n".join(process.printed[-3000:] for process in processes)
