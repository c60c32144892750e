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


def test_no_article_holds_a_word_of_the_boilerplate(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    for row in desk.rows("SELECT text FROM revisions"):
        for phrase in BOILERPLATE:
            assert phrase not in row["text"]
    kept = desk.value("SELECT count(DISTINCT revision_id) FROM stripped WHERE rule = 'review-widget'")
    assert kept == len(newsroom.posts("acca"))


def test_dates_come_from_the_cms_and_the_printed_one_is_kept_apart(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    posts = {post.title: post for post in newsroom.posts("acca")}
    for row in desk.rows("SELECT title, published_at, published_source, printed_date FROM revisions"):
        published = posts[row["title"]].published.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert (row["published_at"], row["published_source"]) == (published, "rest")
        assert row["printed_date"] in ("2022-08-20", "2022-08-21", "2022-08-22")


def test_the_reports_are_flagged_with_the_words_that_decided(desk: Desk) -> None:
    desk.acca("crawl", "acca")
    entries = desk.diff()
    report = next(entry for entry in entries if "tortured in Taraz" in entry["title"])
    assert (report["kind"], report["level"], report["country"]) == ("new", "alert", "KZ")
    assert "torture" in report["categories"]
    assert any("tortur" in word for word in report["words"])
    for row in desk.rows(
        'SELECT field, start, "end" AS stop, quote, title, text FROM flag_spans JOIN flags ON flags.id = flag_id '
        "JOIN revisions ON revisions.id = revision_id"
    ):
        assert row[row["field"]][row["start"] : row["stop"]] == row["quote"]


def test_an_unchanged_site_costs_no_article_request(desk: Desk, requested: Requested) -> None:
    desk.acca("crawl", "acca")
    first = desk.acca("diff")
    assert first == desk.acca("diff")
    before = desk.value("SELECT count(*) FROM revisions")
    requested()
    desk.acca("crawl", "acca")
    assert requested() == []
    assert desk.value("SELECT count(*) FROM revisions") == before
    assert desk.acca("diff").strip() == "Nothing is new."
    assert desk.diff("--since", "0") != []


def test_the_second_day_shows_what_is_new_edited_and_gone(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    newsroom.set_day(2)
    desk.acca("crawl", "acca")
    changes = newsroom.changes("acca")
    counted = counts(desk)
    assert counted["new"] == len(changes.new)
    assert counted["changed"] == len(changes.edited)
    assert counted["missing"] == len(changes.removed)
    assert counted["duplicate"] == len(changes.republished)
    entries = desk.diff()
    flagged_new = {post.title for post in changes.new if post.level == "alert"}
    assert flagged_new <= {entry["title"] for entry in entries if entry["kind"] == "new"}
    softened = next(post for post in changes.edited if post.level == "alert")
    edited = [entry for entry in entries if entry["kind"] == "edited"]
    assert [entry["title"] for entry in edited] == [softened.title]
    gone = [entry for entry in entries if entry["kind"] == "gone"]
    assert {entry["title"] for entry in gone} == {post.title for post in changes.removed if post.level == "alert"}
    assert all("missing since" in entry["note"] for entry in gone)


def test_an_edit_is_another_revision_of_the_same_article(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    newsroom.set_day(2)
    desk.acca("crawl", "acca")
    for post in newsroom.changes("acca").edited:
        rows = desk.rows(
            "SELECT number FROM revisions WHERE article_id = (SELECT article_id FROM revisions WHERE title = ? "
            "AND number = 2) ORDER BY number",
            post.title,
        )
        assert [row["number"] for row in rows] == [1, 2]


def test_the_same_text_under_a_second_address_is_one_article(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    newsroom.set_day(2)
    desk.acca("crawl", "acca")
    (again,) = newsroom.changes("acca").republished
    assert desk.value("SELECT count(*) FROM articles JOIN revisions ON revisions.id = revision_id WHERE text LIKE ?",
                      f"{again.body[:60]}%") == 1  # fmt: skip
    addresses = desk.rows("SELECT status FROM addresses WHERE url LIKE ?", f"%/{again.slug}%")
    assert "duplicate" in {row["status"] for row in addresses}


def test_gone_is_called_removed_only_after_a_day_of_tries(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    newsroom.set_day(2)
    for _ in range(3):
        desk.acca("crawl", "acca")
        assert desk.value("SELECT count(*) FROM articles WHERE removed_at IS NOT NULL") == 0
        desk.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL")
    desk.execute(
        "UPDATE articles SET missing_since = strftime('%Y-%m-%dT%H:%M:%SZ', missing_since, '-25 hours') "
        "WHERE missing_since IS NOT NULL"
    )
    desk.acca("crawl", "acca")
    removed = newsroom.changes("acca").removed
    assert desk.value("SELECT count(*) FROM articles WHERE removed_at IS NOT NULL") == len(removed)
    assert desk.value("SELECT count(*) FROM visits WHERE outcome = 'gone'") == 4 * len(removed)
    flagged = sum(post.level == "alert" for post in removed)
    assert desk.value("SELECT count(*) FROM alerts WHERE kind = 'removed'") == flagged


def test_a_removed_report_that_comes_back_is_said_so(desk: Desk, newsroom: Newsroom) -> None:
    desk.acca("crawl", "acca")
    newsroom.set_day(2)
    desk.acca("crawl", "acca")
    newsroom.set_day(1)
    desk.execute("UPDATE articles SET next_visit_at = '2020-01-01T00:00:00Z' WHERE missing_since IS NOT NULL")
    desk.acca("crawl", "acca")
    missing = desk.rows("SELECT title FROM articles JOIN revisions ON revision_id = revisions.id "
                        "WHERE missing_since IS NOT NULL")  # fmt: skip
    assert {row["title"] for row in missing}.isdisjoint({post.title for post in newsroom.posts("acca")})
