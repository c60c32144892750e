"""WordPress' REST interface: https://developer.wordpress.org/rest-api/reference/posts/."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from acca_crawler.clock import earlier
from acca_crawler.discovery.base import TO_THE_END, Batch, Failures, Fetch, Fetched, StopPolicy
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.items import Listed

PER_PAGE = 100
"""The most that WordPress gives at once."""

OVERLAP_DAYS = 1
"""Date filters compare site-local columns, not GMT: no zone is further than a day from UTC."""

FIELDS = "id,link,slug,date_gmt,modified_gmt,title,content"
ID_FIELDS = "id,link,date_gmt,modified_gmt"


@dataclass(frozen=True, slots=True)
class WordPressApi:
    """The posts of a WordPress; `refs` are relative to the outlet's home, the first that answers is taken."""

    refs: tuple[str, ...] = ("/wp-json/wp/v2/posts", "/?rest_route=/wp/v2/posts")
    name: str = "rest"
    newest_first: bool = True
    lists_all: bool = False

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Newest modification first; with `since`, only what was modified after it, with a day's overlap."""
        arguments = {"per_page": str(PER_PAGE), "orderby": "modified", "order": "desc", "_fields": FIELDS}
        if since:
            arguments["modified_after"] = earlier(since, days=OVERLAP_DAYS)
        endpoint, first = await self._endpoint(fetch, home, arguments)
        yield first
        async for batch in _further_pages(fetch, endpoint, arguments, len(first.listed) == PER_PAGE, stop):
            yield batch

    async def census(self, fetch: Fetch, home: str) -> Batch:
        """The newest post and how many there are in all."""
        arguments = {"per_page": "1", "_fields": ID_FIELDS}
        _, batch = await self._endpoint(fetch, home, arguments)
        return batch

    async def identities(self, fetch: Fetch, home: str) -> AsyncIterator[Batch]:
        """Every post there is, without its text."""
        arguments = {"per_page": str(PER_PAGE), "orderby": "id", "order": "desc", "_fields": ID_FIELDS}
        endpoint, first = await self._endpoint(fetch, home, arguments)
        yield first
        async for batch in _further_pages(fetch, endpoint, arguments, full=len(first.listed) == PER_PAGE):
            yield batch

    async def _endpoint(self, fetch: Fetch, home: str, arguments: dict[str, str]) -> tuple[str, Batch]:
        failures = Failures()
        for ref in self.refs:
            endpoint = urljoin(home, ref)
            try:
                return endpoint, parse_posts((await fetch(_with(endpoint, arguments, 1), "rest")).ok())
            except DiscoveryError as error:
                failures.add(endpoint, error)
        raise failures.error()


async def _further_pages(
    fetch: Fetch, endpoint: str, arguments: dict[str, str], full: bool, stop: StopPolicy = TO_THE_END
) -> AsyncIterator[Batch]:
    page = 2
    while full:
        url = _with(endpoint, arguments, page)
        page += 1
        if stop.passed(url):
            continue
        answer = await fetch(url, "rest")
        if _past_the_end(answer):
            return
        batch = parse_posts(answer.ok())
        yield replace(batch, source=url)
        full = len(batch.listed) == PER_PAGE


def parse_posts(answer: Fetched) -> Batch:
    """The posts in an answer. Raises `DiscoveryError` where it is not a list of posts."""
    data = _json(answer.body)
    if isinstance(data, dict):
        raise DiscoveryError(f"REST error: {data.get('code') or data.get('message') or 'an object, not a list'}")
    if not isinstance(data, list):
        raise DiscoveryError(f"not a list of posts but {type(data).__name__}")
    total = answer.headers.get("x-wp-total", "")
    listed = tuple(_post(post, answer.capture_id) for post in data)
    return Batch(listed, int(total) if total.isdigit() else None)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        kind = "HTML" if body.lstrip()[:1] == b"<" else "no JSON"
        raise DiscoveryError(f"{kind} instead of JSON" if kind == "HTML" else f"{kind}: {error}") from error


def _past_the_end(answer: Fetched) -> bool:
    return answer.status == 400 and b"rest_post_invalid_page_number" in answer.body


def _post(post: object, capture_id: int | None) -> Listed:
    if not isinstance(post, dict) or not isinstance(post.get("link"), str):
        raise DiscoveryError("a post without a link")
    return Listed(
        url=post["link"],
        modified=_gmt(post.get("modified_gmt")),
        published=_gmt(post.get("date_gmt")),
        title=html.unescape(re.sub(r"<[^>]+>", "", _rendered(post.get("title")))),
        body_html=_rendered(post.get("content")) or None,
        capture_id=capture_id,
    )


def _rendered(value: object) -> str:
    rendered = value.get("rendered") if isinstance(value, dict) else None
    return rendered if isinstance(rendered, str) else ""


def _gmt(value: object) -> str | None:
    """WordPress writes GMT without a zone; a draft's date is all zeros."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", value):
        return None
    return None if value.startswith("0000") else value.rstrip("Z") + "Z"


def _with(endpoint: str, arguments: dict[str, str], page: int) -> str:
    parts = urlsplit(endpoint)
    query = [*parse_qsl(parts.query), *arguments.items(), *([("page", str(page))] if page > 1 else [])]
    return urlunsplit(parts._replace(query=urlencode(query, safe="/,:")))
