"""What an outlet declares to expect is held against what a run brings, and `acca status` says where it falls short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from acca_crawler.clock import earlier, utc_stamp
from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, article, outlet, rss, served

WEEKLY = 10
"""What the generic family declares to expect in a week."""


def site(*slugs: str, text: str = "") -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}/news/{slug}" for slug in slugs)
        name = asked.path.rpartition("/")[2]
        if name not in slugs:
            return NOTHING
        return Answer(f"<h1>{name}</h1><article><p>{name} {text}</p></article>") if text else Answer(article(name))

    return answer


def test_a_week_with_too_few_articles_and_nothing_but_short_texts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with served(site("a1")) as here:
        desk.configure(outlet(here, 'feeds = ["/feed/"]'))
        assert "are usual" not in desk.acca("crawl", "paper")
        desk.execute("UPDATE addresses SET first_seen_at = ?", earlier(utc_stamp(), days=8))
        here.answer = site("a1", "b1", "b2")
        said = f"2 articles were listed in the last 7 days, about {WEEKLY} are usual"
        assert said in desk.acca("crawl", "paper")
        assert said in desk.acca("status")
        here.answer = site(*(f"c{number}" for number in range(6)), text="only a line")
        desk.acca("crawl", "paper")
    status = desk.acca("status", "--counts")
    assert "are usual" not in status
    assert "6 of 6 articles have fewer than 25 words" in status
    assert "short_text: 6" in status


def test_articles_without_a_date_and_an_author_are_counted(tmp_path: Path) -> None:
    desk = Desk(tmp_path)

    def answer(asked: Asked) -> Answer:
        if asked.path == "/list":
            links = "".join(f'<h2><a href="/news/r{n}">A report with the number {n}</a></h2>' for n in range(6))
            return Answer(f"<body>{links}</body>")
        return Answer(article(asked.path[6:])) if asked.path.startswith("/news/") else NOTHING

    with served(answer) as here:
        desk.configure(outlet(here, 'listings = ["/list"]', "article_path = '^/news/(?P<slug>.+)$'"))
        desk.acca("crawl", "paper")
    status = desk.acca("status", "--counts")
    assert "6 of 6 articles have no date" in status
    assert "no_author: 6" in status
    assert "have no author" not in status
