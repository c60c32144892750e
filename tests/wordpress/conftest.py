"""The real WordPress behind these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wordpress.site import WordPress, running_wordpress


@pytest.fixture(scope="module")
def wp() -> Iterator[WordPress]:
    """A freshly installed site without a single post, for one file of tests."""
    with running_wordpress() as site:
        yield site
