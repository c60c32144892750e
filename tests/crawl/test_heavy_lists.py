"""Large feeds, sitemaps and listings are parsed beside the pages, within a page's limits."""

from __future__ import annotations

from pathlib import Path

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, article, outlet, rss, served


def crawl(tmp_path: Path, lists: dict[str, Answer], *more: str, settings: str = "", code: int = 0) -> Desk:
    """The archive after a crawl of a site with these lists and one article."""
    desk = Desk(tmp_path)

    def answer(asked: Asked) -> Answer:
        if asked.path in lists:
            found = lists[asked.path]
            body = found.body if isinstance(found.body, bytes) else found.body.encode()
            return Answer(body.replace(b"HOST", asked.headers["Host"].encode()), found.kind)
        return Answer(article("The report")) if asked.path == "/news/the-report" else NOTHING

    with served(answer) as site:
        desk.configure(f"[crawl]\ndelay = 0\nretries = 0\n{settings}" + outlet(site, *more))
        desk.acca("crawl", "paper", "--limit", "1", code=code)
    return desk


def feed(items: int, words: int) -> Answer:
    """A feed whose newest item is the report."""
    lead = "<description><![CDATA[" + "<b>word</b> " * words + "]]></description>"
    listed = rss(["http://HOST/news/the-report", *(f"http://HOST/news/item-{number}" for number in range(items))])
    return Answer(listed.body.replace("</title><link>", f"</title>{lead}<link>"), listed.kind)  # type: ignore[arg-type]


def test_large_lists_of_each_kind_are_read(tmp_path: Path) -> None:
    blank = " " * 300_000
    links = "".join(f'<h2><a href="/news/item-{number}">Item</a></h2>' for number in range(30_000))
    lists = {
        "feeds": ("/feed/", feed(2000, 10)),
        "sitemaps": (
            "/sitemap.xml",
            Answer(f"<urlset>{blank}<url><loc>http://HOST/news/the-report</loc></url></urlset>", "text/xml"),
        ),
        "listings": ("/news", Answer(f'<h2><a href="/news/the-report">The report</a></h2>{links}')),
    }
    for way, (path, answer) in lists.items():
        directory = tmp_path / way
        directory.mkdir()
        desk = crawl(directory, {path: answer}, f'{way} = ["{path}"]', 'links = "h2 a"' if way == "listings" else "")
        assert desk.tuples("SELECT title FROM revisions") == [("The report",)], way
    assert desk.value("SELECT value FROM run_counts WHERE name = 'cut:links'") == 1


def test_a_feed_that_takes_too_long_is_counted_and_the_next_way_is_tried(tmp_path: Path) -> None:
    lists = {
        "/feed/": feed(4900, 250),
        "/sitemap.xml": Answer("<urlset><url><loc>http://HOST/news/the-report</loc></url></urlset>", "text/xml"),
    }
    desk = crawl(tmp_path, lists, 'feeds = ["/feed/"]', 'sitemaps = ["/sitemap.xml"]', settings="page_seconds = 1\n")
    assert desk.tuples("SELECT title FROM revisions") == [("The report",)]
    assert desk.value("SELECT value FROM run_counts WHERE name = 'too_heavy'") == 1
    assert desk.tuples("SELECT way, outcome FROM way_attempts ORDER BY id") == [
        ("feed", "failed"), ("sitemap", "answered"),
    ]  # fmt: skip
