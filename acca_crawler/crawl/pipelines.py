"""Thin item pipelines: read the article on a page, then store it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from acca_crawler.crawl.component import CrawlerComponent
from acca_crawler.crawl.fetching.parts import fetch_parts
from acca_crawler.crawl.fetching.rendering import render_page
from acca_crawler.crawl.recording import FetchOutcome, OutcomeKind
from acca_crawler.crawl.run import OutletRun, outlet_run_of
from acca_crawler.exceptions import (
    AccaError,
    FurtherPart,
    NotAnArticle,
    NotReadNow,
    NotThisArticle,
    PageTooHeavy,
    ReadersLost,
    SaysGone,
)
from acca_crawler.items import Article, Page

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Processed:
    """An article and the page it was read from."""

    page: Page
    article: Article


class _Pipeline(CrawlerComponent):
    @property
    def _run(self) -> OutletRun:
        return outlet_run_of(self._crawler)


class ProcessPipeline(_Pipeline):
    """Turns a page into an article. Unreadable pages are counted; their captures are kept for a later release."""

    async def _download(self, request: Request) -> Response:
        assert self._crawler.engine is not None
        return await self._crawler.engine.download_async(request)

    async def process_item(self, item: Page) -> Processed:
        """Raises `DropItem` if the page contains no article or our own code fails on it."""
        run = self._run
        try:
            if run.outlet.render == "browser" and item.html:
                item = await render_page(run, self._download, item)
            article, cut = await run.readers.article(item, run.name, run.outlet)
            if article.extraction.further_parts and item.html:
                item = await fetch_parts(run, self._download, item, article.extraction)
                article, cut = await run.readers.article(item, run.name, run.outlet)
        except NotReadNow as error:  # its address stays pending
            raise DropItem(str(error)) from error
        except ReadersLost as error:  # its address stays pending, too
            self._end(str(error))
            raise DropItem(str(error)) from error
        except FurtherPart as error:
            raise self._without_article(item, "further_part", str(error), error.first) from error
        except (SaysGone, PageTooHeavy, NotThisArticle, NotAnArticle) as error:
            kind = next(kind for one, kind in _KINDS.items() if isinstance(error, one))
            raise self._without_article(item, kind, str(error)) from error
        except Exception as error:
            _log.exception("could not be read: %s", item.requested_url)
            raise self._without_article(item, "unreadable", f"{type(error).__name__}: {error}") from error
        for name in cut:
            run.count(f"cut:{name}")
        for part in article.parts:
            run.count("part_missing" if part.missing else "parts")
        return Processed(item, article)

    def _end(self, why: str) -> None:
        """End the outlet's run: no other page could be read either."""
        run = self._run
        run.count("not_read")
        if not run.readers_lost:
            run.readers_lost = why
            assert self._crawler.engine is not None
            self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="readers"))

    def _without_article(self, page: Page, kind: OutcomeKind, reason: str, first: str = "") -> DropItem:
        if kind != "too_heavy":
            self._run.heavy_in_a_row = 0
        self._run.record(FetchOutcome(kind, page.requested_url, reason, page.capture_id, first))
        return DropItem(reason)


_KINDS: Mapping[type[AccaError], OutcomeKind] = {
    SaysGone: "gone",
    PageTooHeavy: "too_heavy",
    NotThisArticle: "other_page",
    NotAnArticle: "no_article",
}
"""The outcome for an error; the first that fits, since some errors are special cases of others."""


class ArchivePipeline(_Pipeline):
    """Hands the article to the outlet's recorder, which stores it in one transaction."""

    def process_item(self, item: Processed) -> Processed:
        """Pass the article on once it is recorded. Raises `DropItem` if it is not."""
        run = self._run
        run.heavy_in_a_row = 0
        try:
            refused = run.recorder.article(item.article, item.page)
        except sqlite3.OperationalError as error:
            if not run.write_error:
                run.write_error = str(error)
                assert self._crawler.engine is not None
                self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="disk"))
            raise DropItem(f"the archive can't be written to: {error}") from None
        if refused:
            raise DropItem(refused)
        return item
