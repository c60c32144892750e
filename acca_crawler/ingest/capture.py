"""Read the article from a stored capture: the same pure steps for an import and a reprocess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from acca_crawler.dedup.address import canonical_address
from acca_crawler.detect import Detector
from acca_crawler.discovery.base import Fetched
from acca_crawler.discovery.feed import parse_feed
from acca_crawler.discovery.telegram import parse_posts_page
from acca_crawler.discovery.wordpress_api import parse_posts
from acca_crawler.exceptions import NotAnArticle
from acca_crawler.extract.bounds import bound_markup
from acca_crawler.extract.document import parse
from acca_crawler.extract.listing_pages import is_listing
from acca_crawler.importing import read_text_dump
from acca_crawler.ingest.page import identity_of, process_extraction, process_page
from acca_crawler.ingest.parts import PartFinder, with_parts
from acca_crawler.ingest.payload import declared_encoding, decoded
from acca_crawler.items import UNNAMED, Article, Capture, Listed, Page
from acca_crawler.outlets import Outlet


def article_in(
    capture: Capture,
    name: str,
    outlet: Outlet,
    *,
    capture_id: int | None,
    listed: Listed | None = None,
    detector: Detector,
    find: PartFinder | None = None,
    alone: bool = False,
) -> tuple[Article, Page]:
    """Read the article in a capture, and the page it came from. `listed` is its metadata from a way of discovery.

    A file imported without a URL has a placeholder URL starting with `UNNAMED`. The article's further parts are read
    too if `find` is given. Raises `FurtherPart` for a page that is one, unless it is to be read `alone`,
    `NotAnArticle`, `PayloadError`, `ImportFileError`.
    """
    data = decoded(capture)
    is_text = _is_text(capture)
    named = not capture.url.startswith(UNNAMED)
    page = Page(
        url=capture.url if named else "",
        html=data if is_text else bound_markup(data)[0],
        encoding=declared_encoding(capture),
        listed=listed,
        capture_id=capture_id,
        fetched_at=capture.fetched_at if capture.status else None,  # the fetch time of a file is unknown
        alone=alone,
    )
    if is_text:
        extraction = read_text_dump(data, outlet=outlet)
        extraction = replace(extraction, url=capture.url if named else extraction.url)
        article = process_extraction(extraction, name, outlet, detector)
        return replace(article, capture_id=capture_id), page
    if not capture.status:
        _require_article(page)
    article = process_page(page, name, outlet, detector)
    if named and find and article.extraction.further_parts:
        page = with_parts(page, article.extraction, outlet, find)
        article = process_page(page, name, outlet, detector)
    return article, page


def _require_article(page: Page) -> None:
    """Raise `NotAnArticle` for a saved page that lists articles; only its content shows that."""
    root = parse(page.html, page.encoding)
    if root is not None and is_listing(root, page.url):
        raise NotAnArticle("a page that lists articles, and not an article")


def article_of_listed(
    listed: Listed, name: str, outlet: Outlet, *, capture_id: int | None, detector: Detector
) -> Article:
    """Read the article from what a REST document, a feed or a page of posts says, for one without a page of its own.

    Raises `NotAnArticle`.
    """
    return process_page(Page(listed.url, b"", listed=listed, capture_id=capture_id), name, outlet, detector)


def listed_by_identity(capture: Capture, outlet: Outlet) -> Mapping[str, Listed]:
    """Return what a captured REST document, feed or page of posts says about each article, by identity.

    Raises `DiscoveryError`, `PayloadError`.
    """
    headers = {header.lower(): value for header, value in capture.response_headers}
    answer = Fetched(
        capture.url,
        capture.status,
        headers,
        decoded(capture),
        timezone=outlet.timezone,
        fetched_at=capture.fetched_at,
    )
    parse_listed = {"rest": parse_posts, "posts": parse_posts_page}.get(capture.kind, parse_feed)
    way = "telegram" if capture.kind == "posts" else capture.kind
    found: dict[str, Listed] = {}
    for listed in parse_listed(answer).listed:
        url = canonical_address(listed.url, keep_query=outlet.keep_query)
        found.setdefault(identity_of(url, outlet), replace(listed, way=way))
    return found


def _is_text(capture: Capture) -> bool:
    return any(
        name.lower() == "content-type" and value.startswith("text/plain") for name, value in capture.response_headers
    )
