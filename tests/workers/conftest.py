"""What tests of workers share: a Redis server for each file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

from tests.support.redis_server import redis_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A connection to a Redis server."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url, Redis.from_url(url) as redis:
        yield redis
