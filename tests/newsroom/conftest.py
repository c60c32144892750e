"""A newsroom for each test, and a client that hides nothing: no redirects followed, no retries, no decompression."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html as lxml_html

from acca_crawler.newsroom import Newsroom

TODAY = date(2026, 9, 1)


@dataclass(frozen=True)
class Answer:
    """A status, the headers, the body as sent."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()

    @property
    def page(self) -> lxml_html.HtmlElement:
        """The body as a parsed page."""
        return lxml_html.document_fromstring(self.text)

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def xpath(node: lxml_html.HtmlElement, expression: str) -> list[Any]:
    """What the expression selects, always as a list."""
    found = node.xpath(expression)
    assert isinstance(found, list)
    return found


Get = Callable[..., Answer]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """All sites on the first day, the calendar fixed; the newsroom's own mistakes fail the test."""
    with Newsroom(today=TODAY) as started:
        yield started
    assert started.errors == []


@pytest.fixture
def get(newsroom: Newsroom) -> Get:
    """Ask a site (`acca` by default) for a path or an absolute address."""

    def ask(
        path: str,
        *,
        site: str = "acca",
        method: str = "GET",
        headers: dict[str, str] | None = None,
        timeout: float = 10,
    ) -> Answer:
        parts = urlsplit(path if "://" in path else newsroom.sites[site].url + path)
        connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    return ask
