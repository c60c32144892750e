"""Articles on several pages: all are read as one, in a crawl and from the archive, and what is missing is shown."""

from __future__ import annotations

from pathlib import Path

from tests.crawl.test_other_pages import Site, crawl
from tests.support.desk import Desk
from tests.support.local import Answer, article, outlet, served

FIRST = "/news/one-long-trial"
TITLE = "One long trial"
TEXTS = ("The court opened early.", "The witness spoke of the cell.", "The judge adjourned until May.")


def page(number: int, parts: int = len(TEXTS), title: str = TITLE, form: str = "{first}?page={number}") -> Answer:
    """A part of the article, with links to the one before and the one after, and the numbers of all."""
    addresses = [FIRST, *(form.format(first=FIRST, number=other) for other in range(2, parts + 1))]
    head = "".join(
        f'<link rel="{rel}" href="{addresses[other - 1]}">'
        for rel, other in (("prev", number - 1), ("next", number + 1))
        if 1 <= other <= parts
    )
    numbers = " ".join(f'<a href="{url}">{other}</a>' for other, url in enumerate(addresses, 1))
    text = TEXTS[(number - 1) % len(TEXTS)] + f" This is on page {number} of many."
    return Answer(article(title, text, head).replace("</article>", f"<div class=pager>{numbers}</div></article>"))


def several(desk: Desk, parts: int = len(TEXTS)) -> tuple[Site, dict[int, str]]:
    """A site with an article on several pages, and the addresses of these."""
    site = Site(FIRST)
    addresses = {1: FIRST} | {number: f"{FIRST}?page={number}" for number in range(2, parts + 1)}
    site.pages = {url: page(number, parts) for number, url in addresses.items()}
    return site, addresses


def text(desk: Desk) -> str:
    return str(desk.value("SELECT text FROM revisions ORDER BY id DESC LIMIT 1"))


def test_all_parts_are_one_text_and_every_capture_is_its_evidence(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    site, addresses = several(desk)
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        assert running.paths().count(addresses[3].partition("?")[0]) == len(TEXTS)
    assert [one in text(desk) for one in TEXTS] == [True, True, True]
    assert text(desk).index(TEXTS[0]) < text(desk).index(TEXTS[1]) < text(desk).index(TEXTS[2])
    assert desk.value("SELECT count(*) FROM articles") == 1
    urls = desk.tuples("SELECT part, substr(url, -16) FROM v_evidence ORDER BY part")
    assert urls == [(1, FIRST[-16:]), (2, addresses[2][-16:]), (3, addresses[3][-16:])]
    assert desk.value("SELECT value FROM run_counts WHERE name = 'parts'") == 2
    assert "page 3 http" in desk.acca("show", "1")
    desk.acca("verify")
    before = text(desk)
    assert "1 unchanged" in desk.acca("reprocess")
    assert text(desk) == before
    desk.execute("UPDATE revisions SET parts = replace(parts, '\"number\": 3', '\"number\": 4')")
    assert "edited-row" in desk.acca("verify", code=1)


def test_a_part_that_is_missing_is_counted_shown_and_asked_for_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    site, addresses = several(desk)
    kept = site.pages.pop(addresses[2])
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        assert TEXTS[1] not in text(desk)
        assert TEXTS[2] in text(desk)
        assert desk.value("SELECT value FROM run_counts WHERE name = 'part_missing'") == 1
        shown = desk.acca("show", "1")
        assert "INCOMPLETE: page 2" in shown
        assert "HTTP 404" in shown
        hours = desk.value("SELECT (julianday(next_visit_at) - julianday(first_seen_at)) * 24 FROM articles")
        assert 7 < hours < 9
        site.pages[addresses[2]] = kept
        crawl(desk)
    assert TEXTS[1] in text(desk)
    assert "INCOMPLETE" not in desk.acca("show", "1")


def test_a_part_that_fails_once_shortens_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    site, addresses = several(desk)
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        site.pages[addresses[3]] = Answer("busy", status=503)
        crawl(desk)
    assert desk.value("SELECT count(*) FROM revisions") == 1
    assert "page 3 of the article is missing" in str(desk.value("SELECT reason FROM visits WHERE outcome = 'failed'"))


def test_pages_that_repeat_the_first_or_are_others_add_nothing_and_end_the_walk(tmp_path: Path) -> None:
    desk, site = Desk(tmp_path), Site(FIRST, "/news/another-story")
    for link in site.links:  # a site that ignores the number, and one whose second page is another article
        pager = f'<a rel="next" href="{link}?page=2">2</a><a href="{link}?page=3">3</a>'
        site.pages[link] = Answer(article(link, TEXTS[0]).replace("</article>", f"{pager}</article>"))
    site.pages[f"{FIRST}?page=2"] = site.pages[FIRST]
    site.pages["/news/another-story?page=2"] = Answer(article("The weather", "Rain and no end of it, they say."))
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        asked = [one.target for one in running.asked]
    assert desk.value("SELECT count(*) FROM articles") == 2
    assert not desk.value("SELECT count(*) FROM revisions WHERE text LIKE '%Rain%'")
    assert f"{FIRST}?page=3" not in asked
    assert "The weather" in str(desk.value("SELECT parts FROM revisions WHERE parts IS NOT NULL"))


def test_a_chain_without_an_end_is_cut_and_the_cut_is_shown(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    site = Site(FIRST)

    def endless(number: int) -> Answer:
        link = f'<link rel="next" href="{FIRST}?page={number + 1}"><link rel="prev" href="{FIRST}">'
        return Answer(article(TITLE, f"Sentence {number} of a text that goes on and on, all day.", link))

    site.pages = {FIRST: endless(1)} | {f"{FIRST}?page={number}": endless(number) for number in range(2, 60)}
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        assert sum(one.target.startswith(FIRST) for one in running.asked) == 30
    assert "more than 30 parts" in desk.acca("show", "1")


def test_a_listed_further_part_leads_to_the_whole_article(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    site, addresses = several(desk)
    site.links = (addresses[2], addresses[3])
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        crawl(desk)
    assert desk.value("SELECT count(*) FROM articles") == 1
    assert all(one in text(desk) for one in TEXTS)
    assert desk.value("SELECT count(*) FROM revisions") == 1
    assert desk.value("SELECT count(*) FROM addresses WHERE reason LIKE 'part _ of %'") == 2


def test_an_archive_from_before_gets_the_parts_it_has_and_asks_for_the_others(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    site, _ = several(desk)
    with served(site) as running:
        desk.configure(outlet(running, 'feeds = ["/feed/"]'))
        crawl(desk)
        first = text(desk).partition("1. One long trial: The witness")[0].strip()
        desk.execute("UPDATE revisions SET text = ?, parts = NULL", first)
        desk.execute("UPDATE captures SET url = 'http://gone.example/' WHERE url LIKE '%page=3'")
        desk.acca("reprocess")
        assert TEXTS[1] in text(desk)
        assert TEXTS[2] not in text(desk)
        assert "not in the archive" in desk.acca("show", "1")
        assert desk.value("SELECT status FROM addresses WHERE article_id = 1") == "pending"
        crawl(desk)
    assert TEXTS[2] in text(desk)
