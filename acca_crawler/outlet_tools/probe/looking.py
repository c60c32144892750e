"""Tries every way of discovery up to its first answers and reads three articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from acca_crawler.clock import utc_stamp
from acca_crawler.dedup.address import canonical_address
from acca_crawler.discovery import Feed, Fetched, Listing, Sitemap, TelegramChannel, Way, WordPressApi
from acca_crawler.discovery.telegram import channel_of
from acca_crawler.exceptions import DiscoveryError, ProbeError
from acca_crawler.extract import agreement, extract, fragment_text
from acca_crawler.ingest.page import LANGUAGE_SAMPLE, is_on
from acca_crawler.items import Extraction, Listed
from acca_crawler.outlet_tools.probe.findings import ArticleRead, Findings, WayChecked
from acca_crawler.outlet_tools.probe.visitor import Visitor
from acca_crawler.outlets import Outlet, Selectors
from acca_crawler.text.language import identify

COMMON_FEEDS = ("feed/", "rss", "rss.xml", "rss/", "feeds/posts/default", "api/", "news.rss", "atom.xml")
COMMON_SITEMAPS = ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml")
ARTICLES = 3
ENOUGH_LISTED = 200
MIN_TITLE_WORDS = 4
"""Minimum words of a link that is an article's title rather than a section's name."""
FAMILY_MARKS = {
    "telegram": rb"class=\"[^\"]*tgme_(?:channel_history|webpreview|page_wrap)",
    "blogger": rb"generator['\"][^>]*blogger|blogger['\"][^>]*generator|blogspot\.com/feeds",
    "pangea": rb"pangea_version|hdr-20|class=\"[^\"]*cc_theme",
    "wordpress": rb"/wp-content/|api\.w\.org|generator['\"][^>]*wordpress",
    "drupal": rb"generator['\"][^>]*drupal|drupal-settings-json|/sites/default/files/",
}
"""Markers on the front page of each family, in the order in which they are checked."""


async def front_page(visitor: Visitor, url: str) -> Fetched:
    """Fetch the site's front page. Raises `ProbeError`."""
    try:
        return (await visitor(url, "other")).ok()
    except DiscoveryError as error:
        raise ProbeError(f"{url}: {error}") from error


def family_of(page: bytes) -> str:
    """Return the family whose markers a front page contains, else `generic`."""
    for family, marks in FAMILY_MARKS.items():
        if re.search(marks, page, re.I):
            return family
    return "generic"


def ways_to_try(front: Fetched, sitemaps: Iterable[str]) -> tuple[Way, ...]:
    """Return all ways worth trying: those named on the front page and in robots.txt, then the usual addresses."""
    selector = Selector(body=front.body, encoding="utf-8")
    named = [
        urljoin(front.url, href)
        for href in selector.css(
            'link[rel~=alternate][type="application/rss+xml"]::attr(href), '
            'link[rel~=alternate][type="application/atom+xml"]::attr(href)'
        ).getall()
    ]
    feeds = dict.fromkeys([*named, *(urljoin(front.url, ref) for ref in COMMON_FEEDS)])
    maps = dict.fromkeys([*sitemaps, *(urljoin(front.url, ref) for ref in COMMON_SITEMAPS)])
    return (
        WordPressApi(),
        *(Feed((feed,)) for feed in feeds if "/comments/" not in feed),
        *(Sitemap((address,), lists_all=False) for address in maps),
        Listing(links="a"),
    )


async def check_way(visitor: Visitor, way: Way, home: str) -> WayChecked:
    """Follow one way up to its first answers."""
    listed: list[Listed] = []
    try:
        async for batch in way.walk(visitor, home, None):
            listed += batch.listed
            if len(listed) >= ENOUGH_LISTED or isinstance(way, WordPressApi):
                break
    except DiscoveryError as error:
        if not listed:
            return WayChecked(way, failure=str(error))
    if isinstance(way, Listing) and way.links == "a":
        listed = [one for one in listed if len(one.title.split()) >= MIN_TITLE_WORDS]
        if not listed:
            return WayChecked(way, failure="no link looks like a title")
    newest = max((date for one in listed if (date := one.published or one.modified)), default=None)
    return WayChecked(way, tuple(listed), newest)


