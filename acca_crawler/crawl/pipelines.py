"""Thin item pipelines: read the article on a page, then store it."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import DropItem

from acca_crawler.clock import now
from acca_crawler.crawl.expected import count_fields
from acca_crawler.crawl.fetching.parts import fetch_parts
from acca_crawler.crawl.outcomes import (
    MAX_REASON,
    found_further_part,
    found_gone,
    found_no_article,
    found_other_page,
    found_too_heavy,
    found_unreadable,
    found_unstorable,
)
from acca_crawler.crawl.run import OutletRun, outlet_run_of
from acca_crawler.exceptions import FurtherPart, NotAnArticle, NotReadNow, NotThisArticle, PageTooHeavy, SaysGone
from acca_crawler.ingest.store import store_article
from acca_crawler.items import Article, Page
from storage.ledger import runs
from storage.schema.database import transaction

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


@dataclass(frozen=True, slots=True)
class Processed:
    """An article and the page it was read from."""

    page: Page
    article: Article


class _Pipeline:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _run(self) -> OutletRun:
        return outlet_run_of(self._crawler)


class ProcessPipeline(_Pipeline):
    """Turns a page into an article. Unreadable pages are counted; their captures are kept for a later release."""

    async def process_item(self, item: Page) -> Processed:
        """Raises `DropItem` if the page contains no article or our own code fails on it."""
        run = self._run
        try:
            article, cut = await run.readers.article(item, run.name, run.outlet)
            if article.extraction.further_parts and item.html:
                assert self._crawler.engine is not None
                item = await fetch_parts(run, self._crawler.engine.download_async, item, article.extraction)
                article, cut = await run.readers.article(item, run.name, run.outlet)
        except NotReadNow as error:  # its address stays pending
            raise DropItem(str(error)) from error
        except FurtherPart as error:
            found_further_part(run, item.requested_url, error.first, str(error))
            raise DropItem(str(error)) from error
        except SaysGone as error:
            found_gone(run, item.requested_url, str(error), item.capture_id)
            raise DropItem(str(error)) from error
        except PageTooHeavy as error:
            found_too_heavy(run, item.requested_url, str(error), item.capture_id)
            raise DropItem(str(error)) from error
        except NotThisArticle as error:
            found_other_page(run, item.requested_url, str(error), item.capture_id)
            raise DropItem(str(error)) from error
        except NotAnArticle as error:
            found_no_article(run, item.requested_url, str(error), item.capture_id)
            raise DropItem(str(error)) from error
        except Exception as error:
            found_unreadable(run, item.requested_url, f"{type(error).__name__}: {error}", item.capture_id)
            raise DropItem(str(error)) from error
        for name in cut:
            run.count(f"cut:{name}")
        for part in article.parts:
            run.count("part_missing" if part.missing else "parts")
        return Processed(item, article)


class ArchivePipeline(_Pipeline):
    """Stores an article together with its revision, flags, alert and the run's counts, in one transaction."""

    def process_item(self, item: Processed) -> Processed:
        """Store the article and pass it on. Raises `DropItem` if it can't be stored; another page is tried again."""
        try:
            return self._store(item)
        except NotThisArticle as error:
            found_other_page(self._run, item.page.requested_url, str(error), item.page.capture_id)
            raise DropItem(str(error)) from error
        except sqlite3.OperationalError as error:  # the archive is not writable: the outcome can't be recorded either
            if not self._run.write_error:
                self._run.write_error = str(error)
                assert self._crawler.engine is not None
                self._closing = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="disk"))
            raise DropItem(f"the archive can't be written to: {error}") from None
        except Exception as error:  # noqa: BLE001 - a bug on one article must not end the outlet's run
            reason = f"{type(error).__name__}: {error}"[:MAX_REASON]  # must not contain the article's text
            found_unstorable(self._run, item.page.requested_url, reason, item.page.capture_id)
            raise DropItem(reason) from None

    def _store(self, item: Processed) -> Processed:
        run = self._run
        run.heavy_in_a_row = 0
        context, way = run.context, run.answered_way or ""
        with transaction(context.db) as db:
            stored = store_article(db, item.article, item.page, context.run_id, way, now(), context.detector)
            run.count(stored.outcome)
            count_fields(run, item.article)
            if stored.alert_id is not None:
                run.count("alerts")
            for piece in item.article.extraction.stripped:
                run.count(f"stripped:{piece.rule}")
            runs.save_counts(db, context.run_id, context.counts)
        return item
