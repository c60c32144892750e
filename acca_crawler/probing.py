"""Looking at a site from outside: which ways in answer, and how well the readings of its articles agree."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from parsel import Selector
from protego import Protego
from scrapy.utils.gz import gunzip

from acca_crawler import __version__
from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.config import Config
from acca_crawler.dedup.address import canonical_address
from acca_crawler.discovery import Feed, Fetched, Listing, Sitemap, Way, WordPressApi
from acca_crawler.exceptions import AccaError, DiscoveryError
from acca_crawler.extract import agreement, extract, fragment_text
from acca_crawler.fetching.challenge import blocked_by
from acca_crawler.items import CaptureKind, Extraction, Listed
from acca_crawler.outlets import Outlet, Selectors
from acca_crawler.payload import charset_of
from acca_crawler.process import LANGUAGE_SAMPLE, is_on
from acca_crawler.text.language import identify

COMMON_FEEDS = ("feed/", "rss", "rss.xml", "rss/", "feeds/posts/default", "api/", "news.rss", "atom.xml")
COMMON_SITEMAPS = ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml")
ARTICLES = 3
ENOUGH_LISTED = 200
LEAST_TITLE_WORDS = 4
"""What is a title among the links of a page, and not the name of a section."""
AGREE = 0.8
"""Readings that agree less than this should be looked at."""

FAMILY_MARKS = {
    "blogger": rb"generator['\"][^>]*blogger|blogger['\"][^>]*generator|blogspot\.com/feeds",
    "pangea": rb"pangea_version|hdr-20|class=\"[^\"]*cc_theme",
    "wordpress": rb"/wp-content/|api\.w\.org|generator['\"][^>]*wordpress",
    "drupal": rb"generator['\"][^>]*drupal|drupal-settings-json|/sites/default/files/",
}
"""What the front page of each family carries, in the order in which they are looked for."""


class ProbeError(AccaError):
    """A site can't be looked at: raised by `Visitor` for the front page."""


class Visitor:
    """Fetches politely: robots.txt obeyed, a pause between requests, nothing larger than the operator's limit."""

    def __init__(self, config: Config) -> None:
        self._crawl = config.crawl
        self._agent = f"acca-crawler/{__version__} (+{config.crawl.contact or 'no contact configured'})"
        self._robots: dict[str, Protego] = {}
        self._last = 0.0

    async def __call__(self, url: str, kind: CaptureKind) -> Fetched:
        """An answer. Raises `DiscoveryError` where none came, where robots.txt forbids it, or where we are blocked."""
        if not self.robots(url).can_fetch(url, "acca-crawler"):
            raise DiscoveryError("forbidden by robots.txt")
        answer = self._get(url)
        if blocked := blocked_by(answer.status, answer.headers, answer.body):
            raise DiscoveryError(f"blocked: {blocked}")
        return answer

    def robots(self, url: str) -> Protego:
        """The rules of the address's host; a host without robots.txt allows everything."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            try:
                answer = self._get(f"{origin}/robots.txt")
                text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
            except DiscoveryError:
                text = ""
            self._robots[origin] = Protego.parse(text)
        return self._robots[origin]

    def _get(self, url: str) -> Fetched:
        time.sleep(max(0.0, self._last + self._crawl.delay - time.monotonic()))
        request = Request(canonical_fetch(url), headers={"User-Agent": self._agent, "Accept-Encoding": "gzip"})
        try:
            with urlopen(request, timeout=self._crawl.timeout) as response:
                return self._read(response.status, response)
        except HTTPError as error:
            return self._read(error.code, error)
        except (URLError, OSError, ValueError) as error:
            raise DiscoveryError(str(getattr(error, "reason", error))) from error
        finally:
            self._last = time.monotonic()

    def _read(self, status: int, response: object) -> Fetched:
        limit = self._crawl.largest_page * 1024 * 1024
        body: bytes = response.read(limit + 1)  # type: ignore[attr-defined]
        if len(body) > limit:
            raise DiscoveryError(f"larger than {self._crawl.largest_page} MiB")
        headers = {name.lower(): value for name, value in response.headers.items()}  # type: ignore[attr-defined]
        if headers.get("content-encoding") == "gzip":
            body = gunzip(body, max_size=limit)
        url: str = response.geturl()  # type: ignore[attr-defined]
        return Fetched(url, status, headers, body, charset_of(headers.get("content-type", "")))


def canonical_fetch(url: str) -> str:
    """An address as urllib wants it: every character encoded."""
    parts = urlsplit(url)
    return url if url.isascii() and " " not in parts.path else canonical_address(url)


@dataclass(frozen=True, slots=True)
class WayChecked:
    """One way in: whether it answered, how much it listed, the newest date, and why it failed if it did."""

    way: Way
    listed: tuple[Listed, ...] = ()
    newest: str | None = None
    failure: str = ""

    def told(self) -> str:
        """One line for people."""
        refs = ", ".join(getattr(self.way, "refs", ()) or ("",))
        if self.failure:
            return f"{self.way.name} ({refs}): no: {self.failure}"
        return f"{self.way.name} ({refs}): lists {len(self.listed)}, the newest {self.newest or 'without a date'}"


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """One article by each reading: words found, dates, and how far the readings agree (0 to 1)."""

    url: str
    title: str = ""
    method: str = ""
    words: int = 0
    generic_words: int = 0
    published: str | None = None
    language: str | None = None
    agreements: dict[str, float] = field(default_factory=dict)
    known: bool = True
    failure: str = ""

    def told(self) -> str:
        """One line for people."""
        if self.failure:
            return f"{self.url}: {self.failure}"
        agreed = ", ".join(f"{name} {value:.0%}" for name, value in self.agreements.items())
        return (
            f"{self.url}: “{self.title}”, {self.words} words by {self.method or 'nothing'}, published "
            f"{self.published or 'unknown'}, in {self.language or 'no language known'}; agreement with "
            f"{agreed or 'nothing'}"
        )


@dataclass(frozen=True)
class Findings:
    """What was found on a site."""

    family: str
    crawl_delay: float | None
    ways: tuple[WayChecked, ...]
    articles: tuple[ArticleRead, ...]

    @cached_property
    def answering(self) -> tuple[WayChecked, ...]:
        """The ways that listed something, in order."""
        return tuple(checked for checked in self.ways if checked.listed)


async def front_page(visitor: Visitor, url: str) -> Fetched:
    """The site's front page. Raises `ProbeError`."""
    try:
        return (await visitor(url, "other")).ok()
    except DiscoveryError as error:
        raise ProbeError(f"{url}: {error}") from error


