"""No damaged page raises; `python -m benchmarks.extraction --mutated 10000` measures how long the slowest takes."""

from __future__ import annotations

from acca_crawler.extract import extract
from acca_crawler.items import Extraction
from tests.support.mutated import mutated
from tests.support.neeon import ACCA, page

PAGES = 150


def test_no_damaged_page_raises() -> None:
    for number, html in enumerate(mutated([page()], PAGES)):
        assert isinstance(
            extract(html, "https://acca.media/en/1/x", outlet=ACCA if number % 3 == 0 else None), Extraction
        )
