"""Every outlet's spider, loaded as in a crawl."""

from __future__ import annotations

from functools import cache

from acca_crawler.config.loading import Config
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.crawl.start import load_outlets
from acca_crawler.outlet_tools.fixtures.fixture import Fixture
from tests.support.desk import ROOT

FIXTURES = ROOT / "tests" / "fixtures" / "outlets"


@cache
def outlets() -> dict[str, type[OutletSpider]]:
    """Return the spiders that ship with the project, by name; not the channels that outlets declare."""
    return {name: spider for name, spider in load_outlets(Config()).items() if spider.family != "telegram"}


@cache
def fixture_of(name: str) -> Fixture:
    """Return an outlet's frozen pages."""
    return Fixture.load(FIXTURES / name)
