"""What gave no article by an outlet's rules is fetched again once they are corrected, but not years of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, served

TEXT = "Жители посёлка долго говорили о дороге и школе, а представители района им так ничего и не ответили."


@dataclass
class Paper:
    """A site with a feed; `moved` are articles that redirect to its other host."""

    home: str = ""
    listed: list[str] = field(default_factory=lambda: ["first", "second"])
    moved: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    @property
    def other_host(self) -> str:
        """The other host, with its port."""
        return self.home.removeprefix("http://").strip("/").replace("127.0.0.1", "localhost")

    def answer(self, asked: Asked) -> Answer:
        """Give what was asked for."""
        slug = asked.target.rpartition("/")[2]
        if asked.target == "/feed/":
            links = ((one, f"{self.home}news/{one}") for one in self.listed)
            items = "".join(f"<item><title>{one}</title><link>{link}</link></item>" for one, link in links)
            return Answer(f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>', "text/xml")
        if not asked.target.startswith("/news/"):
            return NOTHING
        self.asked.append(slug)
        if slug in self.moved and "localhost" not in asked.headers["Host"]:
            return Answer("", status=302, headers={"Location": f"http://{self.other_host}/news/{slug}"})
        paragraphs = "".join(f"<p>{slug} {number}. {TEXT} {TEXT}</p>" for number in range(3))
        return Answer(f"<title>{slug}</title><article><h1>{slug}</h1>{paragraphs}</article>")


@pytest.fixture
def paper() -> Iterator[Paper]:
    """The outlet's site."""
    site = Paper()
    with served(site.answer) as local:
        site.home = local.home
        yield site


@pytest.fixture
def desk(tmp_path: Path, paper: Paper) -> Desk:
    """A desk with that outlet."""
    desk = Desk(tmp_path)
    correct(desk, paper, "")
    return desk


def correct(desk: Desk, paper: Paper, rules: str) -> None:
    """Declare the outlet with these rules."""
    desk.configure(
        f'[[outlet]]\nname = "paper"\nbase = "generic"\nhome = "{paper.home}"\ncountries = ["KG"]\n'
        f'languages = ["ru"]\nfeeds = ["/feed/"]\n{rules}\n'
    )


def asked(desk: Desk, paper: Paper) -> list[str]:
    """Crawl, and return the articles that were asked for."""
    paper.asked.clear()
    desk.acca("crawl", "paper")
    return sorted(paper.asked)


CORRECTED = 'article_path = "^/news/"'
NO_ARTICLE = "UPDATE addresses SET status = 'not_article', reason = 'a post without words of its own'"


def test_what_was_no_article_is_fetched_again_once_by_corrected_rules(desk: Desk, paper: Paper) -> None:
    assert asked(desk, paper) == ["first", "second"]
    desk.execute(NO_ARTICLE)
    assert asked(desk, paper) == [], "an earlier release's: tried by the rules of now"
    correct(desk, paper, CORRECTED)
    assert asked(desk, paper) == ["first", "second"]
    desk.execute(NO_ARTICLE)
    assert asked(desk, paper) == []


def test_what_is_old_and_no_longer_listed_stays(desk: Desk, paper: Paper) -> None:
    paper.listed.append("third")
    asked(desk, paper)
    desk.execute(f"{NO_ARTICLE}, first_seen_at = '2020-01-01T00:00:00Z', rules = 'others' WHERE url NOT LIKE '%third'")
    desk.execute(f"{NO_ARTICLE}, rules = 'others' WHERE url LIKE '%third'")
    paper.listed = ["first"]
    assert asked(desk, paper) == ["first", "third"]
    assert desk.value("SELECT status FROM addresses WHERE url LIKE '%second'") == "not_article"


def test_what_led_off_the_hosts_is_fetched_once_the_host_is_declared(desk: Desk, paper: Paper) -> None:
    paper.moved.add("second")
    assert asked(desk, paper) == ["first", "second"]
    assert "leads off" in desk.value("SELECT reason FROM addresses WHERE status = 'refused'")
    assert asked(desk, paper) == []
    correct(desk, paper, f'mirrors = ["{paper.other_host}"]')
    assert set(asked(desk, paper)) == {"second"}
    assert asked(desk, paper) == []


def test_what_failed_too_often_is_tried_again_by_corrected_rules(desk: Desk, paper: Paper) -> None:
    asked(desk, paper)
    paper.listed = ["first"]
    desk.execute("UPDATE addresses SET status = 'failed', tries = 20 WHERE url LIKE '%second'")
    assert asked(desk, paper) == []
    correct(desk, paper, CORRECTED)
    assert asked(desk, paper) == ["second"]


def test_an_address_taken_for_another_article_s_is_fetched_once_the_identity_is_corrected(
    desk: Desk, paper: Paper
) -> None:
    correct(desk, paper, 'article_path = "^/(?P<section>news)/"\nidentity = ["{section}"]')
    paper.listed = ["first"]
    assert asked(desk, paper) == ["first"]
    paper.listed = ["first", "second"]
    assert asked(desk, paper) == []
    assert desk.value("SELECT status FROM addresses WHERE url LIKE '%second'") == "duplicate"
    desk.execute("UPDATE addresses SET first_seen_at = '2026-01-01T00:00:00Z' WHERE url LIKE '%second'")
    correct(desk, paper, "")
    assert asked(desk, paper) == ["second"]
    assert desk.value("SELECT first_seen_at FROM addresses WHERE url LIKE '%second'") == "2026-01-01T00:00:00Z"
    assert desk.value("SELECT count(*) FROM articles") == 2
    assert asked(desk, paper) == []
