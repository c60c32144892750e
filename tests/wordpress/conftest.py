"""The real WordPress behind these tests; where the machine lacks a part of it, they are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wordpress.site import WordPress, missing, running_wordpress


@pytest.fixture(scope="module")
def wp() -> Iterator[WordPress]:
    """A freshly installed site without a single post, for one file of tests."""
    if lacking := missing():
        pytest.skip(f"no WordPress here: install {' '.join(lacking)}")
    with running_wordpress() as site:
        yield site
