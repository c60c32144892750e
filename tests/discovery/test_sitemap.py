"""Sitemaps as sites write them: gzip, indexes of indexes, and what only looks like a sitemap."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from acca_crawler.discovery import Fetched, Sitemap
from acca_crawler.discovery.packed import MAX_BYTES
from acca_crawler.discovery.sitemap import parse_sitemap
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.items import CaptureKind

HOME = "https://outlet.example/en/"
ROOT = "https://outlet.example"


def index(*names: str) -> bytes:
    parts = "".join(f"<sitemap><loc>{ROOT}/{name}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'.encode()


def urlset(*entries: tuple[str, str]) -> bytes:
    parts = "".join(
        f"<url><loc>{ROOT}/{path}</loc>" + (f"<lastmod>{changed}</lastmod>" if changed else "") + "</url>"
        for path, changed in entries
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</urlset>'.encode()


def test_an_empty_address_is_no_address_of_the_sitemap_itself() -> None:
    body = urlset(("report-1", "")).replace(b"</urlset>", b"<url><loc>//</loc></url><url><loc>  </loc></url></urlset>")
    page = parse_sitemap(Fetched(f"{ROOT}/sitemap.xml", 200, {}, body))
    assert [one.url for one in page.listed] == [f"{ROOT}/report-1"]


class Site:
    """Answers what it holds, 404 for the rest, and remembers what it was asked for."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, url: str, kind: CaptureKind) -> Fetched:
        self.asked.append(url.removeprefix(ROOT))
        body = self.pages.get(self.asked[-1])
        return Fetched(url, 404 if body is None else 200, {}, body or b"")


def walk(way: Sitemap, site: Site, since: str | None = None) -> list[str]:
    async def collect() -> list[str]:
        return [one.url async for batch in way.walk(site.fetch, HOME, since) for one in batch.listed]

    return [url.removeprefix(ROOT) for url in asyncio.run(collect())]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_index_of_indexes_is_walked_packed_or_not(pack: type[bytes]) -> None:
    site = Site(
        {
            "/sitemap_index.xml": pack(index("years.xml")),
            "/years.xml": pack(index("post-sitemap1.xml", "post-sitemap2.xml", "category-sitemap.xml")),
            "/post-sitemap1.xml": pack(urlset(("a", "2026-11-01T08:00:00+06:00"), ("b", "2026-11-03"))),
            "/post-sitemap2.xml": pack(urlset(("c", ""))),
        }
    )
    found = walk(Sitemap(("/wp-sitemap.xml", "/sitemap_index.xml")), site)
    assert found == ["/b", "/a", "/c"]
    assert "/category-sitemap.xml" not in site.asked


def test_times_of_change_are_told_in_utc() -> None:
    entries = parse_sitemap(Fetched(ROOT, 200, {}, urlset(("a", "2026-11-01T08:00:00+06:00")))).listed
    assert entries[0].modified == "2026-11-01T02:00:00Z"


def test_core_wordpress_lists_the_oldest_first() -> None:
    site = Site({"/wp-sitemap.xml": index("wp-sitemap-posts-post-1.xml"),
                 "/wp-sitemap-posts-post-1.xml": urlset(("old", ""), ("new", ""))})  # fmt: skip
    assert walk(Sitemap(("/wp-sitemap.xml",)), site) == ["/new", "/old"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!DOCTYPE html><html><head><title>Outlet</title></head><body></body></html>", "HTML instead of a sitemap"),
        (b"<rss version='2.0'><channel></channel></rss>", "a feed without items"),
        (b"", "not a sitemap"),
        (urlset(), "without addresses"),
        (gzip.compress(urlset(("a", "")), mtime=0)[:-20], "gzip can't be unpacked"),
    ],
)
def test_what_is_no_sitemap_has_failed(body: bytes, why: str) -> None:
    with pytest.raises(DiscoveryError, match=why):
        walk(Sitemap(("/sitemap.xml",)), Site({"/sitemap.xml": body}))


def test_a_sitemap_that_unpacks_to_too_much_has_failed() -> None:
    body = gzip.compress(b"0" * (MAX_BYTES + 1), compresslevel=1, mtime=0)
    with pytest.raises(DiscoveryError, match="gzip can't be unpacked"):
        walk(Sitemap(("/sitemap.xml",)), Site({"/sitemap.xml": body}))


def test_an_index_that_leads_to_itself_ends() -> None:
    site = Site({"/sitemap.xml": index("sitemap.xml")})
    with pytest.raises(DiscoveryError, match="nested too deeply"):
        walk(Sitemap(("/sitemap.xml",)), site)
    assert len(site.asked) < 10


def test_entities_are_not_expanded() -> None:
    body = b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + urlset(("a", "")).replace(b"/a<", b"/&x;a<")
    entries = parse_sitemap(Fetched(ROOT, 200, {}, body)).listed
    assert all("root:" not in entry.url for entry in entries)


def test_a_sitemap_that_breaks_off_gives_its_whole_entries_and_fails() -> None:
    body = urlset(("news/1", ""), ("news/2", ""), ("news/345", ""))
    site = Site({"/sitemap.xml": body[: body.index(b"345") + 1]})
    listed: list[str] = []

    async def collect() -> None:
        async for batch in Sitemap().walk(site.fetch, HOME, None):
            listed.extend(one.url for one in batch.listed)

    with pytest.raises(DiscoveryError, match="only 2 addresses could be read: it breaks off"):
        asyncio.run(collect())
    assert listed == [f"{ROOT}/news/1", f"{ROOT}/news/2"]


