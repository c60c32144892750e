"""The main job: a first crawl, an unchanged one, a second day."""

from __future__ import annotations

from acca_crawler.newsroom import Newsroom
from tests.e2e.conftest import Requested, counts
from tests.support.desk import Desk

BOILERPLATE = (
    "Leave feedback about this", "Актуальность", "Полезность", "PROS", "Add Field", "administrator",
    "Skip to content", "can apply to us for help",
)  # fmt: skip


def test_the_first_crawl_stores_every_article_once(desk: Desk, newsroom: Newsroom) -> None:
    out = desk.acca("crawl", "acca")
    posts = newsroom.posts("acca")
    assert f"fetched {len(posts)}, new {len(posts)}" in out
    assert {row["title"] for row in desk.rows("SELECT title FROM revisions")} == {post.title for post in posts}
    assert desk.value("SELECT count(*) FROM articles") == len(posts)
    assert desk.value("SELECT count(*) FROM addresses WHERE status != 'stored'") == 0
    assert desk.value("SELECT min(rest_agreement) FROM revisions") > 0.95


def test_no_article_holds_a_word_of_the_boilerplate(crawled: Desk, newsroom: Newsroom) -> None:
    for row in crawled.rows("SELECT text FROM revisions"):
        for phrase in BOILERPLATE:
            assert phrase not in row["text"]
    kept = crawled.value("SELECT count(DISTINCT revision_id) FROM stripped WHERE rule = 'review-widget'")
    assert kept == len(newsroom.posts("acca"))


def test_dates_come_from_the_cms_and_the_printed_one_is_kept_apart(crawled: Desk, newsroom: Newsroom) -> None:
    posts = {post.title: post for post in newsroom.posts("acca")}
    for row in crawled.rows("SELECT title, published_at, published_source, printed_date FROM revisions"):
        published = posts[row["title"]].published.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert (row["published_at"], row["published_source"]) == (published, "rest")
        assert row["printed_date"] in ("2022-08-20", "2022-08-21", "2022-08-22")


def test_the_reports_are_flagged_with_the_words_that_decided(crawled: Desk) -> None:
    entries = crawled.diff()
    report = next(entry for entry in entries if "tortured in Taraz" in entry["title"])
    assert (report["kind"], report["level"], report["country"]) == ("new", "alert", "KZ")
    assert "torture" in report["categories"]
    assert any("tortur" in word for word in report["words"])
    for row in crawled.rows(
        'SELECT field, start, "end" AS stop, quote, title, text FROM flag_spans JOIN flags ON flags.id = flag_id '
        "JOIN revisions ON revisions.id = revision_id"
    ):
        assert row[row["field"]][row["start"] : row["stop"]] == row["quote"]


def test_an_unchanged_site_costs_no_article_request(crawled: Desk, requested: Requested) -> None:
    first = crawled.acca("diff")
    assert first == crawled.acca("diff")
    before = crawled.value("SELECT count(*) FROM revisions")
    requested()
    crawled.acca("crawl", "acca")
    assert requested() == []
    assert crawled.value("SELECT count(*) FROM revisions") == before
    assert crawled.acca("diff").strip() == "Nothing is new."
    assert crawled.diff("--since", "0") != []


def test_the_second_day_shows_what_is_new_edited_and_gone(crawled_twice: Desk, newsroom: Newsroom) -> None:
    changes = newsroom.changes("acca")
    counted = counts(crawled_twice)
    assert counted["new"] == len(changes.new)
    assert counted["changed"] == len(changes.edited)
    assert counted["missing"] == len(changes.removed)
    assert counted["duplicate"] == len(changes.republished)
    entries = crawled_twice.diff()
    flagged_new = {post.title for post in changes.new if post.level == "alert"}
    assert flagged_new <= {entry["title"] for entry in entries if entry["kind"] == "new"}
    softened = next(post for post in changes.edited if post.level == "alert")
    edited = [entry for entry in entries if entry["kind"] == "edited"]
    assert [entry["title"] for entry in edited] == [softened.title]
    gone = [entry for entry in entries if entry["kind"] == "gone"]
    assert {entry["title"] for entry in gone} == {post.title for post in changes.removed if post.level == "alert"}
    assert all("missing since" in entry["note"] for entry in gone)


def test_an_edit_is_another_revision_of_the_same_article(crawled_twice: Desk, newsroom: Newsroom) -> None:
    for post in newsroom.changes("acca").edited:
        rows = crawled_twice.rows(
            "SELECT number FROM revisions WHERE article_id = (SELECT article_id FROM revisions WHERE title = ? "
            "AND number = 2) ORDER BY number",
            post.title,
        )
        assert [row["number"] for row in rows] == [1, 2]


def test_the_same_text_under_a_second_address_is_one_article(crawled_twice: Desk, newsroom: Newsroom) -> None:
    (again,) = newsroom.changes("acca").republished
    same = "SELECT count(*) FROM articles JOIN revisions ON revisions.id = revision_id WHERE text LIKE ?"
    assert crawled_twice.value(same, f"{again.body[:60]}%") == 1
    addresses = crawled_twice.rows("SELECT status FROM addresses WHERE url LIKE ?", f"%/{again.slug}%")
    assert "duplicate" in {row["status"] for row in addresses}


def test_gone_is_called_removed_only_after_a_day_of_tries(crawled: Desk, newsroom: Newsroom) -> None:
    newsroom.set_day(2)
    for _ in range(3):
        crawled.acca("crawl", "acca")
        assert crawled.value("SELECT count(*) FROM articles WHERE removed_at IS NOT NULL") == 0
        crawled.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL")
    crawled.execute(
        "UPDATE articles SET missing_since = strftime('%Y-%m-%dT%H:%M:%SZ', missing_since, '-25 hours') "
        "WHERE missing_since IS NOT NULL"
    )
    crawled.acca("crawl", "acca")
    removed = newsroom.changes("acca").removed
    assert crawled.value("SELECT count(*) FROM articles WHERE removed_at IS NOT NULL") == len(removed)
    assert crawled.value("SELECT count(*) FROM visits WHERE outcome = 'gone'") == 4 * len(removed)
    flagged = sum(post.level == "alert" for post in removed)
    assert crawled.value("SELECT count(*) FROM alerts WHERE kind = 'removed'") == flagged


def test_a_removed_report_that_comes_back_is_said_so(crawled_twice: Desk, newsroom: Newsroom) -> None:
    newsroom.set_day(1)
    crawled_twice.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL")
    crawled_twice.acca("crawl", "acca")
    missing = crawled_twice.rows("SELECT title FROM articles JOIN revisions ON revision_id = revisions.id "
                        "WHERE missing_since IS NOT NULL")  # fmt: skip
    assert {row["title"] for row in missing}.isdisjoint({post.title for post in newsroom.posts("acca")})
