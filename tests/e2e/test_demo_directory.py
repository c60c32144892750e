"""What else can be done in the directory that `acca demo` leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.desk import Desk

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("command", ["crawl", "run"])
def test_no_public_site_is_crawled_from_the_demo(demo: Path, command: str) -> None:
    assert "crawl.contact: enter how" in Desk(demo).acca(command, code=2)
