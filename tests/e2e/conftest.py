"""What an operator has: the newsroom over real HTTP, an acca.toml, and the `acca` command in a process of its own."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from rich.console import Console

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.demo import run_demo
from acca_crawler.newsroom.samples import Clocks, Post
from tests.support import warm
from tests.support.desk import TIMEOUT, Desk


@dataclass(frozen=True)
class SecondCrawl:
    """A directory crawled on both days, and the clocks by which the newsroom dated its articles."""

    directory: Path
    clocks: Clocks


BRIEF = frozenset(
    (14213, 14212, 14211, 14210, 14208, 14206, 14205, 14204, 14201, 14198, 14190, 14186, 14184, 14175, 6120, 6044)
)
"""A third of acca's articles: both languages, every level, a translation, an edit, two removals, an old address."""


DUMP = """21.08.2022
Central Asia Kyrgyzstan News Torture Torture Kyrgyzstan

Kyrgyzstan: a driver says officers beat him in a police station

Bakyt Toktosunov, a driver from Tokmok, told ACCA that officers of the district police beat him in his cell for two
hours – “until I signed what they had written”.

The ministry denied this. His lawyer has filed a complaint of torture with the prosecutor’s office.

Leave feedback about this

  • Актуальность
  • Полезность

PROS

+
Add Field

CONS

+
Add Field
ACCA

administrator
The Analytical Center for Central Asia (ACCA) is a group of professional journalists who work in Central Asia.

Any person from the countries of Central Asia who believes that his rights have been violated can apply to us for help.

Skip to content"""
"""An article as a scraper stored it, to import."""

UNNEEDED = 3
"""WARC files of `often_crawled` that nothing refers to."""


class Sites(Newsroom):
    """The newsroom, whose acca shows only its `BRIEF` articles until it is reset, if a test wants it so."""

    brief = False

    def reset(self, day: int = 1, clocks: Clocks | None = None) -> None:
        """Do as the newsroom does, with all articles."""
        super().reset(day, clocks)
        self.brief = False

    def posts(self, site: str, day: int | None = None) -> tuple[Post, ...]:
        """Return the articles that are shown."""
        found = super().posts(site, day)
        return tuple(post for post in found if post.id in BRIEF) if self.brief and site == "acca" else found


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of `acca demo`, crawled once for all tests of the xdist group "demo": change a copy of it."""
    directory = tmp_path_factory.mktemp("demo") / "demo"
    with patch("acca_crawler.newsroom.demo.subprocess", SimpleNamespace(run=_run_warm)):
        run_demo(directory, Console(file=io.StringIO()))
    return directory


def _run_warm(command: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
    """Run `python -m acca_crawler ...` as our other tests do."""
    assert list(command[:3]) == [sys.executable, "-m", "acca_crawler"]
    code, out, err = warm.run(command[3:], Path.cwd(), timeout=TIMEOUT, merged=False)
    return subprocess.CompletedProcess(list(command), code, out, err)


@pytest.fixture(scope="session")
def open_newsroom() -> Iterator[Newsroom]:
    """Two sites of the newsroom, open for all tests of a worker: archives copied for a test keep their addresses."""
    with Sites(sites=["acca", "semdorog"]) as started:
        yield started


@pytest.fixture
def newsroom(open_newsroom: Newsroom) -> Newsroom:
    """The newsroom on its first day."""
    open_newsroom.reset()
    return open_newsroom


@pytest.fixture
def brief(newsroom: Newsroom) -> None:
    """Let acca show a third of its articles, for a test that would say the same of all 48."""
    assert isinstance(newsroom, Sites)
    newsroom.brief = True


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Desk:
    """A desk whose acca outlet is the newsroom's."""
    return make_desk(tmp_path, newsroom)


@pytest.fixture(scope="session")
def first_crawl(open_newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a desk that crawled acca on the first day: change a copy of it."""
    open_newsroom.reset()
    directory = tmp_path_factory.mktemp("first-crawl")
    make_desk(directory, open_newsroom).acca("crawl", "acca")
    return directory


@pytest.fixture(scope="session")
def often_crawled(first_crawl: Path, open_newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same desk after `UNNEEDED` crawls that found nothing new: each left a file that nothing refers to."""
    open_newsroom.reset()
    directory = tmp_path_factory.mktemp("often-crawled")
    shutil.copytree(first_crawl, directory, dirs_exist_ok=True)
    for _ in range(UNNEEDED):
        Desk(directory).acca("crawl", "acca")
    return directory


@pytest.fixture(scope="session")
def second_crawl(first_crawl: Path, open_newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> SecondCrawl:
    """The same desk after its crawl on the second day."""
    open_newsroom.reset()
    open_newsroom.set_day(2)
    directory = tmp_path_factory.mktemp("second-crawl")
    shutil.copytree(first_crawl, directory, dirs_exist_ok=True)
    Desk(directory).acca("crawl", "acca")
    return SecondCrawl(directory, open_newsroom.clocks)


@pytest.fixture
def crawled(tmp_path: Path, first_crawl: Path, newsroom: Newsroom) -> Desk:
    """A desk that has crawled acca on the newsroom's first day."""
    shutil.copytree(first_crawl, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path)


@pytest.fixture
def filled(crawled: Desk) -> Desk:
    """A desk after its first crawl, with a dump to import and every report to be judged differently."""
    (crawled.directory / "dump.txt").write_text(DUMP, encoding="utf-8")
    crawled.execute("UPDATE flags SET score = -1")
    return crawled


@pytest.fixture
def filled_often(filled: Desk, often_crawled: Path) -> Desk:
    """Such a desk after some further crawls, whose captures nothing refers to."""
    shutil.rmtree(filled.directory / "archive")
    shutil.copytree(often_crawled / "archive", filled.directory / "archive")
    filled.execute("UPDATE flags SET score = -1")
    return filled


@pytest.fixture
def crawled_twice(tmp_path: Path, second_crawl: SecondCrawl, newsroom: Newsroom) -> Desk:
    """A desk that has crawled acca on the newsroom's first and second day, which it is now."""
    newsroom.reset(2, second_crawl.clocks)
    shutil.copytree(second_crawl.directory, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path)


def make_desk(directory: Path, newsroom: Newsroom, crawl: str = "") -> Desk:
    """A desk with more settings in its [crawl] table."""
    (directory / "acca.toml").write_text(
        f'[crawl]\ndelay = 0\nretries = 1\n{crawl}\n[outlets.acca]\nhome = "{newsroom.sites["acca"].url}/en/"\n'
    )
    return Desk(directory)


def counts(desk: Desk) -> dict[str, int]:
    """What the last run counted for acca."""
    run = desk.value("SELECT max(id) FROM runs")
    rows = desk.rows("SELECT name, value FROM run_counts WHERE run_id = ? AND outlet = 'acca'", run)
    return {row["name"]: row["value"] for row in rows}


Requested = Callable[[], list[str]]


@pytest.fixture
def requested(newsroom: Newsroom) -> Requested:
    """The article pages that acca's site was asked for since this was last called."""

    def articles() -> list[str]:
        paths = [record.path for record in newsroom.sites["acca"].requests if record.kind == "article"]
        newsroom.requests.clear()
        return paths

    return articles
