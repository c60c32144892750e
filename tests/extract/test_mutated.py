"""No damaged page raises; `python -m benchmarks.extraction --mutated 10000` measures how long the slowest takes."""

from __future__ import annotations

from acca_crawler.extract import extract
from acca_crawler.ingest.page import process_extraction
from acca_crawler.items import Extraction
from tests.support.known import FIXTURES, outlets
from tests.support.mutated import mutated
from tests.support.neeon import ACCA, page

PAGES = 150
SMALL_PAGES = 1500


def test_no_damaged_page_raises() -> None:
    for number, html in enumerate(mutated([page()], PAGES)):
        assert isinstance(
            extract(html, "https://acca.media/en/1/x", outlet=ACCA if number % 3 == 0 else None), Extraction
        )


def test_no_damaged_page_of_any_outlet_raises() -> None:
    pages = {path.parent.name: path.read_text() for path in sorted(FIXTURES.glob("*/article.html"))}
    each = -(-SMALL_PAGES // len(pages))
    for seed, (name, page_of_outlet) in enumerate(pages.items()):
        outlet = outlets()[name].outlet
        for number, html in enumerate(mutated([page_of_outlet], each, seed)):
            found = extract(html, f"{outlet.home}x", outlet=outlet if number % 2 else None)
            assert isinstance(found, Extraction)
            if number == 0:
                assert process_extraction(found, name, outlet).identity
