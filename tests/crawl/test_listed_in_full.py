"""Articles that their way lists in full are stored one batch after another, without a wait in between."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from acca_crawler.crawl import spider as spiders
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.items import Listed, Page
from acca_crawler.outlets import Outlet
from storage.ledger import addresses, runs
from storage.schema.database import open_archive, transaction

AT = "2026-11-20T08:00:00Z"


class Channel(OutletSpider):
    """A channel whose list has its posts in full."""

    name = "channel"
    outlet = Outlet("Channel", "https://channel.example/", ("channel.example",), ("KG",), ("ru",), "^/")
    reads_listed = True


class Signals:
    """Scrapy's signals: with no request under way, none comes before the next tick, five seconds later."""

    async def wait_for(self, signal: object) -> None:
        raise AssertionError("waited although nothing was requested")


class Scraper:
    """Scrapy's way into the pipelines, which keeps what it gets."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    async def start_itemproc_async(self, page: Page, *, response: None) -> None:
        self.pages.append(page)


def test_no_batch_waits_for_requests_that_were_never_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spiders, "AT_ONCE", 2)
    db = open_archive(tmp_path / "acca.db")
    urls = [f"https://channel.example/{number}" for number in range(5)]
    with transaction(db):
        runs.save_outlet(db, "channel", "Channel", "https://channel.example/", "media", ("KG",), ("ru",))
        for url in urls:
            addresses.list_address(db, "channel", "telegram", url, Listed(url, body_html="<p>Post</p>"), url, AT)
    scraper = Scraper()
    spider = Channel()
    spider.crawler = SimpleNamespace(engine=SimpleNamespace(scraper=scraper), signals=Signals())  # type: ignore[assignment]
    spider._run = SimpleNamespace(db=db)  # type: ignore[assignment]

    async def requests() -> list[object]:
        return [request async for request in spider._pending_requests()]

    assert asyncio.run(requests()) == []
    assert [page.url for page in scraper.pages] == urls
    db.close()
