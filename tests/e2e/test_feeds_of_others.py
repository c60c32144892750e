"""Feeds that a monitor brings from her reader: OPML in, [[feed]] tables followed, OPML out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, rss, served

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="News"><outline type="rss" text="The &quot;Valley&quot;  Post" xmlUrl="{home}feed.xml" htmlUrl="{home}"/>
<outline type="rss" text="again" xmlUrl="{home}feed.xml"/>
<outline text="Acca" xmlUrl="https://acca.media/en/feed/"/></outline>
<outline text="odd" xmlUrl="ftp://example.org/feed"/><outline text="empty folder"/>
</body></opml>"""


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """A blog with a feed that also names an article elsewhere."""
    state: list[LocalSite] = []

    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed.xml":
            return rss([f"{state[0].home}a", f"{state[0].home}?p=2", "https://elsewhere.example/x"])
        if asked.path in ("/a", "/") and (asked.path == "/a" or "p=2" in asked.target):
            return Answer(article(f"Report {asked.target}"))
        return NOTHING

    with served(answer) as running:
        state.append(running)
        yield running


def test_a_readers_list_is_followed_from_one_command_on(tmp_path: Path, site: LocalSite) -> None:
    desk = Desk(tmp_path)
    desk.configure("# mine\n")
    (tmp_path / "mine.opml").write_text(OPML.format(home=site.home))
    output = desk.acca("import", "--opml", "mine.opml")
    assert f"{site.home}feed.xml: added" in output
    assert "https://acca.media/en/feed/: followed already as the outlet acca" in output
    assert "ftp://example.org/feed: not added: not a web address" in output
    assert "1 of 3 feeds added" in output
    text = (tmp_path / "acca.toml").read_text()
    (feed,) = tomllib.loads(text)["feed"]
    assert feed["title"] == 'The "Valley" Post' and "# mine" in text
    assert "ok: discovered 2, fetched 2, new 2" in desk.acca("crawl", feed["name"])
    assert {row["title"] for row in desk.rows("SELECT title FROM revisions")} == {"Report /a", "Report /?p=2"}
    assert desk.value("SELECT value FROM run_counts WHERE name = 'not_listed'") == 1
    assert "followed already" in desk.acca("import", "--opml", "mine.opml")
    assert (tmp_path / "acca.toml").read_text() == text


def test_what_was_left_out_for_the_region_is_fetched_once_everything_is_followed(
    tmp_path: Path, site: LocalSite
) -> None:
    desk = Desk(tmp_path)
    feed = f'[[feed]]\nname = "valley"\nurl = "{site.home}feed.xml"\ntitle = "Valley"\n'
    desk.configure(f'{feed}concerns = "region"\n')
    desk.acca("crawl", "valley")
    assert desk.tuples("SELECT DISTINCT status FROM addresses") == [("refused",)]
    desk.acca("crawl", "valley")
    assert desk.value("SELECT count(*) FROM articles") == 0
    desk.configure(feed)
    desk.acca("crawl", "valley")
    assert desk.value("SELECT count(*) FROM articles") == 2


def test_every_outlet_is_exported_with_its_feeds(tmp_path: Path, site: LocalSite) -> None:
    desk = Desk(tmp_path)
    desk.configure(f'[[feed]]\nname = "valley"\nurl = "{site.home}feed.xml"\ntitle = "Valley & Post"\n')
    root = etree.fromstring(desk.acca("outlets", "--opml").encode())
    feeds = {outline.get("xmlUrl"): outline.get("title") for outline in root.iter("outline")}
    assert feeds[f"{site.home}feed.xml"] == "Valley & Post"
    assert "https://acca.media/feed/" in feeds
    assert any(outline.get("htmlUrl") == "https://t.me/s/gazetauz" for outline in root.iter("outline"))
    (tmp_path / "out.opml").write_text(desk.acca("outlets", "--opml"))
    again = desk.acca("import", "--opml", "out.opml")
    assert "0 of" in again


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("not xml", "no OPML"),
        ("<rss/>", "an <opml> element is expected"),
        ("<opml><body><outline text='x'/></body></opml>", "the list has no feed"),
        ("", "no OPML"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: str, said: str) -> None:
    desk = Desk(tmp_path)
    desk.configure("")
    (tmp_path / "x.opml").write_text(content)
    assert said in desk.acca("import", "--opml", "x.opml", code=1)


def test_wrong_usage_is_said_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "x.opml").write_text(OPML.format(home="https://x.example/"))
    assert "acca init" in desk.acca("import", "--opml", "x.opml", code=2)
    desk.configure("")
    assert "give nothing else" in desk.acca("import", "--opml", "x.opml", "y.html", code=2)
    assert "which files" in desk.acca("import", code=2)
    desk.configure('[[feed]]\nname = "acca"\nurl = "https://x.example/feed"\n')
    assert "feed.acca: there is an outlet of this name" in desk.acca("outlets", code=2)