async def read_article(visitor: Visitor, outlet: Outlet, listed: Listed) -> ArticleRead:
    """Read one article with the outlet's selectors, with the generic extractor, and as the way listed it."""
    try:
        answer = (await visitor(listed.url, "article")).ok()
    except DiscoveryError as error:
        return ArticleRead(listed.url, failure=str(error))
    found = extract(answer.body, answer.url, outlet=outlet, encoding=answer.encoding, fetched_at=utc_stamp())
    generic = extract(answer.body, answer.url, outlet=replace(outlet, selectors=Selectors()), encoding=answer.encoding)
    agreements = {"generic": agreement(found.text, generic.text)} if outlet.selectors.body else {}
    if listed.body_html:
        agreements["listed text"] = agreement(found.text, fragment_text(listed.body_html))
    return ArticleRead(
        url=listed.url,
        title=found.title,
        method=found.method,
        words=len(found.text.split()),
        generic_words=len(generic.text.split()),
        published=found.published_at or listed.published,
        language=_language(found),
        agreements=agreements,
        known=outlet.identify(canonical_address(answer.url, keep_query=outlet.keep_query)) is not None,
    )


def _language(found: Extraction) -> str | None:
    """Return the article's language as outlets declare it: without the script."""
    named = identify(f"{found.title}\n{found.text[:LANGUAGE_SAMPLE]}") or found.language
    return named.partition("-")[0] if named else None


async def probe(visitor: Visitor, url: str, families: dict[str, Outlet]) -> Findings:
    """Probe a site: every way, and three articles. Raises `ProbeError` if its front page does not answer."""
    front = await front_page(visitor, url)
    robots = await visitor.robots(url)
    if family_of(front.body) == "telegram":
        return await _probe_channel(visitor, url, families["telegram"], robots.crawl_delay)
    checked = [await check_way(visitor, way, front.url) for way in ways_to_try(front, robots.sitemaps)]
    family = family_of(front.body)
    if any(one.listed and isinstance(one.way, WordPressApi) for one in checked):
        family = "wordpress"
    host = urlsplit(front.url).hostname or ""
    outlet = replace(families[family], home=front.url, hosts=(host,), languages=())
    return Findings(family, robots.crawl_delay, tuple(checked), await _articles(visitor, outlet, checked))


async def _probe_channel(visitor: Visitor, url: str, family: Outlet, crawl_delay: float | None) -> Findings:
    """Probe a Telegram channel by its list, whose posts need no requests of their own."""
    home = channel_home(url)
    outlet = replace(family, home=home, hosts=(urlsplit(home).hostname or "",), languages=())
    checked = await check_way(visitor, TelegramChannel(), home)
    newest = sorted(checked.listed, key=lambda one: one.published or "", reverse=True)[:ARTICLES]
    return Findings("telegram", crawl_delay, (checked,), tuple(_read_listed(outlet, one) for one in newest))


def channel_home(url: str) -> str:
    """Return the address of a channel's list. Raises `NoChannel` for an address that names none."""
    return urljoin(url, f"/s/{channel_of(url)}")


def _read_listed(outlet: Outlet, listed: Listed) -> ArticleRead:
    found = extract(listed.body_html or "", listed.url, outlet=outlet)
    return ArticleRead(
        url=listed.url,
        title=found.title,
        method=found.method,
        words=len(found.text.split()),
        published=found.published_at,
        language=_language(found),
    )


async def look(visitor: Visitor, outlet: Outlet, ways: Iterable[Way], family: str) -> Findings:
    """Probe a declared outlet: all its ways, and three articles."""
    if outlet.reader == "telegram":
        robots = await visitor.robots(outlet.home)
        return await _probe_channel(visitor, outlet.home, outlet, robots.crawl_delay)
    checked = [await check_way(visitor, way, outlet.home) for way in ways]
    robots = await visitor.robots(outlet.home)
    return Findings(family, robots.crawl_delay, tuple(checked), await _articles(visitor, outlet, checked))


async def _articles(visitor: Visitor, outlet: Outlet, checked: Iterable[WayChecked]) -> tuple[ArticleRead, ...]:
    found = next((one for one in checked if one.listed), None)
    candidates = [one for one in found.listed if is_on(one.url, outlet)] if found else []
    if found and found.way.name in ("sitemap", "listing"):
        candidates = [one for one in candidates if outlet.identify(canonical_address(one.url))] or candidates
    return tuple([await read_article(visitor, outlet, one) for one in candidates[:ARTICLES]])
