"""A Redis server of the test's own, on loopback, in memory."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NoRedis

from tests.support.programs import find


@contextmanager
def redis_server(directory: Path) -> Iterator[str]:
    """Run a server for the duration of a block and give its URL."""
    program = find("redis-server")
    assert program is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    server = subprocess.Popen([program, *settings], stdout=subprocess.DEVNULL)
    url = f"redis://127.0.0.1:{port}/0"
    try:
        _wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(url: str) -> None:
    for _ in range(600):
        try:
            with Redis.from_url(url) as redis:
                redis.ping()
            return
        except NoRedis:
            time.sleep(0.05)
    raise AssertionError("Redis did not start")
