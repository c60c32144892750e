"""What an operator has: the newsroom over real HTTP, an acca.toml, and the `acca` command in a process of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.demo import run_demo
from tests.support.desk import Desk


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of `acca demo`, crawled once for all tests of the xdist group "demo": change a copy of it."""
    directory = tmp_path_factory.mktemp("demo") / "demo"
    run_demo(directory, Console(file=io.StringIO()))
    return directory


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """The newsroom on its first day."""
    with Newsroom(sites=["acca", "semdorog"]) as started:
        yield started


@pytest.fixture
def desk(tmp_path: Path, newsroom: Newsroom) -> Desk:
    """A desk whose acca outlet is the newsroom's."""
    return make_desk(tmp_path, newsroom)


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
