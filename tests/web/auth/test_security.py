"""What an attacker would try: forms from elsewhere, stolen sessions, guessed passwords, misleading addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from storage.review import database as review_database
from storage.review import users
from tests.web.conftest import PASSWORD, TOKEN, Browser, Server

EVERY_KIND = (
    "/sign-in",
    "/queue",
    "/reports/1",
    "/acca",
    "/acca/articles",
    "/acca.json",
    "/no/such",
    "/static/acca.css",
    "/acca/articles.csv",
    "/acca.json?sql=nonsense",
    "/overview",
    "/status",
    "/acca.db",
)


@pytest.mark.parametrize("role", [None, "monitor"])
def test_every_answer_carries_the_headers(server: Server, role: str | None) -> None:
    browser = server.browser(role)
    for address in EVERY_KIND:
        headers = browser.get(address).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers.get_list("content-security-policy") == [headers["content-security-policy"]]
        if not address.startswith("/static/"):
            assert headers["cache-control"] == "private, no-store"


def test_our_pages_hold_no_inline_script_or_style(monitor: Browser) -> None:
    for address in (
        "/queue",
        "/reports/1",
        "/overview",
        "/search?q=a",
        "/keys",
        "/account",
        "/acca",
        "/acca/articles",
        "/acca/articles/1",
        "/acca?sql=select+1",
        "/acca?sql=nonsense",
        "/acca/alerts_by_month",
    ):
        page = monitor.get(address).text
        assert "<style" not in page
        assert " onclick=" not in page
        assert all("src=" in tag.partition(">")[0] for tag in page.split("<script")[1:]), address
        assert " style=" not in page, address


def test_cookies_are_closed_to_scripts_and_other_sites(server: Server) -> None:
    for origin, name in (("http://localhost", "acca_session"),):
        browser = server.browser(origin=origin)
        answer = browser.sign_in("monitor")
        (session,) = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith(name)]
        assert "httponly" in session.lower()
        assert "samesite=lax" in session.lower()
        assert "secure" not in session.lower()


def test_over_https_cookies_are_secure_and_bound_to_the_host(serve: Callable[..., Server]) -> None:
    server = serve(url="https://review.example")
    browser = server.browser(origin="https://review.example")
    shown = browser.get("/sign-in")
    assert all(
        "secure" in cookie.lower() and "httponly" in cookie.lower() for cookie in shown.headers.get_list("set-cookie")
    )
    assert "max-age=" in shown.headers["strict-transport-security"]
    session = browser.sign_in("monitor").headers["set-cookie"]
    assert session.startswith("__Host-acca=")
    assert "Secure" in session
    assert "Path=/" in session
    assert "domain" not in session.lower()
    assert browser.get("/queue").status_code == 200


def test_a_form_without_its_token_writes_nothing(server: Server) -> None:
    browser = server.browser("monitor")
    for fields in ({}, {"csrftoken": ""}, {"csrftoken": "x"}):
        answer = browser.request("POST", "/reports/1/decide", data={"verdict": "confirm", **fields})
        assert answer.status_code == 403
    assert "Waits" not in browser.get("/reports/1").text
    assert "confirmed" not in browser.get("/reports/1").text


def test_another_browsers_token_is_worth_nothing(server: Server) -> None:
    browser, attacker = server.browser("monitor"), server.browser("second")
    token = TOKEN.findall(attacker.get("/reports/1").text)[0]
    answer = browser.request("POST", "/reports/1/decide", data={"verdict": "confirm", "csrftoken": token})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://localhost.evil.example"},
        {"authorization": "Bearer x"},
    ],
)
def test_forms_from_elsewhere_are_refused(monitor: Browser, headers: dict[str, str]) -> None:
    monitor.http.headers.update(headers)
    assert monitor.decide(1, "confirm").status_code == 403


def test_signing_in_needs_the_token_too(server: Server) -> None:
    """Else another site could sign a monitor in as somebody else and read what she then writes."""
    browser = server.browser()
    answer = browser.request("POST", "/sign-in", data={"name": "monitor", "password": PASSWORD})
    assert answer.status_code == 403


def test_an_unknown_host_is_not_answered(server: Server) -> None:
    """A page elsewhere whose name suddenly points to 127.0.0.1 must not read what is served there."""
    browser = server.browser()
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "[::1].evil"):
        assert browser.get("/sign-in", headers={"host": host}).status_code == 421
    for host in ("localhost", "localhost:8001", "127.0.0.1:8001", "[::1]:8001", "[::1]"):
        assert browser.get("/sign-in", headers={"host": host}).status_code == 200


def test_forwarded_headers_mean_nothing_to_us(server: Server) -> None:
    """The server believes a configured proxy before a request gets here; nothing here reads the headers again."""
    browser = server.browser()
    for number in range(4):
        browser.http.headers["x-forwarded-for"] = f"10.0.0.{number}"
        browser.http.headers["x-forwarded-proto"] = "https"
        browser.http.headers["x-forwarded-host"] = "evil.example"
        answer = browser.sign_in("monitor", "wrong")
    assert answer.status_code == 429
    assert "strict-transport-security" not in answer.headers


def test_signing_in_changes_the_session(server: Server) -> None:
    """A session that was planted in the browser before is not the one that is signed in."""
    browser = server.browser()
    browser.http.cookies.set("acca_session", "planted")
    browser.sign_in("monitor")
    fresh = {cookie.value for cookie in browser.http.cookies.jar if cookie.name == "acca_session"} - {"planted"}
    assert len(fresh) == 1
    thief = server.browser()
    thief.http.cookies.set("acca_session", "planted")
    assert thief.get("/queue").status_code == 303


def test_signing_in_again_ends_the_session_before(server: Server) -> None:
    browser = server.browser("monitor")
    old = browser.http.cookies["acca_session"]
    browser.submit("/keys", "/sign-in", name="second", password=PASSWORD)
    assert browser.http.cookies["acca_session"] != old
    thief = server.browser()
    thief.http.cookies.set("acca_session", old)
    assert thief.get("/queue").status_code == 303


def test_signing_out_ends_the_session_on_the_server(server: Server) -> None:
    browser = server.browser("monitor")
    old = browser.http.cookies["acca_session"]
    assert browser.submit("/queue", "/sign-out").headers["location"] == "/sign-in"
    thief = server.browser()
    thief.http.cookies.set("acca_session", old)
    assert thief.get("/queue").status_code == 303


def test_sessions_expire(server: Server) -> None:
    browser = server.browser("monitor")
    for _ in range(7):
        server.clock.move(minutes=100)
        assert browser.get("/queue").status_code == 200
    server.clock.move(minutes=30)
    assert browser.get("/queue").status_code == 303  # twelve hours after signing in, though used all the time


def test_an_idle_session_expires(server: Server) -> None:
    browser = server.browser("monitor")
    server.clock.move(minutes=121)
    assert browser.get("/queue").status_code == 303


def test_a_session_survives_the_server_and_is_kept_as_a_hash(server: Server, serve: Callable[..., Server]) -> None:
    browser = server.browser("monitor")
    token = browser.http.cookies["acca_session"]
    again = serve().browser()
    again.http.cookies.set("acca_session", token)
    assert again.get("/queue").status_code == 200
    kept = server.config.people_file.read_bytes()
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert server.config.people_file.stat().st_mode & 0o077 == 0


def test_a_changed_password_ends_every_other_session(server: Server) -> None:
    here, elsewhere = server.browser("monitor"), server.browser("monitor")
    wanted = {"password": PASSWORD, "new_password": "another long one", "again": "another long one"}
    assert here.submit("/account", "/account", **wanted).status_code == 303
    assert here.get("/queue").status_code == 200
    assert elsewhere.get("/queue").status_code == 303
    assert server.browser().sign_in("monitor").status_code == 401
    assert server.browser().sign_in("monitor", "another long one").status_code == 303


@pytest.mark.parametrize(
    "wanted",
    [
        {"password": "wrong", "new_password": "another long one", "again": "another long one"},
        {"password": PASSWORD, "new_password": "short", "again": "short"},
        {"password": PASSWORD, "new_password": "another long one", "again": "another long two"},
    ],
)
def test_a_password_is_not_changed_for_less(server: Server, wanted: dict[str, str]) -> None:
    browser = server.browser("monitor")
    assert browser.submit("/account", "/account", **wanted).status_code == 400
    assert server.browser().sign_in("monitor").status_code == 303


def test_guessing_is_slowed_down_more_and_more(server: Server) -> None:
    browser = server.browser()
    waits = []
    for attempt in range(12):
        answer = browser.sign_in("monitor", f"guess {attempt}")
        while answer.status_code == 429:
            waits.append(int(answer.headers["retry-after"]))
            assert browser.sign_in("monitor").status_code == 429  # the right one waits as well
            server.clock.move(seconds=waits[-1])
            answer = browser.sign_in("monitor", f"guess {attempt}")
        assert answer.status_code == 401
    assert waits == sorted(waits)
    assert waits[0] <= 2
    assert waits[-1] >= 256
    server.clock.move(seconds=900)
    assert browser.sign_in("monitor").status_code == 303


def test_a_burst_of_guesses_is_slowed_down_as_well(server: Server) -> None:
    import asyncio

    browser = server.browser()
    token = TOKEN.findall(browser.get("/sign-in").text)[0]

    async def burst() -> list[int]:
        tries = [
            browser.http.post("/sign-in", data={"name": "monitor", "password": f"g{n}", "csrftoken": token})
            for n in range(20)
        ]
        return [answer.status_code for answer in await asyncio.gather(*tries)]

    statuses = server.wait(burst())
    assert statuses.count(401) == 3
    assert statuses.count(429) == 17


def test_nobody_can_lock_a_user_out(server: Server) -> None:
    """Guesses from many addresses slow the name down for half a minute at most."""
    for number in range(40):
        server.browser(address=f"10.0.0.{number}").sign_in("monitor", "guess")
        server.clock.move(seconds=31)
    owner = server.browser(address="10.1.1.1")
    answer = owner.sign_in("monitor")
    if answer.status_code == 429:
        server.clock.move(seconds=int(answer.headers["retry-after"]))
        answer = owner.sign_in("monitor")
    assert answer.status_code == 303


def test_many_names_from_one_address_are_slowed_down(server: Server) -> None:
    browser = server.browser()
    statuses = [browser.sign_in(f"name{number}", "guess").status_code for number in range(12)]
    assert statuses[-1] == 429


def test_a_name_that_does_not_exist_looks_like_one_that_does(server: Server) -> None:
    there = server.browser().sign_in("monitor", "guess")
    not_there = server.browser().sign_in("nobody", "guess")
    assert there.status_code == not_there.status_code == 401
    assert there.text.replace("monitor", "").count("wrong") == not_there.text.replace("nobody", "").count("wrong")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "http:evil.example",
        "///evil.example",
        "/%0d%0aset-cookie:x=y\r\nx: y",
        " /queue",
        "",
    ],
)
def test_signing_in_never_leads_elsewhere(server: Server, target: str) -> None:
    assert server.browser().sign_in("monitor", next=target).headers["location"] == "/"
    shown = server.browser().get("/sign-in", params={"next": target}).text
    assert 'name="next" value="/"' in shown
    assert (
        server.browser("monitor").submit("/queue", "/language", language="ru", next=target).headers["location"] == "/"
    )


def test_signing_in_leads_on_to_where_one_wanted(server: Server) -> None:
    browser = server.browser()
    asked = browser.get("/reports/2?country=UZ&view=all")
    assert asked.headers["location"] == "/sign-in?next=/reports/2%3Fcountry%3DUZ%26view%3Dall"
    shown = browser.get(asked.headers["location"]).text
    assert 'name="next" value="/reports/2?country=UZ&amp;view=all"' in shown
    answer = browser.sign_in("monitor", next="/reports/2?country=UZ&view=all")
    assert answer.headers["location"] == "/reports/2?country=UZ&view=all"


def test_a_printed_link_signs_in_once(server: Server) -> None:
    db = review_database.connect(server.config.people_file, server.config.archive_file)
    users.add_link(db, "lead", "the token", "2026-11-22T07:00:00Z")
    browser = server.browser()
    page = "/sign-in/link?token=the+token"
    assert browser.get(page).status_code == 200
    assert browser.get(page).status_code == 200  # a preview of the link does not use it up
    assert browser.submit(page, "/sign-in/link", token="the token").headers["location"] == "/"
    assert browser.get("/-/versions.json").status_code == 200
    assert server.browser().submit(page, "/sign-in/link", token="the token").status_code == 401
    users.add_link(db, "lead", "another", "2026-11-22T07:00:00Z")
    server.clock.move(hours=2)
    assert server.browser().submit(page, "/sign-in/link", token="another").status_code == 401
    db.close()


def test_a_form_can_not_be_endless(monitor: Browser) -> None:
    answer = monitor.decide(1, "note", note="x" * 300_000)
    assert answer.status_code == 413

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    answer = monitor.request(
        "POST", "/reports/1/decide", content=chunks(), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413


def test_odd_requests_do_not_break_the_server(monitor: Browser) -> None:
    for address in (
        "/queue?page=0",
        "/queue?page=99999999999",
        "/queue?page=x",
        "/queue?view=x&sort=y&since=z",
        "/reports/999999999999999",
        "/reports/1?part=0",
        "/reports/1?part=99999",
        "/reports/1?done=99999999999",
        "/alerts/999",
        "/search?q=%25_%5C",
        "/queue?country=%F0%9F%8C%B7",
        "/queue?outlet=" + "x" * 3000,
        "/search?q=%22",
        "/search?q=AND+OR+NOT",
        "/queue?since=2026-02-30",
    ):
        assert monitor.get(address).status_code in (200, 404), address
    for fields in (
        {"verdict": "nonsense"},
        {"verdict": "undo", "undoes": "x"},
        {"verdict": "duplicate_of", "duplicate_of": "-1"},
        {"verdict": "false_alarm", "reason": "nonsense"},
        {"verdict": "assign", "assignee": "reader"},
        {"verdict": "duplicate_of", "duplicate_of": "1"},
        {"verdict": "note", "note": " "},
        {"verdict": "confirm", "seen_review": "x"},
        {"verdict": "undo", "undoes": "7"},
    ):
        assert monitor.submit("/reports/1", "/reports/1/decide", **fields).status_code == 400, fields
    assert monitor.submit("/reports/1", "/reports/4/decide", verdict="watch").status_code == 404


def test_a_failure_is_not_explained_to_the_browser(
    monitor: Browser,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the inside of the server")

    monkeypatch.setattr("acca_crawler.web.auth.passwords.matches", fail)
    answer = monitor.submit("/account", "/account", password="a very secret one")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "inside of the server" not in answer.text
    assert "inside of the server" in caplog.text
    assert "very secret" not in caplog.text + "".join(capsys.readouterr())


def test_a_mistake_in_sql_is_explained(monitor: Browser) -> None:
    for address in ("/acca?sql=select+nonsense", "/acca.json?sql=select+nonsense"):
        answer = monitor.get(address)
        assert answer.status_code == 400
        assert "no such column: nonsense" in answer.text


def test_broken_cookies_are_no_session(server: Server) -> None:
    browser = server.browser()
    for cookie in ("acca_session=", "acca_session=\x7f", "a=b; ;;; =", "acca_session=x" * 500):
        assert browser.get("/queue", headers={"cookie": cookie.encode("latin-1")}).status_code == 303
