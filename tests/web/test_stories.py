"""The queue's lines are stories: copies add to one, news reopens it, and a decision holds for all that it was about."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from acca_crawler.items import PostDetails
from storage.articles import posts, stories, write
from storage.articles.stories import Link, News
from storage.articles.story_index import Fingerprint
from storage.review import database as review_database
from storage.review import queue, queue_refresh
from storage.review.database import connect
from storage.review.queue import QueueFilter, QueueItem
from storage.schema.database import open_archive, transaction
from tests.support.archive import AT, BEATEN, KYRGYZ, RUSSIAN, Sample, article, revise
from tests.web.conftest import Browser, Server
from tests.web.test_review import status, titles

COPY = replace(BEATEN, title="Beaten in Zhana: agencies", outlet="other")
RETOLD = replace(
    BEATEN, title="Зверства в Жане", text="Задержанного избили. Он умер в больнице.", language="ru", outlet="third",
    word="избили", score=5.0, published="2026-11-21T08:00:00Z",
)  # fmt: skip
DIED = News("outcome", "death", "", "умер", "Он умер в больнице.")


def fingerprint(report: Sample) -> Fingerprint:
    """One that the index finds nothing by: the tests say what is related."""
    return Fingerprint((), 1, (), report.published[:10], report.language, report.outlet, "", ())


def store(
    path: Path, report: Sample, number: int, joins: tuple[int, ...] = (), alert: Literal["new", "update"] | None = None,
    news: tuple[News, ...] = (),
) -> int:  # fmt: skip
    """Store an article as a crawl does that found it to be of these stories, with the alert it raises."""
    db = open_archive(path)
    with transaction(db):
        db.execute(
            "INSERT OR IGNORE INTO outlets VALUES (?, ?, ?, 'media', '[\"KG\", \"UZ\"]', '[]')",
            [report.outlet, report.outlet.title(), f"https://{report.outlet}.example/"],
        )
        stored = write.insert_article(db, article(report, number), 1, None, AT, alert)
        link = Link(joins[0], "copy", 0.9) if joins else None
        stories.join(db, stored.article_id, fingerprint(report), joins, link, 1)
        stories.save_news(db, stored.article_id, stored.revision_id, news)
    db.close()
    return stored.article_id


def place(path: Path, article_id: int, report: Sample, joins: tuple[int, ...] = ()) -> None:
    """Give an article its story after it was stored."""
    db = open_archive(path)
    with transaction(db):
        stories.join(db, article_id, fingerprint(report), joins, None, 1)
    db.close()


@pytest.fixture
def archive(server: Server) -> Path:
    """The archive's file, each of its first reports with a story of its own."""
    path = server.config.archive_file
    for number, one in enumerate((BEATEN, RUSSIAN, KYRGYZ), start=1):
        place(path, number, one)
    return path


def items(server: Server) -> dict[int, QueueItem]:
    """The whole queue, by story."""
    db = connect(server.config.people_file, server.config.archive_file)
    queue_refresh.refresh(db)
    found = {item.story_id: item for item in queue.page(db, QueueFilter(view="all"), 100)}
    db.close()
    return found