def family_of(page: bytes) -> str:
    """The family whose marks a front page carries, `generic` without any."""
    for family, marks in FAMILY_MARKS.items():
        if re.search(marks, page, re.I):
            return family
    return "generic"


def ways_to_try(front: Fetched, sitemaps: Iterable[str]) -> tuple[Way, ...]:
    """Every way in that a site may have: what its front page and robots.txt name, then the usual addresses."""
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
    """Go one way as far as its first answers."""
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
        listed = [one for one in listed if len(one.title.split()) >= LEAST_TITLE_WORDS]
        if not listed:
            return WayChecked(way, failure="no link looks like a title")
    newest = max((date for one in listed if (date := one.published or one.modified)), default=None)
    return WayChecked(way, tuple(listed), newest)


async def read_article(visitor: Visitor, outlet: Outlet, listed: Listed) -> ArticleRead:
    """One article by the outlet's selectors, by the generic extraction, and as the way listed it."""
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
    """The article's language as outlets declare it: without its script."""
    named = identify(f"{found.title}\n{found.text[:LANGUAGE_SAMPLE]}") or found.language
    return named.partition("-")[0] if named else None


async def probe(visitor: Visitor, url: str, families: dict[str, Outlet]) -> Findings:
    """Look at a site: every way in, and three articles. Raises `ProbeError` where its front page does not answer."""
    front = await front_page(visitor, url)
    robots = visitor.robots(url)
    checked = [await check_way(visitor, way, front.url) for way in ways_to_try(front, robots.sitemaps)]
    family = family_of(front.body)
    if any(one.listed and isinstance(one.way, WordPressApi) for one in checked):
        family = "wordpress"
    host = urlsplit(front.url).hostname or ""
    outlet = replace(families[family], home=front.url, hosts=(host,), languages=())
    return Findings(
        family, robots.crawl_delay("acca-crawler"), tuple(checked), await _articles(visitor, outlet, checked)
    )


async def look(visitor: Visitor, outlet: Outlet, ways: Iterable[Way], family: str) -> Findings:
    """Look at an outlet that is declared: every one of its ways, and three articles."""
    checked = [await check_way(visitor, way, outlet.home) for way in ways]
    delay = visitor.robots(outlet.home).crawl_delay("acca-crawler")
    return Findings(family, delay, tuple(checked), await _articles(visitor, outlet, checked))


async def _articles(visitor: Visitor, outlet: Outlet, checked: Iterable[WayChecked]) -> tuple[ArticleRead, ...]:
    found = next((one for one in checked if one.listed), None)
    candidates = [one for one in found.listed if is_on(one.url, outlet)] if found else []
    if found and found.way.name in ("sitemap", "listing"):
        candidates = [one for one in candidates if outlet.identify(canonical_address(one.url))] or candidates
    return tuple([await read_article(visitor, outlet, one) for one in candidates[:ARTICLES]])


def corrections(outlet: Outlet, findings: Findings) -> list[str]:
    """What an outlet's declaration gets wrong, by what was found; empty where nothing is to be corrected."""
    said = [f"way {one.way.name} does not answer: {one.failure}" for one in findings.ways if one.failure]
    if not findings.answering:
        said.append("no way in answers: the outlet can't be crawled")
    limit = earlier(utc_stamp(), days=outlet.expected.greatest_silence)
    for one in findings.answering:
        if one.newest and one.newest < limit:
            said.append(f"way {one.way.name} is silent: its newest is from {one.newest[:10]}")
        elsewhere = sum(not is_on(listed.url, outlet) for listed in one.listed)
        if elsewhere:
            said.append(f"way {one.way.name} lists {elsewhere} addresses on other hosts than {', '.join(outlet.hosts)}")
    for article in findings.articles:
        said += _article_corrections(outlet, article)
    return list(dict.fromkeys(said))


def _article_corrections(outlet: Outlet, article: ArticleRead) -> list[str]:
    if article.failure:
        return [f"{article.url} could not be read: {article.failure}"]
    said = []
    if not article.known:
        said.append(f"article_path does not match {article.url}")
    if outlet.selectors.body and article.method != "selectors":
        said.append(f"selectors.body finds nothing on {article.url}")
    said += [
        f"the selectors' text and the {name} agree to {value:.0%} only on {article.url}"
        for name, value in article.agreements.items()
        if value < AGREE
    ]
    if article.words < outlet.expected.least_words:
        said.append(f"only {article.words} words on {article.url}")
    if article.published is None:
        said.append(f"no date of publication on {article.url}")
    return said
