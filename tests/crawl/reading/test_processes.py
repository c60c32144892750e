"""How many processes read a crawl's pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.config.loading import parse
from acca_crawler.crawl.start import reading_processes


@pytest.mark.parametrize(("at_once", "outlets", "processes"), [(8, 1, 2), (8, 3, 6), (8, 90, 8), (1, 5, 1), (8, 0, 1)])
def test_a_few_outlets_need_few_processes(at_once: int, outlets: int, processes: int) -> None:
    config = parse({"crawl": {"outlets_at_once": at_once}}, Path("acca.toml"))
    assert reading_processes(config, outlets) == processes
