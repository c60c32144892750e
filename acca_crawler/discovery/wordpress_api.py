"""The WordPress REST API: https://developer.wordpress.org/rest-api/reference/posts/."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from acca_crawler.clock import earlier
from acca_crawler.declarations import refuse_strings
from acca_crawler.discovery.base import TO_THE_END, Batch, Failures, Fetch, Fetched, StopPolicy, entries_of, web_address
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.extract.decoding import decode
from acca_crawler.extract.metadata import unescaped
from acca_crawler.items import Listed
from acca_crawler.text.scrub import json_at, scrub, scrub_json

PER_PAGE = 100
"""Largest page size that WordPress allows."""

OVERLAP_DAYS = 1
"""Overlap in days: date filters compare site-local columns, not GMT, and no time zone is more than a day from UTC."""

FIELDS = "id,link,slug,date,date_gmt,modified_gmt,title,content"
ID_FIELDS = "id,link,date_gmt,modified_gmt"

_JSON_STARTS = re.compile(r"\[\s*(?:\{|\]|null\b)|\{")
"""Possible starts of JSON: a list of objects, an empty list, an object."""


@dataclass(frozen=True, slots=True)
class WordPressApi:
    """The posts of a WordPress site; `refs` are relative to the outlet's home, the first that answers is used."""

    refs: tuple[str, ...] = ("/wp-json/wp/v2/posts", "/?rest_route=/wp/v2/posts")
    name: str = "rest"
    newest_first: bool = True
    lists_all: bool = False

    def __post_init__(self) -> None:
        refuse_strings(self, self.name)

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Yield posts, the last modified first; with `since` only those modified after it, with a day's overlap."""
        arguments = {"per_page": str(PER_PAGE), "orderby": "modified", "order": "desc", "_fields": FIELDS}
        if since:
            arguments["modified_after"] = earlier(since, days=OVERLAP_DAYS)
        async for batch in self._pages(fetch, home, arguments, stop):
            yield batch

    async def census(self, fetch: Fetch, home: str) -> Batch:
        """Return the newest post and the total number of posts."""
        arguments = {"per_page": "1", "_fields": ID_FIELDS}
        return (await self._first(fetch, home, arguments))[2]

    async def identities(self, fetch: Fetch, home: str) -> AsyncIterator[Batch]:
        """Yield all posts without their text."""
        arguments = {"per_page": str(PER_PAGE), "orderby": "id", "order": "desc", "_fields": ID_FIELDS}
        async for batch in self._pages(fetch, home, arguments, TO_THE_END):
            yield batch

    async def _pages(
        self, fetch: Fetch, home: str, arguments: dict[str, str], stop: StopPolicy
    ) -> AsyncIterator[Batch]:
        """Read page after page to the last one: sites may return fewer posts per page than requested."""
        endpoint, answer, batch = await self._first(fetch, home, arguments)
        last, page = _count(answer.headers.get("x-wp-totalpages")), 1
        seen, total = len(batch.listed) + len(batch.skipped), batch.total or 0
        yield batch
        while batch.listed and (last is None or page < last or seen < total):
            page += 1
            url = _with(endpoint, arguments, page)
            if stop.passed(url):
                continue
            answer = await fetch(url, "rest")
            if _past_the_end(answer):
                return
            further = await answer.ok().parsed(parse_posts)
            if {one.url for one in further.listed} == {one.url for one in batch.listed}:
                return  # the site ignores the page number and repeats the same posts
            batch = further
            seen += len(batch.listed) + len(batch.skipped)
            yield replace(batch, source=url)

    async def _first(self, fetch: Fetch, home: str, arguments: dict[str, str]) -> tuple[str, Fetched, Batch]:
        """Return the endpoint that answers with posts, its first answer, and the posts in it."""
        failures = Failures()
        for ref in self.refs:
            endpoint = urljoin(home, ref)
            try:
                answer = (await fetch(_with(endpoint, arguments, 1), "rest")).ok()
                return endpoint, answer, await answer.parsed(parse_posts)
            except DiscoveryError as error:
                failures.add(endpoint, error)
        raise failures.error()


def parse_posts(answer: Fetched) -> Batch:
    """Parse the posts in an answer. Raises `DiscoveryError` if it is not a list of posts."""
    data = _json(decode(answer.body, "utf-8"))
    if isinstance(data, dict) and data and all(isinstance(one, dict) and "link" in one for one in data.values()):
        data = list(data.values())  # PHP numbers the rest of a list from which a plugin took a post
    if isinstance(data, dict) and len(lists := [one for one in data.values() if _is_of_posts(one)]) == 1:
        data = lists[0]  # a plugin wraps the list: {"posts": [...]}
    if isinstance(data, dict):
        raise DiscoveryError(f"REST error: {data.get('code') or data.get('message') or 'an object, not a list'}"[:200])
    assert isinstance(data, list)
    listed, skipped = entries_of(data, partial(_post, answer=answer))
    if skipped and not listed:
        raise DiscoveryError(f"not a list of posts: {skipped[0]}")
    return Batch(listed, _count(answer.headers.get("x-wp-total")), skipped=skipped)


def _is_of_posts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "link" in one for one in value)


def _count(header: str | None) -> int | None:
    """Parse a header with a number of posts or pages; None if it is not a number."""
    text = (header or "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _json(text: str) -> dict[str, Any] | list[Any]:
    """Parse the JSON list or object in an answer; ignore notices that plugins print before it or caches after it."""
    source = scrub_json(scrub(text))
    for start in _JSON_STARTS.finditer(source):
        try:
            value, _ = json_at(source, start.start())
        except ValueError as error:
            if start.start() == len(source) - len(source.lstrip()):
                raise DiscoveryError(f"no JSON: {error}"[:200]) from error
            continue
        if isinstance(value, dict | list):
            return value
    raise DiscoveryError("HTML instead of JSON" if source.lstrip()[:1] == "<" else "no JSON list of posts")


def _past_the_end(answer: Fetched) -> bool:
    return answer.status == 400 and b"rest_post_invalid_page_number" in answer.body


def _post(post: dict[str, Any], answer: Fetched) -> Listed:
    return Listed(
        url=web_address(answer.url, post["link"]),
        modified=_gmt(post.get("modified_gmt"), answer),
        published=_gmt(post.get("date_gmt"), answer) or _local(post.get("date"), answer),
        title=unescaped(html.unescape(re.sub(r"<[^<>]+>", "", _rendered(post.get("title"))))),
        body_html=_rendered(post.get("content")) or None,
        capture_id=answer.capture_id,
    )


def _rendered(value: object) -> str:
    rendered = value.get("rendered") if isinstance(value, dict) else value
    return rendered if isinstance(rendered, str) else ""


def _gmt(value: object, answer: Fetched) -> str | None:
    """Parse a WordPress date in GMT, which has no zone; None for a draft's date, which is all zeros."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", value):
        return None
    return answer.moment(value.rstrip("Z") + "Z")


def _local(value: object, answer: Fetched) -> str | None:
    """Parse a WordPress date in the site's zone: imported posts may have no date in GMT."""
    return answer.moment(value) if isinstance(value, str) and answer.timezone else None


def _with(endpoint: str, arguments: dict[str, str], page: int) -> str:
    parts = urlsplit(endpoint)
    query = [*parse_qsl(parts.query), *arguments.items(), *([("page", str(page))] if page > 1 else [])]
    return urlunsplit(parts._replace(query=urlencode(query, safe="/,:")))