def test_bare_ampersands_and_html_entities_are_taken_as_meant() -> None:
    body = urlset(("index.php?option=content&id=7&amp;x=1", ""), ("a&nbsp;b", "")).replace(b"&amp;amp;", b"&amp;")
    listed = parse_sitemap(Fetched(ROOT, 200, {}, b"\n\n" + body + b"\n<!-- cached -->")).listed
    assert [one.url for one in listed] == [f"{ROOT}/index.php?option=content&id=7&x=1", f"{ROOT}/a\xa0b"]


def test_one_bad_address_or_date_leaves_the_rest() -> None:
    body = urlset(("news/1", "0001-01-01T00:00:00+06:00"), ("news/2", "2026-11-01")).replace(
        b"</urlset>", b"<url><loc>http://[site]/x</loc></url><url><loc>http://a.example:port/</loc></url></urlset>"
    )
    page = parse_sitemap(Fetched(ROOT, 200, {}, body))
    assert [one.modified for one in page.listed] == [None, "2026-11-01T00:00:00Z"]
    assert len(page.skipped) == 2


def test_a_news_sitemap_gives_the_time_of_publication() -> None:
    news = (
        "<news:news><news:publication><news:name>Paper</news:name></news:publication>"
        "<news:publication_date>2026-11-27 10:00</news:publication_date><news:title>The road</news:title></news:news>"
        "<image:image><image:loc>https://outlet.example/a.jpg</image:loc><image:title>No</image:title></image:image>"
    )
    body = urlset(("news/1", "")).replace(b"<urlset ", b'<urlset xmlns:news="urn:n" xmlns:image="urn:i" ')
    body = body.replace(b"</url>", news.encode() + b"</url>")
    (one,) = parse_sitemap(Fetched(ROOT, 200, {}, body, timezone="Asia/Bishkek")).listed
    assert (one.url, one.published, one.title) == (f"{ROOT}/news/1", "2026-11-27T04:00:00Z", "The road")


@pytest.mark.parametrize(
    ("name", "articles"),
    [
        *((name, True) for name in ("reportage", "heritage", "backstage", "hostages", "authorities", "posts-page-2")),
        *((name, False) for name in ("post_tag-sitemap", "category-sitemap", "page-sitemap", "wp-sitemap-users-1")),
    ],
)
def test_parts_are_left_out_by_whole_words_of_their_names(name: str, articles: bool) -> None:
    part = f"{name}.xml"
    site = Site(
        {"/sitemap.xml": index("posts.xml", part), "/posts.xml": urlset(("b", "")), f"/{part}": urlset(("a", ""))}
    )
    assert walk(Sitemap(), site) == (["/b", "/a"] if articles else ["/b"])


def test_a_part_is_read_whatever_old_time_of_change_its_index_gives() -> None:
    stale = index("old.xml").replace(b"</sitemap>", b"<lastmod>2015-01-01</lastmod></sitemap>")
    site = Site({"/sitemap.xml": stale, "/old.xml": urlset(("a", "2026-11-20"))})
    assert walk(Sitemap(), site, since="2026-11-01T00:00:00Z") == ["/a"]


def test_addresses_one_a_line_are_a_sitemap() -> None:
    page = parse_sitemap(Fetched(f"{ROOT}/sitemap.txt", 200, {}, f"{ROOT}/news/1\r\n{ROOT}/news/2\n".encode()))
    assert [one.url for one in page.listed] == [f"{ROOT}/news/1", f"{ROOT}/news/2"]
    with pytest.raises(DiscoveryError, match="not a sitemap"):
        parse_sitemap(Fetched(f"{ROOT}/sitemap.txt", 200, {}, f"{ROOT}/news/1\nnot found".encode()))


def test_an_ampersand_in_cdata_and_an_undeclared_prefix_are_taken_as_meant() -> None:
    news = "<news:news><news:publication_date>2026-11-27</news:publication_date></news:news>"
    body = f"<urlset><url><loc><![CDATA[{ROOT}/?a=1&b=2]]></loc>{news}</url></urlset>"
    page = parse_sitemap(Fetched(f"{ROOT}/sitemap.xml", 200, {}, body.encode()))
    assert [(one.url, one.published, page.broken) for one in page.listed] == [(f"{ROOT}/?a=1&b=2", "2026-11-27", "")]


def test_a_part_that_cannot_be_read_leaves_the_others_and_one_may_be_a_feed() -> None:
    feed = f"<rss version='2.0'><channel><item><link>{ROOT}/c</link></item></channel></rss>".encode()
    pages = {"/index.xml": index("gone.xml", "html.xml", "posts.xml", "feed.xml"), "/html.xml": b"<html></html>"}
    site = Site(pages | {"/posts.xml": urlset(("a", "")), "/feed.xml": feed})

    listed: list[str] = []

    async def collect() -> None:
        async for batch in Sitemap(("/index.xml",)).walk(site.fetch, HOME, None):
            listed.extend(one.url for one in batch.listed)

    with pytest.raises(DiscoveryError, match=r"gone\.xml.*html\.xml"):
        asyncio.run(collect())
    assert listed == [f"{ROOT}/a", f"{ROOT}/c"]
