"""Who may call what: every address and method against every role, Datasette's own pages included."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from acca_crawler.web.auth import access
from acca_crawler.web.canned import QUERIES
from storage.review.users import User
from tests.support.archive import keep_capture
from tests.web.conftest import Browser, Server

ANYONE, READER, MONITOR, LEAD, NOBODY = 0, 1, 2, 3, 4
STANDING = {None: 0, "reader": 1, "monitor": 2, "lead": 3}

GETS = {
    "/sign-in": ANYONE, "/sign-in/link?token=x": ANYONE, "/static/acca.css": ANYONE, "/static/keys.js": ANYONE,
    "/-/static/app.css": ANYONE, "/favicon.ico": ANYONE,
    "/status": READER, "/metrics": NOBODY,
    "/": READER, "/overview": READER, "/search?q=x": READER, "/keys": READER, "/account": READER,
    "/search/figures?q=x": READER, "/queue/export.uwazi": MONITOR,
    "/reports/1": READER, "/alerts/1": READER, "/acca": READER, "/acca.json": READER,
    "/acca?sql=select+1": READER, "/acca.json?sql=select+1": READER, "/acca.csv?sql=select+1": READER,
    "/acca/articles": READER, "/acca/articles.json": READER, "/acca/articles.csv": READER, "/acca/articles/1": READER,
    "/acca/articles/1.json": READER, "/acca/alerts_by_month": READER, "/acca/alerts_by_month.json": READER,
    "/acca/revisions?_facet=language": READER, "/-/actor.json": READER,
    f"/feeds/{'x' * 43}/all.xml": NOBODY, f"/feeds/{'x' * 43}/countries/kg.xml": NOBODY,
    f"/feeds/{'x' * 43}/categories/torture.xml": NOBODY,
    "/decisions": MONITOR, "/follows": MONITOR, f"/feeds/{'x' * 43}/followed.xml": NOBODY,
    "/cases": MONITOR, "/cases/1": NOBODY, "/about/region?key=x": NOBODY,  # nothing there, for a monitor too
    "/queue": MONITOR, "/queue?view=all": MONITOR, "/captures/1": MONITOR,
    "/queue/export.csv": MONITOR, "/search/export.csv?q=x": READER, "/reports/1/export.csv": READER,
    "/reports/1/cite/ris": READER,
    "/team": LEAD, "/users": LEAD,
    "/-/versions.json": LEAD, "/-/plugins.json": LEAD, "/-/settings.json": LEAD, "/-/metadata.json": LEAD,
    "/-/databases.json": LEAD, "/-/threads.json": LEAD, "/-/versions": LEAD,
    "/acca.db": NOBODY, "/people": NOBODY, "/people.db": NOBODY, "/_internal": NOBODY, "/_internal/tables": NOBODY,
    "/~5Finternal": NOBODY, "/_memory": NOBODY, "/:memory:": NOBODY,
    "/-/permissions": NOBODY, "/-/messages": NOBODY,
    "/-/config": NOBODY, "/-/config.json": NOBODY, "/-/allow-debug": NOBODY, "/-/patterns": NOBODY,
    "/-/auth-token": NOBODY, "/-/logout": NOBODY,
    "/.json": NOBODY, "/fixtures": NOBODY, "/-/static-plugins/x/y": NOBODY,
    "/-/static-plugins/acca_crawler.web.plugin/acca.css": NOBODY,  # a route from Python 3.12 on
    "/reports/1/decide": NOBODY, "/sign-in/resume": NOBODY,
    "/static/../app.py": NOBODY, "/static/%2e%2e/app.py": NOBODY,
}  # fmt: skip
POSTS = {
    "/reports/1/decide": MONITOR, "/queue/decide": MONITOR, "/reports/1/story": MONITOR, "/cases": MONITOR,
    "/follows": MONITOR,
    "/reports/1/pack": MONITOR, "/users": LEAD,
    "/reports/1/translate": NOBODY, "/reports/1/opinion": NOBODY,  # off by default; see test_services.py
    "/sign-out": READER, "/account": READER, "/language": ANYONE, "/sign-in": ANYONE,
    "/sign-in/link": ANYONE, "/account/feeds": READER, "/account/zone": READER,
    "/": NOBODY, "/queue": NOBODY, "/acca": NOBODY, "/acca/articles": NOBODY, "/acca/alerts_by_month": NOBODY,
    "/-/logout": NOBODY, "/-/messages": NOBODY, "/-/permissions": NOBODY, "/-/allow-debug": NOBODY, "/acca.db": NOBODY,
    "/_internal": NOBODY,
}  # fmt: skip


@pytest.mark.parametrize("role", STANDING)
def test_every_address_opens_to_its_roles_alone(server: Server, role: str | None) -> None:
    keep_capture(server.config.archive_file, b"<p>a page</p>")
    browser = server.browser(role)
    for address, least in GETS.items():
        for method in ("GET", "HEAD"):
            status = browser.request(method, address).status_code
            opened = status not in (303, 401, 403, 404, 405) or (least <= STANDING[role] and status == 303)
            assert opened == (least <= STANDING[role]), f"{role} {method} {address}: {status}"


@pytest.mark.parametrize("role", STANDING)
def test_every_form_takes_its_roles_alone(server: Server, role: str | None) -> None:
    for address, least in POSTS.items():
        browser = server.browser(role)
        status = browser.submit("/sign-in" if role is None else "/keys", address, verdict="watch").status_code
        refused = (
            status in (404, 405) or (status == 403) or (role is None and status == 401 and address != "/sign-in/link")
        )
        if address == "/sign-in" and role is None:
            refused = False  # an empty name and password: looked at, and wrong
        assert refused == (least > STANDING[role]), f"{role} POST {address}: {status}"


@pytest.mark.parametrize("role", STANDING)
def test_other_methods_are_refused_to_everyone(server: Server, role: str | None) -> None:
    browser = server.browser(role)
    for address in ("/queue", "/reports/1/decide", "/acca/articles", "/acca/articles/1", "/sign-in"):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"):
            assert browser.request(method, address).status_code in (401, 403, 404, 405), f"{method} {address}"


def test_every_route_of_the_server_is_in_the_matrix(server: Server) -> None:
    """A route that Datasette or we add must be put into the tables above, or it stays shut."""
    tried = [re.sub(r"\?.*", "", address) for address in (*GETS, *POSTS)]
    lead = User("lead", "lead", None, "", None, True)
    for pattern, _ in server.datasette._routes():
        assert any(pattern.match(address) for address in tried), pattern.pattern
    assert not access.allowed(access.rules_for("/not/known"), "GET", lead)


def test_a_stranger_learns_nothing_of_what_exists(server: Server) -> None:
    browser = server.browser()
    for address in ("/reports/1", "/reports/99999", "/no/such/place", "/acca/articles", "/acca/none"):
        answer = browser.get(address)
        assert (answer.status_code, answer.text) == (303, "Sign in first.")
    for address in ("/acca.json", "/nothing.json", "/acca.db", "/acca/articles.csv"):
        assert browser.get(address).status_code == 401


def test_people_are_out_of_reach_of_sql(server: Server) -> None:
    """Not by table, not by attaching the file, not by any table-valued function that lists databases."""
    for role in ("reader", "monitor", "lead"):
        browser = server.browser(role)
        for sql in (
            "select * from users", "select * from reviews", "select * from queue", "select * from people.users",
            f"attach '{server.config.people_file}' as p", "select load_extension('x')",
            "select readfile('/etc/passwd')", "pragma database_list", "vacuum into '/tmp/copy.db'",
            "delete from articles", "with x as (select 1) delete from articles", "select writefile('/tmp/x', 'y')",
        ):  # fmt: skip
            answer = browser.get("/acca.json", params={"sql": sql})
            assert answer.status_code == 400, sql
        found = browser.get("/acca.json", params={"sql": "select name from sqlite_master"}).json()
        assert not {"users", "reviews", "queue", "sessions"} & {row[0] for row in found["rows"]}


OWN_TABLES = (
    "users", "sessions", "sign_in_links", "sign_in_attempts", "keys", "feed_tokens", "reviews", "queue", "queue_values",
    "queue_articles", "queue_state",
)  # fmt: skip


def test_people_are_in_no_list_that_sql_can_ask_for(server: Server) -> None:
    """Not in the schema, not through a view or a table-valued pragma, not by another name for the file."""
    server.browser("monitor").decide(1, "confirm", note="spoke to the sister")
    for role in ("reader", "monitor", "lead"):
        browser = server.browser(role)
        for sql in (
            "select * from sqlite_master", "select * from sqlite_schema", "select * from sqlite_temp_master",
            "select * from pragma_table_list", "select * from pragma_database_list",
            "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c",
            "select * from pragma_foreign_key_list('reviews')", "select * from pragma_index_list('users')",
        ):  # fmt: skip
            answer = browser.get("/acca.json", params={"sql": sql, "_shape": "arrays"})
            names = {str(value) for row in answer.json().get("rows", []) for value in row}
            assert not names & set(OWN_TABLES), sql
            assert not any("people.db" in name or str(server.config.archive_directory) in name for name in names), sql
        for table in OWN_TABLES:
            for sql in (f"select * from {table}", f"select * from main.{table}", f"select * from archive.{table}",
                        f"select * from people.{table}", f"select count(*) from temp.{table}"):  # fmt: skip
                assert browser.get("/acca.json", params={"sql": sql}).status_code == 400, sql
            for address in (f"/acca/{table}", f"/acca/{table}.json", f"/acca/{table}.csv", f"/people/{table}"):
                assert browser.get(address).status_code == 404, address
        for address in ("/acca.json", "/acca", "/acca/alerts.json", "/acca/v_alerts.json", "/acca/v_reports.csv"):
            assert "spoke to the sister" not in browser.get(address).text
    listed = server.browser("lead").get("/-/databases.json").json()
    assert [database["name"] for database in listed] == ["acca"]
    for address in ("/-/metadata.json", "/-/plugins.json", "/-/settings.json", "/-/threads.json", "/-/versions.json"):
        assert "people.db" not in server.browser("lead").get(address).text, address


def test_nothing_is_attached_or_loaded_by_a_query(server: Server) -> None:
    file = server.config.people_file
    for sql in (
        f"select * from (attach '{file}' as p)", f"attach database '{file}' as p",
        "explain attach 'x' as p", "with a as (select 1) attach 'x' as p", "select fts3_tokenizer('simple')",
        "select edit('x')", f"select * from '{file}'", "pragma writable_schema = 1",
        "create temp table t as select 1", "detach acca", "select * from pragma_writable_schema",
    ):  # fmt: skip
        assert server.browser("lead").get("/acca.json", params={"sql": sql}).status_code == 400, sql


def test_a_reader_sees_no_verdicts(server: Server) -> None:
    server.browser("monitor").decide(1, "confirm", note="spoke to the sister")
    page = server.browser("reader").get("/reports/1").text
    assert "Detainee" in page
    for hidden in ("spoke to the sister", "confirmed", "Confirmed", "monitor", "/decide", "History"):
        assert hidden not in page


def test_sql_is_stopped_after_its_time(server: Server) -> None:
    server.datasette.sql_time_limit_ms = 100
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    answer = server.browser("reader").get("/acca.json", params={"sql": endless})
    assert answer.status_code == 400
    assert "interrupted" in answer.text.lower() or "too long" in answer.text.lower()


def test_sql_can_not_fill_the_memory(server: Server) -> None:
    answer = server.browser("reader").get("/acca.json", params={"sql": "select length(zeroblob(900000000))"})
    assert answer.status_code == 400


def test_the_archive_stays_as_it_was(server: Server) -> None:
    before = _content(server.config.archive_file)
    monitor = server.browser("monitor")
    for address in GETS:
        monitor.get(address)
    for verdict in ("confirm", "watch", "second_pair"):
        monitor.decide(1, verdict)
    assert _content(server.config.archive_file) == before


def _content(path: Path) -> list[str]:
    with sqlite3.connect(path) as db:
        return list(db.iterdump())


def test_a_disabled_user_is_out_at_once(server: Server) -> None:
    from storage.review import database as review_database
    from storage.review import users

    browser = server.browser("monitor")
    assert browser.get("/queue").status_code == 200
    db = review_database.connect(server.config.people_file, server.config.archive_file)
    users.disable(db, "monitor", "2026-11-22T06:00:00Z")
    db.close()
    assert browser.get("/queue").status_code == 303
    assert server.browser().sign_in("monitor").status_code == 401


def test_who_is_named_in_another_case_is_signed_out_all_the_same(server: Server) -> None:
    from storage.review import database as review_database
    from storage.review import users

    browsers = [server.browser(name) for name in ("monitor", "lead", "second")]
    db = review_database.connect(server.config.people_file, server.config.archive_file)
    users.set_password(db, "MONITOR", users.password_hash(db, "lead") or "")
    users.reset(db, "Lead")
    users.disable(db, "Second", "2026-11-22T06:00:00Z")
    users.enable(db, "Second")
    users.add_link(db, "lead", "the first", "2026-11-22T07:00:00Z")
    users.add_link(db, "LEAD", "another", "2026-11-22T07:00:00Z")
    assert [browser.get("/queue").status_code for browser in browsers] == [303, 303, 303]
    assert users.use_link(db, "the first", "2026-11-22T06:00:00Z") is None
    assert users.use_link(db, "another", "2026-11-22T06:00:00Z") == "lead"
    db.close()


def test_a_role_taken_away_holds_at_once(server: Server) -> None:
    from storage.review import database as review_database
    from storage.review import users

    browser = server.browser("monitor")
    db = review_database.connect(server.config.people_file, server.config.archive_file)
    users.set_role(db, "monitor", "reader")
    db.close()
    assert browser.get("/queue").status_code == 403


def test_what_is_not_http_passes(server: Server) -> None:
    async def lifespan() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> dict[str, Any]:
            return next(events)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await asyncio.wait_for(server.asgi({"type": "lifespan"}, receive, send), 10)
        return sent

    assert [message["type"] for message in server.wait(lifespan())] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_browsers_are_separate(server: Server) -> None:
    first, second = server.browser("monitor"), Browser(server, "127.0.0.1", "http://localhost")
    assert first.get("/queue").status_code == 200
    assert second.get("/queue").status_code == 303


def test_every_canned_query_answers(server: Server) -> None:
    """With parameters that find something, as a page, as JSON and as CSV."""
    given = {"name": "Asel", "category": "torture", "country": "KG", "article": "1", "since": "2026-01-01"}
    reader = server.browser("reader")
    for name in QUERIES:
        found = reader.get(f"/acca/{name}.json", params={**given, "_shape": "array"})
        assert found.status_code == 200, found.text
        assert bool(found.json()) == (name != "softened_or_gone"), name
        assert reader.get(f"/acca/{name}", params=given).status_code == 200
        assert reader.get(f"/acca/{name}.csv", params=given).status_code == 200


def test_nobodys_sql_sees_who_got_a_message(server: Server) -> None:
    with sqlite3.connect(server.config.archive_file) as db:
        db.execute(
            "INSERT INTO deliveries (message_id, target, status, next_try_at, error) "
            "VALUES (1, 'aigul@example.org', 'sent', '', 'mailbox of aigul@example.org is full')"
        )
    for role in ("reader", "lead"):
        browser = server.browser(role)
        for sql in ("select * from deliveries", "select hex(target), status from deliveries",
                    "select status from deliveries where target like 'a%'"):  # fmt: skip
            answer = browser.get("/acca.json", params={"sql": sql, "_shape": "array"})
            assert answer.status_code == 200, answer.text
            assert "aigul" not in answer.text
            assert b"aigul".hex() not in answer.text.lower()
        assert browser.get("/acca.json", params={"sql": sql, "_shape": "array"}).json() == []
        for address in (
            "/acca/deliveries",
            "/acca/deliveries/1",
            "/acca/deliveries.csv",
            "/acca/deliveries?_facet=target",
        ):
            assert "aigul" not in browser.get(address).text
