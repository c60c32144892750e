"""`acca import`: existing articles enter the archive the same way as crawled ones."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from acca_crawler.clock import now, precise_stamp, utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.run import CrawlContext, open_run
from acca_crawler.dedup.address import host_of
from acca_crawler.engines import Engine
from acca_crawler.exceptions import AccaError, EngineError, FurtherPart, ImportFileError, NotAnArticle, UnknownOutlet
from acca_crawler.extract.parts import is_part_address
from acca_crawler.importing import capture_of, iter_warc_pages, sniff
from acca_crawler.importing.hosts import HostIndex, may_be_article
from acca_crawler.importing.outlet_status import WHOLE_IMPORT, begin_outlet, ending_outlets, has_begun
from acca_crawler.importing.packed_whole import by_records
from acca_crawler.importing.posts import channel_at, posts_in
from acca_crawler.importing.reading import Reading, capture_readers
from acca_crawler.importing.several_pages import SavedArticle, SavedArticles, SavedPage
from acca_crawler.ingest.capture import article_in
from acca_crawler.ingest.store import store_article
from acca_crawler.ingest.stored_parts import StoredParts
from acca_crawler.ingest.templates import with_template
from acca_crawler.interrupts import interruptible
from acca_crawler.items import UNNAMED, Article, Capture, Page
from acca_crawler.outlets import Outlet
from acca_crawler.uncollected import collecting_less
from storage.articles.current import by_url, is_older
from storage.articles.write import StoreResult
from storage.evidence.captures import Kept
from storage.ledger import runs
from storage.schema.database import transaction

SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
CANONICAL = re.compile(rb"<link[^>]+rel=[\"']?canonical[\"']?[^>]*href=[\"']([^\"']+)", re.I)
CANONICAL_TURNED = re.compile(rb"<link[^>]+href=[\"']([^\"']+)[\"'][^>]*rel=[\"']?canonical", re.I)
OG_URL = re.compile(rb"<meta[^>]+property=[\"']og:url[\"'][^>]*content=[\"']([^\"']+)", re.I)

SNIFFED = 1 << 20
"""Bytes that tell a WARC file from others: it is not read into memory as a whole."""

MAX_WAITING = 256 * 1024**2
"""Maximum bytes of pages that are being read or wait to be stored: with large ones, fewer are read ahead."""

MAX_ERROR = 300
"""Maximum characters of an error shown, to avoid printing a whole page."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Outcome of importing one article of one file; `error` is the reason for a failure.

    An article that was not stored, without an error, is older than the archive's version; its capture is kept.
    """

    file: Path
    article: Article | None = None
    stored: StoreResult | None = None
    error: str | None = None


def import_files(
    config: Config,
    outlets: dict[str, Outlet],
    files: Sequence[Path],
    *,
    outlet: str | None,
    url: str | None,
    engine: Engine,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Iterator[Imported]:
    """Store every article of every file, each in its own transaction, and yield the outcomes in the files' order.

    `outlet` names the outlet of files without a URL, `url` is the URL of a single page. An engine with several
    processes reads the pages ahead; this process stores them. `progress` is called with the bytes done and their total.
    Raises `UnknownOutlet`, `EngineError`, `storage.exceptions.ArchiveLocked`, `storage.exceptions.ArchiveError`.
    """
    if outlet is not None and outlet not in outlets:
        raise UnknownOutlet(f"no outlet named {outlet}; `acca outlets` lists them all")
    arguments = {"files": [str(file) for file in files], "outlet": outlet, "url": url}
    with (
        capture_readers(config, engine) as readers,
        open_run(config, "import", arguments) as context,
        ending_outlets(context),
        collecting_less(),
    ):
        outlets = {name: with_template(context.db, name, one) for name, one in outlets.items()}
        several = SavedArticles()
        queue: deque[_Waiting] = deque()

        def finished(left: int) -> Iterator[Imported]:
            while len(queue) > left or (len(queue) > 1 and _bytes_in(queue) > MAX_WAITING):
                waiting = queue.popleft()
                if done := _tried(context, outlet, waiting.file, partial(_import, context, waiting, several)):
                    yield done
                progress(waiting.position, total)

        total = sum(file.stat().st_size for file in files if file.is_file())
        before = 0
        for file in files:
            try:
                for name, capture, position in _captures(file, outlets, outlet, url):
                    kept = context.captures.keep(capture, run_id=context.run_id, outlet=name)
                    if capture.kind == "posts":
                        yield from finished(0)
                        yield from _import_posts(context, file, name, outlets[name], capture, kept)
                        continue
                    read = readers.begin(capture, name, outlets[name], kept.id, context.detector)
                    queue.append(
                        _Waiting(
                            file, name, outlets[name], capture, kept, read, before + min(position, file.stat().st_size)
                        )
                    )
                    yield from finished(readers.ahead)
            except (sqlite3.Error, EngineError):
                raise  # nothing can be written to the archive, or nothing read
            except Exception as error:  # noqa: BLE001 - a file that can't be read ends no import
                yield from finished(0)
                yield _failed(context, outlet, file, error)
            before += file.stat().st_size if file.is_file() else 0
        yield from finished(0)
        for saved in several:
            for page, known, alone in _readings(context, saved):
                work = partial(_import_parts, context, page, outlets[saved.outlet], known, alone)
                if done := _tried(context, outlet, page.file, work):
                    yield done


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A capture that is kept and being read. `position` is the end of its part of all files, in bytes."""

    file: Path
    name: str
    outlet: Outlet
    capture: Capture
    kept: Kept
    read: Reading
    position: int


