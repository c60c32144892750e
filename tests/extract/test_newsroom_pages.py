"""The newsroom's pages read without their outlets' selectors: almost every body is exactly the article's."""

from __future__ import annotations

import pytest

from acca_crawler.extract import extract
from benchmarks.extraction import in_layout, newsroom_pages

AT_LEAST = 0.95


@pytest.mark.parametrize("surrounded", [False, True], ids=["as they are", "with teasers, a plea or comments below"])
def test_bodies_are_exact_without_selectors(surrounded: bool) -> None:
    wrong, count = [], 0
    for number, (html, url, true) in enumerate(newsroom_pages()):
        count += 1
        if extract(in_layout(html, number) if surrounded else html, url).text.split() != true.split():
            wrong.append(url)
    assert count >= 80
    assert len(wrong) <= (1 - AT_LEAST) * count, wrong
