"""A news desk, and the servers of those who get its alerts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.newsdesk import Newsdesk
from tests.support.servers import Hook, Post, hook, post_office


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Newsdesk]:
    """A desk after its first crawl."""
    made = Newsdesk(tmp_path)
    yield made
    made.db.close()


@pytest.fixture
def receiver() -> Iterator[Hook]:
    """A webhook's receiver."""
    with hook() as started:
        yield started


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server."""
    with post_office() as started:
        yield started
