"""`acca import`: articles that people already hold go the same way into the archive as crawled ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from acca_crawler.clock import now
from acca_crawler.config import Config
from acca_crawler.crawl_context import CrawlContext, open_run
from acca_crawler.exceptions import AccaError, ImportFileError, NotAnArticle
from acca_crawler.extract import extract
from acca_crawler.importing import iter_warc_pages, read_text_dump, sniff
from acca_crawler.items import Article, Page
from acca_crawler.outlets import Outlet
from acca_crawler.process import is_on, process_extraction, process_page
from acca_crawler.store import store_article
from storage import runs
from storage.archive import Stored
from storage.database import transaction

SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
CANONICAL = re.compile(rb"<link[^>]+rel=[\"']?canonical[\"']?[^>]*href=[\"']([^\"']+)", re.I)
CANONICAL_TURNED = re.compile(rb"<link[^>]+href=[\"']([^\"']+)[\"'][^>]*rel=[\"']?canonical", re.I)
OG_URL = re.compile(rb"<meta[^>]+property=[\"']og:url[\"'][^>]*content=[\"']([^\"']+)", re.I)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one article of one file; `error` says why nothing did."""

    file: Path
    article: Article | None = None
    stored: Stored | None = None
    error: str | None = None


class UnknownOutletError(AccaError):
    """`--outlet` names no outlet, or a file's address is on none: raised by `import_files`."""


def import_files(
    config: Config, outlets: dict[str, Outlet], files: Sequence[Path], *, outlet: str | None, url: str | None
) -> Iterator[Imported]:
    """Store every article of every file, each in its own transaction, and say what became of it.

    `outlet` names the outlet of files that don't tell it by an address, `url` the address of a single page.
    Raises `UnknownOutletError`, `storage.lock.ArchiveLocked`, `storage.database.ArchiveError`.
    """
    if outlet is not None and outlet not in outlets:
        raise UnknownOutletError(f"no outlet named {outlet}; `acca outlets` lists them all")
    arguments = {"files": [str(file) for file in files], "outlet": outlet, "url": url}
    with open_run(config, "import", arguments) as context:
        for file in files:
            try:
                for name, article, page in _articles(file, outlets, outlet, url):
                    yield Imported(file, article, _store(context, name, outlets[name], article, page, file))
            except (AccaError, OSError) as error:
                context.count(outlet or "import", "failed")
                context.statuses["import"] = "failed"
                yield Imported(file, error=getattr(error, "strerror", None) or str(error))


def _articles(
    file: Path, outlets: dict[str, Outlet], outlet: str | None, url: str | None
) -> Iterator[tuple[str, Article, Page]]:
    data = file.read_bytes()
    kind = sniff(data)
    if kind == "warc":
        for found in iter_warc_pages(file):
            name = outlet_of(found.url, outlets) or outlet
            if name is None or outlets[name].identify(found.url) is None:
                continue
            page = Page(url=found.url, html=found.html, encoding=found.encoding)
            try:
                yield name, process_page(page, name, outlets[name]), page
            except NotAnArticle:
                continue
    elif kind == "html":
        address = url or address_in(data)
        name = outlet or (outlet_of(address, outlets) if address else None)
        if name is None:
            raise ImportFileError("the page does not say which outlet it is from: give --outlet or --url")
        page = Page(url=address or outlets[name].home, html=data)
        if address:
            yield name, process_page(page, name, outlets[name]), page
        else:
            extraction = replace(extract(data, page.url, outlet=outlets[name]), url="", canonical_url=None)
            yield name, process_extraction(extraction, name, outlets[name]), page
    else:
        name = outlet or "acca"
        extraction = read_text_dump(data, outlet=outlets[name])
        extraction = replace(extraction, url=url or extraction.url)
        yield name, process_extraction(extraction, name, outlets[name]), Page(url=extraction.url, html=data)


def _store(context: CrawlContext, name: str, outlet: Outlet, article: Article, page: Page, file: Path) -> Stored:
    digest = hashlib.sha256(page.html).hexdigest()
    way = f"import of {file.name} (sha256 {digest})"
    with transaction(context.db) as db:
        runs.save_outlet(db, name, outlet.title, outlet.home, outlet.kind, outlet.countries, outlet.languages)
        runs.start_outlet(db, context.run_id, name)
        stored = store_article(db, article, page, context.run_id, way, now())
        context.count(name, stored.outcome)
        runs.finish_outlet(db, context.run_id, name, "ok", "import", None)
        runs.save_counts(db, context.run_id, context.counts)
    context.statuses.setdefault(name, "ok")
    return stored


def outlet_of(url: str, outlets: dict[str, Outlet]) -> str | None:
    """The outlet on whose hosts an address lies."""
    return next((name for name, outlet in outlets.items() if urlsplit(url).hostname and is_on(url, outlet)), None)


def address_in(html: bytes) -> str | None:
    """The address that a saved page gives for itself: a browser's note, rel=canonical or og:url."""
    for pattern in (CANONICAL, CANONICAL_TURNED, OG_URL, SAVED_FROM):
        if match := pattern.search(html):
            return match[1].decode("utf-8", errors="replace")
    return None