def _bytes_in(queue: Iterable[_Waiting]) -> int:
    return sum(len(one.capture.payload) for one in queue)


def _tried(
    context: CrawlContext, outlet: str | None, file: Path, work: Callable[[], Imported | None]
) -> Imported | None:
    """Import one page; a failure is an outcome too, so that the other pages are still imported."""
    try:
        return work()
    except (sqlite3.Error, EngineError):
        raise  # nothing can be written to the archive, or nothing read
    except Exception as error:  # noqa: BLE001 - the other pages are still imported
        return _failed(context, outlet, file, error)


def _failed(context: CrawlContext, outlet: str | None, file: Path, error: Exception) -> Imported:
    """Count a failed import; the run is marked as failed, but the rest is still imported."""
    context.count(outlet or WHOLE_IMPORT, "failed")
    context.statuses[WHOLE_IMPORT] = "failed"
    said = getattr(error, "strerror", None) or str(error)
    return Imported(
        file, error=said[:MAX_ERROR] if isinstance(error, AccaError | OSError) else f"{error!r}"[:MAX_ERROR]
    )


def _captures(
    file: Path, outlets: dict[str, Outlet], outlet: str | None, url: str | None
) -> Iterator[tuple[str, Capture, int]]:
    """Yield a file's contents as byte-exact captures, each with the name of its outlet and its position in the file.

    Raises `ImportFileError` at the end of a WARC file if some of its records could not be imported.
    """
    with interruptible(), file.open("rb") as stream:
        data = stream.read(SNIFFED)
        kind = sniff(data)
        data += b"" if kind == "warc" else stream.read()
    if kind == "warc":
        with by_records(file) as records:
            yield from _warc_captures(records, outlets, outlet)
    elif kind == "html":
        address = url or address_in(data)
        name = outlet or (HostIndex(outlets).outlet_at(address) if address else None)
        if name is None:
            raise ImportFileError("the page does not say which outlet it is from: give --outlet or --url")
        if address and not may_be_article(address, outlets[name]):
            raise ImportFileError(f"{address[:200]} is not the address of an article of {name}")
        yield name, _brought_in(file, data, "text/html", address), len(data)
    else:
        yield outlet or "acca", _brought_in(file, data, "text/plain", url), len(data)


def _warc_captures(file: Path, outlets: dict[str, Outlet], outlet: str | None) -> Iterator[tuple[str, Capture, int]]:
    """Yield the article pages and lists of posts in a WARC file. Raises `ImportFileError` at its end for unreadable
    records, or if no page was imported at all.
    """
    taken, seen, broken = 0, "", ""
    hosts = HostIndex(outlets)
    for page in iter_warc_pages(file):
        if page.error:
            broken = broken or page.error
            continue
        seen = seen or page.url
        as_sent = page.fetched_at and page.answered
        if as_sent and (channel := channel_at(page.url, outlets)):
            taken += 1
            yield channel, replace(capture_of(file, page), kind="posts"), page.offset
            continue
        name = hosts.outlet_at(page.url) or _shared_host_of(page.url, page.html, outlets, hosts) or outlet
        if name is None or not host_of(page.url) or not may_be_article(page.url, outlets[name]):
            continue
        taken += 1
        capture = capture_of(file, page) if as_sent else _brought_in(file, page.html, "text/html", page.url)
        yield name, capture, page.offset
    if broken:
        raise ImportFileError(broken)
    if not taken:
        what = (
            f"none of its pages is an outlet's article (the first is {seen[:200]})" if seen else "it has no whole page"
        )
        raise ImportFileError(f"nothing was imported: {what}")


def _brought_in(file: Path, data: bytes, content_type: str, url: str | None) -> Capture:
    """Wrap a file as a capture. Its time is the import time, since the fetch time is unknown."""
    return Capture(
        url=url or f"{UNNAMED}{hashlib.sha256(data).hexdigest()}",
        kind="article",
        fetched_at=precise_stamp(now()),
        status=0,
        reason="",
        request_method="",
        request_headers=(),
        response_headers=(("Content-Type", content_type),),
        payload=data,
        route=f"import of {file.name}",
    )


