"""The state in Redis that writer and workers share: what each outlet has to fetch, and the reports on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from acca_crawler.exceptions import WorkersError
from acca_crawler.workers import redis_messages
from acca_crawler.workers.leases import SITES, WORK
from acca_crawler.workers.redis_messages import WorkerReport
from storage.ledger.addresses import Pending

if TYPE_CHECKING:
    from redis import Redis
    from scrapy import Request, Spider

REPORTS, GROUP, WRITER = "acca:reports", "writer", "writer"
QUEUE = "acca:%(spider)s:requests"
"""Key of an outlet's requests, as a setting of scrapy-redis."""

MAX_REPORTS = 1000
"""Reports that wait for the writer from which workers begin nothing new, so that Redis' memory has a bound."""

SEEN_SECONDS = 30
"""How long a worker counts as present after it was last seen."""


def connect(url: str) -> Redis:
    """Connect to Redis. Raises `WorkersError` if the extra `workers` is missing or Redis does not answer."""
    try:
        from redis import Redis, RedisError
        from redis.backoff import ExponentialBackoff
        from redis.retry import Retry
    except ImportError as error:
        raise WorkersError("workers need the extra `workers`: pip install 'acca-crawler[workers]'") from error
    try:
        redis: Redis = Redis.from_url(url, retry=Retry(ExponentialBackoff(cap=5, base=0.1), 8))
        redis.ping()
    except (RedisError, ValueError) as error:
        raise WorkersError(f"Redis does not answer: {error}") from error
    return redis


class Board:
    """What writer and workers share; all methods are single, atomic steps in Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:  # Scrapy copies its settings
        return self

    def claim(self, archive: str, release: str) -> str:
        """Make this Redis the writer's own and return the name of its stream of reports.

        `release` is what workers must have in common with the writer. Raises `WorkersError` if another archive uses it.
        """
        self._redis.set("acca:archive", archive, nx=True)
        owner = _text(self._redis.get("acca:archive"))
        if owner != archive:
            raise WorkersError(f"this Redis serves the archive {owner}; give {archive} a database of its own")
        self._redis.set("acca:release", release)
        self._redis.set("acca:stream", uuid4().hex, nx=True)
        if not self._redis.exists(REPORTS) or not self._redis.xinfo_groups(REPORTS):
            self._redis.xgroup_create(REPORTS, GROUP, "0", mkstream=True)
        return _text(self._redis.get("acca:stream"))

    def release(self) -> str:
        """Return what workers must have in common with the writer; empty before there was one."""
        return _text(self._redis.get("acca:release"))

    # What is to be fetched

    def offer(self, outlet: str, site: str, template: Iterable[str]) -> None:
        """Begin to offer an outlet's addresses to the workers."""
        self._redis.set(f"acca:{outlet}:template", json.dumps(sorted(template)))
        self._redis.hset(SITES, outlet, site)
        self._redis.zadd(WORK, {outlet: 0}, nx=True)

    def seed(self, spider: Spider, requests: Iterable[tuple[Pending, Request]]) -> None:
        """Queue requests in the order of their addresses, except those that are queued or on their way already."""
        from scrapy_redis.queue import PriorityQueue

        queue = PriorityQueue(self._redis, spider, QUEUE, serializer=redis_messages)
        for pending, request in requests:
            if self._redis.sadd(_outstanding(spider.name), pending.url):
                queue.push(request.replace(priority=-pending.id))

    def outstanding(self, outlet: str) -> int:
        """Return how many of an outlet's addresses have no report yet."""
        return int(self._redis.scard(_outstanding(outlet)))

    def is_outstanding(self, outlet: str, url: str) -> bool:
        """Return whether an address was queued and has no report yet."""
        return bool(self._redis.sismember(_outstanding(outlet), url))

    def is_idle(self, outlet: str, site: str) -> bool:
        """Return whether nobody works on an outlet and nothing of it is queued."""
        return not self._redis.exists(f"acca:lease:{site}", QUEUE % {"spider": outlet})

    def forget(self, outlet: str) -> list[str]:
        """Forget which addresses were queued, and return them."""
        found = self._redis.smembers(_outstanding(outlet))
        self._redis.delete(_outstanding(outlet))
        return sorted(_text(url) for url in found)

    def withdraw(self, outlet: str) -> None:
        """Offer nothing of an outlet any more."""
        with self._redis.pipeline() as pipe:
            pipe.zrem(WORK, outlet)
            pipe.delete(QUEUE % {"spider": outlet}, _outstanding(outlet))
            pipe.execute()

    def template(self, outlet: str) -> frozenset[str]:
        """Return the paths of an outlet's learned template."""
        return frozenset(json.loads(self._redis.get(f"acca:{outlet}:template") or b"[]"))

    def appear(self, worker: str) -> None:
        """Say that a worker is there."""
        self._redis.set(f"acca:worker:{worker}", "1", ex=SEEN_SECONDS)

    def workers(self) -> int:
        """Return how many workers are there."""
        return sum(1 for _ in self._redis.scan_iter("acca:worker:*"))

    # Reports

    def report(self, report: WorkerReport) -> None:
        """Send a report to the writer."""
        fields: dict[Any, Any] = dict(redis_messages.packed(report))
        self._redis.xadd(REPORTS, fields)

    def is_full(self) -> bool:
        """Return whether so many reports wait for the writer that nothing new should begin."""
        return int(self._redis.xlen(REPORTS)) > MAX_REPORTS

    def reports(self, count: int, *, again: bool) -> list[tuple[str, dict[bytes, bytes]]]:
        """Return up to `count` entries that wait, in order; with `again` those that were read and not acknowledged."""
        found: Any = self._redis.xreadgroup(GROUP, WRITER, {REPORTS: "0" if again else ">"}, count=count)
        return [(entry.decode(), fields) for _, entries in found or [] for entry, fields in entries]

    def acknowledge(self, entry: str, outlet: str = "", url: str = "") -> None:
        """Remove an entry whose report is in the archive, and its address from those without a report."""
        with self._redis.pipeline() as pipe:
            if url:
                pipe.srem(_outstanding(outlet), url)
            pipe.xack(REPORTS, GROUP, entry)
            pipe.xdel(REPORTS, entry)
            pipe.execute()


def _text(value: bytes | str | None) -> str:
    return value.decode() if isinstance(value, bytes) else value or ""


def _outstanding(outlet: str) -> str:
    return f"acca:{outlet}:outstanding"
