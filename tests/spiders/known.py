"""Every outlet's spider, loaded the way a crawl loads them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from acca_crawler.config import Config
from acca_crawler.crawling import load_outlets
from acca_crawler.frozen.fixture import Fixture
from acca_crawler.outlet_spider import OutletSpider

FIXTURES = Path(__file__).parents[1] / "fixtures" / "outlets"


@cache
def outlets() -> dict[str, type[OutletSpider]]:
    """The spiders that ship with the project, by name."""
    return load_outlets(Config())


@cache
def fixture_of(name: str) -> Fixture:
    """An outlet's frozen pages."""
    return Fixture.load(FIXTURES / name)