def plain(page: str) -> str:
    """A page's text."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_copies_add_to_a_line_and_make_none(server: Server, archive: Path, monitor: Browser) -> None:
    store(archive, COPY, 10, (1,))
    store(archive, RETOLD, 11, (1,))
    assert len(titles(monitor)) == 3
    line = plain(monitor.get("/queue").text)
    assert "3 reports of this story 3 outlets 2 languages first: acca, 19 Nov 2026" in line
    assert (items(server)[1].members, items(server)[2].members) == (3, 1)
    assert titles(monitor, "outlet=third") == [BEATEN.title]
    assert titles(monitor, "language=ru") == [BEATEN.title, RUSSIAN.title]


def test_a_copy_leaves_a_decision_alone(archive: Path, monitor: Browser) -> None:
    monitor.decide(1, "confirm")
    store(archive, COPY, 10, (1,))
    assert BEATEN.title not in titles(monitor)
    assert status(monitor, 1) == "confirmed"


def test_news_reopens_the_story_and_says_what_is_new(archive: Path, monitor: Browser) -> None:
    monitor.decide(1, "confirm")
    update = store(archive, RETOLD, 10, (1,), "update", (DIED,))
    assert titles(monitor)[0] == BEATEN.title
    line = plain(monitor.get("/queue").text)
    assert "New details · Зверства в Жане · third" in line
    assert "Outcome: Он умер в больнице." in line
    assert status(monitor, 1) == status(monitor, update) == "reopened"
    assert "High" in line
    monitor.decide(update, "confirm")
    assert BEATEN.title not in titles(monitor)


def test_a_decision_on_any_member_is_one_about_the_story(server: Server, archive: Path, monitor: Browser) -> None:
    copy = store(archive, COPY, 10, (1,))
    assert monitor.decide(copy, "false_alarm", reason="fiction").status_code == 303
    assert status(monitor, 1) == status(monitor, copy) == "false_alarm"
    history = monitor.get("/reports/1").text
    assert "marked as false alarm" in history
    assert f'<a href="/reports/{copy}">#{copy}</a>' in history
    answer = server.browser("second").decide(1, "duplicate_of", duplicate_of=copy)
    assert answer.status_code == 400
    assert "already part of this story" in answer.text


def test_a_reader_from_before_the_news_sees_that_it_changed(archive: Path, monitor: Browser) -> None:
    shown = monitor.get("/reports/1").text
    seen = dict(re.findall(r'name="(seen_\w+|csrftoken)" value="([^"]+)"', shown))
    store(archive, RETOLD, 10, (1,), "update", (DIED,))
    answer = monitor.request("POST", "/reports/1/decide", data={**seen, "verdict": "confirm"})
    assert answer.status_code == 409
    assert "story has changed since you opened it" in answer.text


def test_stories_that_become_one_are_one_line(server: Server, archive: Path, monitor: Browser) -> None:
    monitor.decide(2, "confirm")
    store(archive, COPY, 10, (1, 2))
    assert len(titles(monitor)) == 2
    found = items(server)[1]
    assert (found.members, found.alerts, found.status) == (3, 2, "reopened")  # nobody ever looked at 1
    monitor.decide(1, "confirm")
    assert status(monitor, 2) == "confirmed"


def test_stories_that_were_both_decided_stay_decided_as_one(server: Server, archive: Path, monitor: Browser) -> None:
    monitor.decide(1, "confirm")
    monitor.decide(2, "confirm")
    store(archive, COPY, 10, (1, 2))
    assert items(server)[1].status == "confirmed"
    revise(archive, RUSSIAN, 2, RUSSIAN.text + "\n\nЕго отпустили.")
    assert items(server)[1].status == "reopened"


def test_an_article_that_gets_its_story_late_takes_its_line_along(server: Server, monitor: Browser) -> None:
    """As after an upgrade from a release without stories."""
    path = server.config.archive_file
    monitor.decide(3, "confirm", note="seen early")
    assert len(items(server)) == 3
    place(path, 1, BEATEN)
    place(path, 3, KYRGYZ, (1,))
    assert sorted(items(server)) == [1, 2]
    assert items(server)[1].status == "reopened"
    assert "seen early" in monitor.get("/reports/1").text


def test_a_revised_copy_is_no_news(archive: Path, monitor: Browser) -> None:
    store(archive, COPY, 10, (1,))
    monitor.decide(1, "confirm")
    revise(archive, COPY, 10, COPY.text + "\n\nMore.")
    assert status(monitor, 1) == "confirmed"


def test_decisions_from_before_there_were_lines_for_stories_hold(server: Server) -> None:
    """They name no articles: they were about the one on whose page they stand."""
    db = review_database.connect(server.config.people_file, server.config.archive_file)
    queue_refresh.refresh(db)
    db.execute(
        "INSERT INTO reviews (article_id, alert_id, revision_id, verdict, reviewer, created_at) "
        "VALUES (2, 2, 2, 'confirm', 'monitor', ?)",
        [AT],
    )
    for table in ("queue", "queue_values", "queue_articles"):
        db.execute(f"DELETE FROM {table}")
    db.execute("UPDATE queue_state SET alert_id = 0")
    db.close()
    assert items(server)[2].status == "confirmed"


def test_what_a_channel_showed_beside_a_post_is_on_its_page(server: Server, archive: Path, monitor: Browser) -> None:
    db = open_archive(archive)
    details = PostDetails(
        "Valley <b>News</b>", "https://t.me/valley/3", "https://t.me/own/2", views=12_500, is_edited=True
    )
    with transaction(db):
        posts.save_post(db, 1, details, (), AT)
    db.close()
    page = monitor.get("/reports/1").text
    assert "Forwarded from: Valley &lt;b&gt;News" in page and "https://t.me/valley/3" in page
    assert "https://t.me/own/2" in page and "marked as edited" in page and "Views when last seen: 12,500" in page
    assert "Forwarded from" not in monitor.get("/reports/2").text
