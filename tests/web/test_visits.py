"""What has come in since the last visit, days as headings, and times in the user's own zone."""

from __future__ import annotations

from storage.schema.database import open_archive, transaction
from tests.support.archive import KYRGYZ, add
from tests.web.conftest import TOKEN, Browser, Server
from tests.web.test_stories import plain


def publish(server: Server, number: int) -> None:
    """Store another report, raised at the server's time."""
    db = open_archive(server.config.archive_file)
    with transaction(db):
        stored = add(db, KYRGYZ, number)
        db.execute("UPDATE alerts SET created_at = ? WHERE article_id = ?", [server.site.stamp(), stored.article_id])
    db.close()


def test_the_queue_says_what_came_since_the_last_visit(server: Server, monitor: Browser) -> None:
    assert "last visit" not in monitor.get("/queue").text
    server.clock.move(hours=20)
    monitor.sign_in("monitor")
    assert "Nothing new since your last visit (22 Nov 2026, 06:00 UTC)" in plain(monitor.get("/queue").text)
    publish(server, 20)
    server.clock.move(minutes=5)
    page = monitor.get("/queue").text
    assert "1 open story since your last visit" in plain(page)
    assert page.count("new to you") == 1
    (narrowed,) = [part for part in page.split('"') if part.startswith("/queue?after=")]
    assert monitor.get(narrowed.replace("&amp;", "&")).text.count("data-row") == 1
    assert "last visit" not in server.browser("second").get("/queue").text
    assert monitor.get("/queue?after=never").status_code == 200


def test_days_are_headings_where_the_queue_is_sorted_by_time(server: Server, monitor: Browser) -> None:
    publish(server, 20)
    page = plain(monitor.get("/queue?sort=newest").text)
    assert page.index("Today") < page.index("Friday, 20 November 2026")
    assert "Today" not in plain(monitor.get("/queue").text)
    server.clock.move(days=1)
    assert "Yesterday" in plain(server.browser("monitor").get("/queue?sort=oldest").text)


def test_times_are_in_the_users_zone(server: Server, monitor: Browser) -> None:
    def choose(zone: str) -> int:
        shown = monitor.get("/account").text
        data = {"csrftoken": TOKEN.findall(shown)[0], "zone": zone}
        return monitor.request("POST", "/account/zone", data=data).status_code

    assert choose("Nowhere/City") == 400
    assert choose("Asia/Bishkek") == 303
    assert "20 Nov 2026, 12:00 UTC+6" in plain(monitor.get("/reports/1").text)
    for page in ("/queue", "/search"):
        assert "Days begin at midnight UTC, not in your time zone." in monitor.get(page).text
        assert "midnight" not in server.browser("second").get(page).text
    assert "20 Nov 2026, 06:00 UTC" in plain(server.browser("second").get("/reports/1").text)