def _import(context: CrawlContext, waiting: _Waiting, several: SavedArticles) -> Imported | None:
    """Store the article in a capture.

    None if one page of many has no article, or if it is one page of an article on several: then it is added to
    `several`. Raises `NotAnArticle` for a single file.
    """
    saved = SavedPage(waiting.file, waiting.name, waiting.kept.id)
    try:
        with interruptible():
            article, page = waiting.read()
    except FurtherPart as part:
        several.add_further(saved, part.first, part.number)
        return None
    except NotAnArticle:
        if waiting.capture.status == 0:
            raise
        return None
    if article.extraction.further_parts:
        several.add_first(saved, waiting.capture.url)
        return None
    return _stored(context, waiting.name, waiting.outlet, waiting.kept.payload_sha256, article, page, waiting.file)


def _import_posts(
    context: CrawlContext, file: Path, name: str, outlet: Outlet, capture: Capture, kept: Kept
) -> Iterator[Imported]:
    """Store each post of a channel's list."""
    try:
        with interruptible():
            found = list(posts_in(capture, name, outlet, kept.id, context.detector))
    except (AccaError, ValueError, RecursionError) as error:
        yield _failed(context, name, file, error)
        return
    for article, page in found:
        work = partial(_stored, context, name, outlet, kept.payload_sha256, article, page, file)
        if done := _tried(context, name, file, work):
            yield done


def _readings(context: CrawlContext, saved: SavedArticle) -> Iterator[tuple[SavedPage, dict[int, int], bool]]:
    """Yield what to read of an article on several pages: page, captures of the further ones, and whether it is alone.

    Without a first page among the files, the archive's is read, and without that each further page alone.
    """
    if saved.first:
        yield saved.first, saved.known, False
        return
    lone = next(iter(saved.further.values()))
    held = _archived_first(context, saved)
    if held:
        yield SavedPage(lone.file, saved.outlet, held), saved.known, False
        return
    for page in saved.further.values():
        yield page, {}, True


def _archived_first(context: CrawlContext, saved: SavedArticle) -> int | None:
    """Return the capture of the first page: what the archived article was read from, else the newest of that address.

    The newest capture may be a further page among these files that was saved under the first one's address.
    """
    addresses = (saved.url, saved.url.removesuffix("/"))
    for address in addresses:
        current = by_url(context.db, saved.outlet, address)
        if current and current.capture_id:
            return current.capture_id
    return context.captures.nearest_page(addresses, saved.outlet, utc_stamp())


def _import_parts(
    context: CrawlContext, saved: SavedPage, outlet: Outlet, known: dict[int, int], alone: bool
) -> Imported | None:
    """Store an article on several pages. Raises `NotAnArticle`."""
    capture = context.captures.read(saved.capture_id)
    find = StoredParts(context.captures, capture, saved.outlet, known)
    with interruptible():
        article, page = article_in(
            capture, saved.outlet, outlet, capture_id=saved.capture_id, detector=context.detector, find=find,
            alone=alone,
        )  # fmt: skip
    for part in article.parts:
        context.count(saved.outlet, "part_missing" if part.missing else "parts")
    if alone:
        context.count(saved.outlet, "part_missing")
    sha256 = hashlib.sha256(capture.payload).hexdigest()
    return _stored(context, saved.outlet, outlet, sha256, article, page, saved.file)


def _stored(
    context: CrawlContext, name: str, outlet: Outlet, sha256: str, article: Article, page: Page, file: Path
) -> Imported:
    """Store an article, unless the archive has a newer version of it. `sha256` is that of its page.

    It is not a visit: a file says nothing about the site of today, so a missing article stays missing.
    """
    if page.fetched_at and is_older(context.db, article, page.fetched_at):
        context.count(name, "older")
        return Imported(file, article)
    way = f"import of {file.name} (sha256 {sha256})"
    with transaction(context.db) as db:
        begin_outlet(db, context, name, outlet)
        stored = store_article(db, article, page, context.run_id, way, now(), context.detector, visited=False)
        context.count(name, stored.outcome)
        runs.save_counts(db, context.run_id, context.counts)
    has_begun(context, name)
    return Imported(file, article, stored)


def _shared_host_of(url: str, html: bytes, outlets: dict[str, Outlet], hosts: HostIndex) -> str | None:
    """Return the outlet of a page on a mirror that several outlets share: that of its canonical address."""
    canonical = address_in(html) or ""
    name = hosts.outlet_at(canonical)
    if name is None or urlsplit(canonical).path != urlsplit(url).path:
        return None
    return name if any(host_of(url).endswith(f".{host}") for host in outlets[name].shared_hosts) else None


def address_in(html: bytes) -> str | None:
    """Return the URL a saved page declares for itself: the browser's comment, rel=canonical or og:url."""
    found = [
        match[1].decode("utf-8", errors="replace")
        for pattern in (CANONICAL, CANONICAL_TURNED, OG_URL, SAVED_FROM)
        if (match := pattern.search(html))
    ]
    if len(found) > 1 and is_part_address(found[-1], found[0]):  # every part declares the first as canonical
        return found[-1]
    return found[0] if found else None
