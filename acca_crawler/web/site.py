"""What the pages share: the configuration, the clock, and the people's file, worked on in threads of its own."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from acca_crawler import clock
from acca_crawler.config.loading import Config
from storage.review import database as review_database

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 4


class Store:
    """The people's file with the archive attached; a connection for each thread of a small pool."""

    def __init__(self, config: Config) -> None:
        review_database.prepare(config.people_file, config.archive_file)
        self._config = config
        self._local = threading.local()
        self._open: list[Database] = []
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="people")

    async def run(self, work: Callable[Concatenate[Database, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work(db, ...)` returns, called in a thread of the pool."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: work(self._connection(), *args, **kwargs))

    def close(self) -> None:
        """Wait for what is running and close every connection."""
        self._executor.shutdown()
        for db in self._open:
            db.close()

    def _connection(self) -> Database:
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = review_database.connect(self._config.people_file, self._config.archive_file)
            self._open.append(db)
        return db


@dataclass(frozen=True, eq=False)
class Site:
    """One server's review pages."""

    config: Config
    store: Store
    now: Callable[[], datetime] = clock.now

    def stamp(self, **ahead: float) -> str:
        """The present time as a stamp, shifted by `ahead` (as for `timedelta`)."""
        return clock.stamp(self.now() + timedelta(**ahead))


_SITES: WeakKeyDictionary[Any, Site] = WeakKeyDictionary()


def attach(datasette: Any, site: Site) -> None:
    """Make a Datasette serve this site's pages."""
    _SITES[datasette] = site


def site_of(datasette: Any) -> Site:
    """The site a Datasette serves."""
    return _SITES[datasette]


def is_ours(datasette: Any) -> bool:
    """Whether a Datasette was set up by us; the plugin keeps out of any other."""
    return datasette in _SITES


def token() -> str:
    """A fresh random token, 256 bits."""
    return secrets.token_urlsafe(32)
