"""What the log says of a page: its address and the reason, never its text."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from scrapy import Spider

from acca_crawler.crawl.log_format import MAX_LINE, ShortLogFormatter
from acca_crawler.items import Page

PAGE = Page(
    "https://paper.example/1", b"<p>Kanat Osmonov was beaten.</p>" * 1000, requested_url="https://paper.example/1"
)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        (ShortLogFormatter().dropped(PAGE, ValueError("too short" * 1000), None, Spider("paper")), logging.INFO),
        (ShortLogFormatter().item_error(PAGE, ValueError("disk full"), None, Spider("paper")), logging.ERROR),
        (ShortLogFormatter().scraped(PAGE, None, Spider("paper")), logging.DEBUG),
    ],
)
def test_a_line_names_the_address_and_not_the_text(line: Any, level: int) -> None:
    message = line["msg"] % line["args"]
    assert line["level"] == level
    assert "https://paper.example/1" in message
    assert "Osmonov" not in message
    assert len(message) <= MAX_LINE
