"""What the pages share: the configuration, the clock, and the people file, used in its own thread pool."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from acca_crawler import clock
from acca_crawler.config.loading import Config
from storage.review import database as review_database
from storage.schema.kinds import ReviewDb

P = ParamSpec("P")
T = TypeVar("T")
THREADS = 4
ASKING = 4


class Store:
    """The people file with the archive attached, with one connection per thread of a small pool."""

    def __init__(self, config: Config) -> None:
        review_database.prepare(config.people_file, config.archive_file)
        self._config = config
        self._local = threading.local()
        self._open: list[ReviewDb] = []
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="people")

    async def run(self, work: Callable[Concatenate[ReviewDb, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the result of `work(db, ...)`, called in a thread of the pool."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: work(self._connection(), *args, **kwargs))

    def close(self) -> None:
        """Wait for running work and close every connection."""
        self._executor.shutdown()
        for db in self._open:
            db.close()

    def _connection(self) -> ReviewDb:
        db: ReviewDb | None = getattr(self._local, "db", None)
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
    asking: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(ASKING, thread_name_prefix="asking"))
    """Threads that wait for outside services, so that a slow one never holds up the pages."""

    def stamp(self, **ahead: float) -> str:
        """Return the current time as a timestamp, shifted by `ahead` (keywords of `timedelta`)."""
        return clock.stamp(self.now() + timedelta(**ahead))


_SITES: WeakKeyDictionary[Any, Site] = WeakKeyDictionary()


def attach(datasette: Any, site: Site) -> None:
    """Attach this site's pages to a Datasette."""
    _SITES[datasette] = site


def site_of(datasette: Any) -> Site:
    """Return the site that a Datasette serves."""
    return _SITES[datasette]


def is_ours(datasette: Any) -> bool:
    """Return whether a Datasette was set up by us; the plugin ignores any other."""
    return datasette in _SITES


def base_address(request: Any, site: Site) -> str:
    """Return the address under which people reach the pages: the configured one, else the request's own."""
    return site.config.web.url or f"{request.scheme}://{request.host}"


def token() -> str:
    """Return a new random 256-bit token."""
    return secrets.token_urlsafe(32)
