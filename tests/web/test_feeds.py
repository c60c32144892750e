"""Feeds from the server: only the owner of an address reads it, its length is bounded, and nothing is fetched twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import feedparser
import pytest

from storage.review import database as review_database
from storage.review import users
from storage.schema.database import open_archive, transaction
from tests.alerts.test_atom import violations
from tests.support.archive import BEATEN, add
from tests.web.conftest import Browser, Server


def addresses(browser: Browser) -> dict[str, str]:
    """A new address for the user's feeds; each feed's by its title."""
    page = browser.submit("/account", "/account/feeds", wish="make").text
    return dict(re.findall(r"<dt>([^<]+)</dt><dd><a href=\"http://localhost([^\"]+)\"", page))


@pytest.mark.parametrize("role", ["reader", "monitor", "lead"])
def test_each_user_has_feeds_of_all_of_each_country_and_category(server: Server, role: str) -> None:
    found = addresses(server.browser(role))
    assert {"All alerts", "Kyrgyzstan", "Uzbekistan", "Torture", "Arbitrary detention"} <= set(found)
    reader = server.browser()  # a feed reader: no cookies, no session
    links = {}
    for name, address in found.items():
        answer = reader.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert violations(answer.content, f"http://localhost{address}") == []
        parsed = feedparser.parse(answer.content)
        assert not parsed.bozo
        links[name] = {entry.link for entry in parsed.entries}
    report = "http://localhost/reports/{}".format
    assert links["All alerts"] == {report(1), report(2), report(3)}
    assert links["Uzbekistan"] == links["Arbitrary detention"] == {report(2)}
    assert links["Kyrgyzstan"] == links["Torture"] == {report(1), report(3)}
    assert links["Turkmenistan"] == set()


def test_a_feed_is_fetched_again_only_when_something_is_new(server: Server) -> None:
    address = addresses(server.browser("monitor"))["All alerts"]
    reader = server.browser()
    first = reader.get(address)
    assert first.headers["cache-control"] == "private, no-cache"
    for asked in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": f'"other", W/{first.headers["etag"]}'},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = reader.get(address, headers=asked)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    old = "Thu, 01 Jan 2026 00:00:00 GMT"
    assert reader.get(address, headers={"if-modified-since": old}).status_code == 200
    for odd in ("nonsense", "Mon, 01 Jan 2024 00:00:00 +9999999999999"):
        assert reader.get(address, headers={"if-modified-since": odd}).status_code == 200
    since = first.headers["last-modified"]
    db = open_archive(server.config.archive_file)
    with transaction(db):
        add(db, replace(BEATEN, title="Another report"), 5)
    db.close()
    changed = reader.get(address, headers={"if-none-match": first.headers["etag"], "if-modified-since": since})
    assert changed.status_code == 200
    assert "Another report" in changed.text


def test_an_address_can_be_taken_back(server: Server) -> None:
    browser, reader = server.browser("monitor"), server.browser()
    old = addresses(browser)["All alerts"]
    new = addresses(browser)["All alerts"]
    assert [reader.get(address).status_code for address in (old, new)] == [404, 200]
    assert "Feed address created on" in browser.get("/account").text
    assert new.split("/")[2] not in browser.get("/account").text
    assert browser.submit("/account", "/account/feeds", wish="revoke").status_code == 303
    assert reader.get(new).status_code == 404


def test_a_disabled_users_feeds_are_closed(server: Server) -> None:
    address = addresses(server.browser("monitor"))["All alerts"]
    db = review_database.connect(server.config.people_file, server.config.archive_file)
    users.disable(db, "monitor", "2026-11-22T06:00:00Z")
    assert server.browser().get(address).status_code == 404
    token = address.split("/")[2].encode()
    db.close()
    assert token not in server.config.people_file.read_bytes()


def test_a_wrong_token_opens_nothing_and_a_right_one_nothing_else(server: Server) -> None:
    token = addresses(server.browser("monitor"))["All alerts"].split("/")[2]
    reader = server.browser()
    assert reader.get(f"/feeds/{'x' * 43}/all.xml").status_code == 404
    assert reader.get("/feeds/x/all.xml").status_code == 404
    for address in (
        f"/feeds/{token}",
        f"/feeds/{token}/",
        f"/feeds/{token}/people.xml",
        f"/feeds/{token}/../acca",
    ):
        assert reader.get(address).status_code in (303, 401, 404), address
    for address in ("/queue", "/reports/1", "/acca.json"):
        assert reader.get(address, headers={"authorization": f"Bearer {token}"}).status_code in (303, 401)
    assert reader.request("POST", f"/feeds/{token}/all.xml").status_code in (401, 403)


def test_names_stay_out_of_feeds_unless_the_operator_says_so(serve: Callable[..., Server]) -> None:
    withheld = serve()
    text = withheld.browser().get(addresses(withheld.browser("monitor"))["All alerts"]).text
    assert "beaten at the" in text
    assert "Asel" not in text
    assert "acca.example" not in text
    open_ = serve(feed_withhold="none")
    text = open_.browser().get(addresses(open_.browser("monitor"))["All alerts"]).text
    assert "Asel Example says her brother" in text
    assert "https://acca.example/1" in text
    links = serve(feed_text="link")
    text = links.browser().get(addresses(links.browser("monitor"))["All alerts"]).text
    assert "Detainee" not in text
    assert "/reports/1" in text


def test_a_feed_speaks_its_users_language(server: Server) -> None:
    browser = server.browser("monitor")
    browser.submit("/queue", "/language", language="ru", next="/queue")
    address = addresses(browser)["Узбекистан"]
    text = server.browser().get(address).text
    assert "<title>Материалы: Узбекистан</title>" in text
    assert 'xml:lang="ru"' in text
    assert "произвольное задержание" in text


def test_a_failure_does_not_put_the_token_into_the_log(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    address = addresses(server.browser("monitor"))["All alerts"]

    def fail(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("acca_crawler.web.feeds.read", fail)
    assert server.browser().get(address).status_code == 500
    assert "/feeds/.../all.xml failed" in caplog.text
    assert address.split("/")[2] not in caplog.text
