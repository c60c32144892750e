"""What answers 200 and is not the article, what is refused, and what nearly every address comes to."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.desk import Desk
from tests.support.local import NOTHING, TEXT, Answer, Asked, article, outlet, rss, served

LOGIN = Answer(
    "<html><head><title>Sign in</title></head><body><h1>Sign in</h1><p>Please sign in to read on.</p>"
    "<form><input name=login><input name=password type=password></form></body></html>"
)
FIXED = datetime.now(UTC) - timedelta(hours=2)
ROBOTS = "User-agent: *\nDisallow:"


class Site:
    """A site whose pages a test replaces; its feed lists `links`."""

    def __init__(self, *links: str) -> None:
        self.links = links
        self.pages: dict[str, Answer] = {link: Answer(article(f"Report {link}")) for link in links}
        self.feed: Answer | None = None

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return self.feed or rss((f"http://{asked.headers['Host']}{link}" for link in self.links), newest=FIXED)
        return self.pages.get(asked.target, NOTHING)


def crawl(desk: Desk, code: int = 0) -> str:
    """Crawl again, as if long had passed since the last visit; `code` is the expected exit status."""
    if (desk.directory / "archive").exists():
        desk.execute("UPDATE addresses SET status = 'pending' WHERE status = 'stored'")
        desk.execute("UPDATE addresses SET status_at = '2026-01-01T00:00:00Z'")
        desk.execute("DELETE FROM robots")
    return desk.all_of("crawl", "paper", code=code)


def test_a_login_page_never_replaces_an_article_and_its_address_is_asked_for_again(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        page, site.pages["/news/report-1"] = site.pages["/news/report-1"], LOGIN
        crawl(desk)
        assert desk.tuples("SELECT status FROM addresses") == [("failed",)]
        site.pages["/news/report-1"] = page
        crawl(desk)
    assert desk.tuples("SELECT status FROM addresses") == [("stored",)]
    assert desk.value("SELECT count(*) FROM revisions") == 1
    assert desk.value("SELECT count(*) FROM visits WHERE outcome = 'failed'") == 1


def test_a_page_with_nothing_in_common_with_the_archived_one_is_doubtful(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        other = "Nobody here knows anything of it, since these lines were written by someone else, somewhere."
        site.pages["/news/report-1"] = Answer(article("Weather", other).replace("Weather:", ""))
        crawl(desk)
        assert desk.value("SELECT count(*) FROM revisions") == 1
        assert "doubtful" in str(desk.value("SELECT reason FROM addresses"))


def test_a_shell_gives_way_to_the_feeds_text(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    site.pages["/news/report-1"] = Answer("<title>Paper</title><div id=root></div><noscript>Enable it.</noscript>")
    with served(site) as running:
        item = (
            f"<title>The road is closed</title><link>{running.home}news/report-1</link>"
            f"<content:encoded>&lt;p&gt;{' '.join([TEXT] * 5)}&lt;/p&gt;</content:encoded>"
        )
        site.feed = Answer(
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>x</title><item>{item}</item></channel></rss>"
        )
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
    assert desk.tuples("SELECT title, text LIKE '%invented village%' FROM revisions") == [("The road is closed", 1)]


def test_a_page_that_forwards_at_once_is_followed(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/go/passage-1", "/go/passage-2", "/go/passage-3")
    head = '<base href="http://[x]/"><meta http-equiv="refresh" content="60">'
    for number, told in enumerate(("0; url=/news/report-1", "0;/news/report-2", "0,URL='/news/report-3'"), 1):
        site.pages[f"/go/passage-{number}"] = Answer(f'<meta http-equiv="refresh" content="{told}"><p>Moving</p>')
        site.pages[f"/news/report-{number}"] = Answer(article(f"Report {number}", head=head))
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
    assert desk.tuples("SELECT title FROM revisions ORDER BY 1") == [("Report 1",), ("Report 2",), ("Report 3",)]


def test_articles_that_differ_in_a_parameter_alone_or_name_a_common_canonical_are_several(tmp_path: Path) -> None:
    links = ("/index.php?newsid=1", "/index.php?newsid=2", "/news/report-3", "/news/report-4")
    desk, site = Desk(tmp_path), Site(*links)
    for link in links[2:]:
        canonical = '<link rel="canonical" href="/news/the-only-one">'
        site.pages[link] = Answer(article(f"Report {link}", head=canonical))
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == len(links)
    assert desk.value("SELECT count(*) FROM revisions") == len(links)


def test_a_refusal_by_robots_holds_for_a_day_and_a_run_of_refusals_is_not_well(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site(*(f"/news/report-{number}" for number in range(3)))
    site.pages["/robots.txt"] = Answer(f"{ROBOTS} /news/", "text/plain")
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        assert "3 were refused" in crawl(desk, 1)
        assert desk.value("SELECT status FROM run_outlets") == "failed"
        site.pages["/robots.txt"] = Answer(ROBOTS, "text/plain")
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == 3


def test_a_site_that_moved_or_whose_pages_are_blank_is_not_well(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site(*(f"/news/report-{number}" for number in range(3)))
    pages = dict(site.pages)
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        site.pages = {
            link: Answer("", status=301, headers={"Location": f"https://new.example{link}"}) for link in pages
        }
        assert "new.example" in crawl(desk, 1)
        site.pages = {link: Answer("") for link in pages}
        assert "3 were other pages" in crawl(desk, 1)
        site.pages = pages
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == 3


NOTICE = "<html><title>The paper</title><body><h1>The paper</h1><p>Our editors have moved, dear guests.</p></html>"


def listed(*links: str) -> Callable[[str], Answer]:
    """A sitemap, which gives no titles."""

    def answer(host: str) -> Answer:
        entries = "".join(f"<url><loc>http://{host}{link}</loc></url>" for link in links)
        return Answer(f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>", "text/xml")

    return answer


def test_a_notice_that_many_addresses_answer_with_is_doubted_and_gives_way_to_the_articles(tmp_path: Path) -> None:
    links = tuple(f"/news/report-{number}" for number in range(4))
    desk, site = Desk(tmp_path), Site(*links)
    pages, site.pages = site.pages, {link: Answer(NOTICE) for link in links}

    def answer(asked: Asked) -> Answer:
        return listed(*links)(asked.headers["Host"]) if asked.path == "/sitemap.xml" else site(asked)

    with served(answer) as running:
        desk.configure(outlet(running, 'sitemaps = ["/sitemap.xml"]'))
        assert "4 of 4 pages have the same short text" in crawl(desk, 1)
        assert desk.value("SELECT count(*) FROM articles") == 1
        doubted = [status for status, reason in desk.tuples("SELECT status, reason FROM addresses") if reason]
        assert doubted == ["failed"] * 3, desk.tuples("SELECT url, status, reason FROM addresses")
        site.pages = pages
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == len(links)
    assert desk.value("SELECT count(*) FROM v_articles WHERE title LIKE 'Report %'") == len(links)


def test_a_page_that_breaks_off_takes_nothing_out_of_the_article(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        whole = str(site.pages["/news/report-1"].body)
        site.pages["/news/report-1"] = Answer(whole[: whole.index("3. Report")] + "3. Rep")
        crawl(desk)
        assert "breaks off" in str(desk.value("SELECT reason FROM addresses"))
        site.pages["/news/report-1"] = Answer(whole[: whole.index("<p>3. Report")] + "</article></body></html>")
        crawl(desk)
    assert desk.value("SELECT count(*) FROM revisions") == 2


def test_a_page_with_only_the_beginning_or_without_its_text_takes_nothing_out(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    beginning = "<p>1. Report: the council of…</p><p>Чтобы прочитать материал целиком, оформите подписку.</p>"
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        for text, reason in ((beginning, "only the beginning"), ("", "without its text")):
            page = f"<html><title>Report 1</title><body><article><h1>Report 1</h1>{text}</article></body></html>"
            site.pages["/news/report-1"] = Answer(page)
            crawl(desk)
            assert reason in str(desk.value("SELECT reason FROM addresses"))
    assert desk.value("SELECT count(*) FROM revisions") == 1


def test_a_way_that_lists_no_article_of_the_outlet_has_failed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss([f"https://new.example/news/report-{number}" for number in range(3)])
        if asked.path == "/sitemap.xml":
            return listed("/sitemap.pdf", "/ru/", "/tag/roads")(asked.headers["Host"])
        return NOTHING

    with served(answer) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]', 'sitemaps = ["/sitemap.xml"]'))
        said = crawl(desk, 1)
        assert "https://new.example/news/report-0" in said and "/sitemap.pdf" in said


def test_articles_of_which_the_address_is_a_number_are_articles(tmp_path: Path) -> None:
    links = ("/news/70001", "/881", "/?p=55", "/n/7001.html")
    desk, site = Desk(tmp_path), Site(*links)

    def answer(asked: Asked) -> Answer:
        if asked.path == "/sitemap.xml":
            return listed(*links, "/2026/11/", "/ru/")(asked.headers["Host"])
        return site(asked)

    with served(answer) as running:
        desk.configure(outlet(running, 'sitemaps = ["/sitemap.xml"]'))
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == len(links)


def test_a_page_in_a_charset_that_is_no_encoding_of_text_is_read(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1", "/news/report-2")
    site.pages["/news/report-1"] = Answer(article("Report 1"), "text/html; charset=hex")
    site.pages["/news/report-2"] = Answer(article("Report 2", head="<meta charset=undefined>"), "text/html")
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == 2


def test_a_feed_of_dead_links_is_not_well(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site(*(f"/news/report-{number}" for number in range(3)))
    site.pages = {}
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        assert "3 were never there" in crawl(desk, 1)


def test_redirects_without_an_end_count_as_failed(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    site.pages["/news/report-1"] = Answer("", status=302, headers={"Location": "/news/report-1"})
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk, 1)
    assert desk.tuples("SELECT status FROM addresses") == [("failed",)]


def test_a_server_that_says_unchanged_for_ever_is_asked_in_full_after_six_hours(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    page = site.pages["/news/report-1"].body

    def answer(asked: Asked) -> Answer:
        if asked.path == "/news/report-1":
            same = "If-None-Match" in asked.headers
            return Answer("" if same else page, status=304 if same else 200, headers={"ETag": '"1"'})
        return site(asked)

    with served(answer) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        crawl(desk)
        assert desk.value("SELECT reason FROM visits ORDER BY id DESC") == "HTTP 304"
        page = article("Report 1 as corrected")
        desk.execute("UPDATE articles SET first_seen_at = '2026-01-01T00:00:00Z'")
        crawl(desk)
    assert desk.value("SELECT count(*) FROM revisions") == 2


def test_a_redirect_to_the_articles_section_is_a_take_down(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1")
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        site.pages["/news/report-1"] = Answer("", status=302, headers={"Location": "/news/"})
        site.pages["/news/"] = Answer(article("All news of the day"))
        crawl(desk)
    assert desk.tuples("SELECT status, reason LIKE '%section%' FROM addresses WHERE url LIKE '%report-1'") == [
        ("missing", 1)
    ]
    assert desk.value("SELECT missing_since IS NOT NULL FROM articles") == 1
    assert desk.value("SELECT count(*) FROM revisions") == 1


def test_gzip_that_is_not_declared_is_unpacked(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site("/news/report-1", "/news/report-2")
    site.pages["/news/report-1"] = Answer(gzip.compress(article("Packed").encode()))
    site.pages["/news/report-2"] = Answer(
        gzip.compress(article("Packed as bytes").encode()), "application/octet-stream"
    )
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        desk.acca("reprocess")
    assert desk.tuples("SELECT title FROM revisions ORDER BY title") == [("Packed",), ("Packed as bytes",)]
    desk.acca("verify")


def test_a_canonical_of_another_language_swallows_no_edition(tmp_path: Path) -> None:
    links = ("/ru/news/report-1", "/en/news/report-1")
    desk, site = Desk(tmp_path), Site(*links)
    for link in links:
        canonical = '<link rel="canonical" href="/en/news/report-1">'
        site.pages[link] = Answer(article(f"Edition {link}", head=canonical))
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
    assert sorted(str(url).partition("/news")[0][-2:] for (url,) in desk.tuples("SELECT url FROM articles")) == [
        "en", "ru",
    ]  # fmt: skip


def test_failures_are_in_a_row_only_if_nothing_else_is_answered_between_them(tmp_path: Path) -> None:
    links = [f"/news/report-{number}" for number in range(24)]
    desk, site = Desk(tmp_path), Site(*links)
    site.pages |= dict.fromkeys(links[::2], NOTHING) | dict.fromkeys(links[1::2], Answer("busy", "text/plain", 503))
    with served(site) as running:
        desk.configure("[crawl]\ndelay = 0\nretries = 0\n" + outlet(running, 'feeds = ["/feed/"]'))
        assert "in a row" not in crawl(desk, code=1)
    assert desk.tuples("SELECT status, count(*) FROM addresses GROUP BY 1") == [("failed", 12), ("missing", 12)]
