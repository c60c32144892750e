"""JSON Feed (https://www.jsonfeed.org/version/1.1/), which some sites offer in place of RSS."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

from acca_crawler.discovery.base import Batch, Fetched, entries_of, web_address
from acca_crawler.exceptions import DiscoveryError, EmptyList
from acca_crawler.extract.metadata import plain
from acca_crawler.items import Listed
from acca_crawler.text.scrub import json_at, scrub_json

MAX_LEAD = 1000
"""Longest summary (characters) kept per item."""


def parse_json_feed(text: str, answer: Fetched) -> Batch:
    """Return the items of a JSON Feed. Raises `DiscoveryError` if it is none, `EmptyList` if it has no items."""
    try:
        feed, _ = json_at(scrub_json(text.lstrip()))
    except ValueError as error:
        raise DiscoveryError(f"not a feed but JSON that can't be read: {error}"[:200]) from error
    if "jsonfeed.org" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise DiscoveryError("not a feed but other JSON")
    listed, skipped = entries_of(feed["items"], partial(_entry, answer=answer))
    if not listed:
        raise EmptyList(
            f"a feed without items that have an address: {skipped[0]}" if skipped else "a feed without items"
        )
    return Batch(listed, skipped=skipped)


def _entry(item: dict[str, Any], answer: Fetched) -> Listed:
    link = str(item.get("url") or item.get("id") or "")
    if not item.get("url") and not link.startswith(("http://", "https://")):
        raise ValueError("an item without a link")
    text = str(item.get("content_text") or "")
    return Listed(
        url=web_address(answer.url, link),
        modified=answer.moment(str(item.get("date_modified") or "")),
        published=answer.moment(str(item.get("date_published") or "")),
        title=plain(str(item.get("title") or "")),
        lead=plain(str(item.get("summary") or ""))[:MAX_LEAD],
        body_html=str(item.get("content_html") or "") or _paragraphs(text) or None,
        capture_id=answer.capture_id,
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
