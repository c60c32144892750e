"""A server on a small archive, and browsers without a screen that sign in and send forms."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

import httpx
import pytest
from argon2 import PasswordHasher
from datasette.database import Database, WriteTask

from acca_crawler.config.loading import ArchiveSection, Config, WebSection
from acca_crawler.web import app
from acca_crawler.web.site import Site
from storage.review import database as review_database
from storage.review import users
from tests.support.archive import BEATEN, KYRGYZ, QUIET, RUSSIAN, build
from tests.support.desk import TIMEOUT
from tests.support.templates import keep_compiled

PASSWORD = "correct horse battery"
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Checked as cheaply as it was made: a hundred sign-ins should not take long."""
USERS: dict[str, users.Role] = {"reader": "reader", "monitor": "monitor", "second": "monitor", "lead": "lead"}
TOKEN = re.compile(r'name="csrftoken" value="([^"]+)"')


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The present time."""
        return self.time

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.time += timedelta(**by)


class Browser:
    """One browser: keeps cookies, fills in the token of the form it is shown, follows no redirect by itself."""

    def __init__(self, server: Server, address: str, origin: str) -> None:
        transport = httpx.ASGITransport(server.asgi, client=(address, 50000))
        self.http = httpx.AsyncClient(transport=transport, base_url=origin, headers={"accept": "text/html"})
        self._server = server

    def get(self, address: str, **more: Any) -> httpx.Response:
        """Fetch an address."""
        return self.request("GET", address, **more)

    def request(self, method: str, address: str, **more: Any) -> httpx.Response:
        """Send any request."""
        answer: httpx.Response = self._server.wait(self.http.request(method, address, **more))
        return answer

    def submit(self, page: str, action: str, /, **fields: object) -> httpx.Response:
        """Open a page and send a form of it, with the token and the hidden fields that say what was seen."""
        shown = self.get(page).text
        values: dict[str, Any] = {"csrftoken": TOKEN.findall(shown)[0]}
        for name in ("seen_review", "seen_revision"):
            found = re.search(rf'name="{name}" value="(\d+)"', shown)
            values |= {name: found[1]} if found else {}
        return self.request("POST", action, data=values | {k: str(v) for k, v in fields.items()})

    def sign_in(self, name: str, password: str = PASSWORD, **fields: object) -> httpx.Response:
        """Sign in by password."""
        return self.submit("/sign-in", "/sign-in", name=name, password=password, **fields)

    def decide(self, article_id: int, verdict: str, **fields: object) -> httpx.Response:
        """Open a report and decide about it."""
        return self.submit(f"/reports/{article_id}", f"/reports/{article_id}/decide", verdict=verdict, **fields)


class Server:
    """The review pages on an archive in a temporary directory, without a network."""

    def __init__(
        self, directory: Path, web: WebSection, loop: asyncio.AbstractEventLoop, tables: dict[str, Any]
    ) -> None:
        self.config = Config(archive=ArchiveSection(directory=directory), web=web, **tables)
        self.clock = Clock()
        self.site: Site
        self.datasette, self.site = app.build(self.config, self.clock)
        self.asgi = self.datasette.app()
        self._loop = loop
        self.wait(self.datasette.invoke_startup())

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """The result of a coroutine; fails the test where it hangs."""
        return self._loop.run_until_complete(asyncio.wait_for(work, TIMEOUT))

    def browser(self, user: str | None = None, address: str = "127.0.0.1", origin: str = "http://localhost") -> Browser:
        """A new browser, signed in where a user is named."""
        browser = Browser(self, address, origin)
        if user:
            answer = browser.sign_in(user)
            assert answer.status_code == 303, answer.text
        return browser

    def close(self) -> None:
        """Close every connection and end every thread."""
        self.site.store.close()
        for database in self.datasette.databases.values():
            _end_writer(database)
            database.close()
        if self.datasette.executor:
            self.datasette.executor.shutdown()


def _end_writer(database: Database) -> None:
    """End the thread that Datasette leaves waiting for writes: it would keep the whole server until the tests end."""

    def end(connection: sqlite3.Connection) -> NoReturn:
        connection.close()
        raise SystemExit

    if database._write_thread:
        with patch.object(threading, "excepthook", lambda exit: None):
            database._write_queue.put(WriteTask(end, None, None))
            database._write_thread.join(TIMEOUT)


def make_users(config: Config) -> None:
    """One user of each role, and a second monitor."""
    db = review_database.open_people(config.people_file, config.archive_file)
    for name, role in USERS.items():
        users.add_user(db, name, role, HASHED, "2026-11-01T00:00:00Z")
    db.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a small archive and its users: change a copy of it. Templates are compiled from now on once."""
    base = tmp_path_factory.getbasetemp()
    keep_compiled((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "templates")
    directory = tmp_path_factory.mktemp("prepared")
    build(directory / "acca.db", BEATEN, RUSSIAN, KYRGYZ, QUIET)
    make_users(Config(archive=ArchiveSection(directory=directory)))
    return directory


@pytest.fixture
def serve(tmp_path: Path, prepared: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server; keyword arguments are those of acca.toml's [web], `tables` its other tables."""
    loop = asyncio.new_event_loop()
    servers: list[Server] = []

    def start(tables: dict[str, Any] | None = None, **web: Any) -> Server:
        server = Server(tmp_path / "archive", WebSection(**web), loop, tables or {})
        servers.append(server)
        return server

    shutil.copytree(prepared, tmp_path / "archive")
    yield start
    for server in servers:
        server.close()
    loop.close()


@pytest.fixture
def server(serve: Callable[..., Server]) -> Server:
    """A server as it comes."""
    return serve()


@pytest.fixture
def monitor(server: Server) -> Browser:
    """A monitor's browser."""
    return server.browser("monitor")
