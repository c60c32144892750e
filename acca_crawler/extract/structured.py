"""JSON-LD as pages really carry it: several blocks, graphs, comments around it, raw line breaks, broken syntax."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from acca_crawler.extract.words import words

Node = dict[str, Any]

ARTICLE_TYPES = words(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "BackgroundNewsArticle ReviewNewsArticle BlogPosting LiveBlogPosting SocialMediaPosting Report "
    "TechArticle ScholarlyArticle AdvertiserContentArticle"
)
# Types that describe the page around the article and stand in where there is no article node.
PAGE_TYPES = frozenset(("WebPage", "ItemPage", "CreativeWork"))
MAX_NODES = 5000

_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)+|(?://\s*)?(?:-->|\]\]>)+\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_DECODER = json.JSONDecoder(strict=False)


def nodes(root: HtmlElement) -> list[Node]:
    """Every JSON-LD object of the page, nested ones too, the outer before the inner."""
    found: list[Node] = []
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            for value in _values(script.text or ""):
                found.extend(_flatten(value, MAX_NODES - len(found)))
    return found


def article(found: list[Node]) -> Node:
    """The node of the page's article: the first of an article type, else of a page; empty where there is none."""
    for wanted in (ARTICLE_TYPES, PAGE_TYPES):
        for node in found:
            if wanted & types(node):
                return node
    return {}


def types(node: Node) -> set[str]:
    """The node's types without namespaces."""
    named = node.get("@type")
    return {str(name).rsplit("/", 1)[-1] for name in (named if isinstance(named, list) else [named]) if name}


def text_of(value: Any) -> str:
    """A string out of what schema.org allows there: text, an object with a name, or a list of these."""
    if isinstance(value, str):
        return html.unescape(value).strip()
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value") or value.get("url") or value.get("@id"))
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    return ""


def texts_of(value: Any) -> tuple[str, ...]:
    """All strings of a value that may be one or many."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for item in values if (text := text_of(item)))


def _values(source: str) -> Iterator[Any]:
    """The JSON values in a script; what is broken beyond repair is passed over."""
    body = _WRAPPING.sub("", _WRAPPING.sub("", source)).strip()
    if '"' not in body and "&quot;" in body:
        body = html.unescape(body)
    at = 0
    while at < len(body):
        if body[at] not in "{[":
            at += 1
            continue
        try:
            value, at = _DECODER.raw_decode(body, at)
        except (ValueError, RecursionError):
            repaired = _TRAILING_COMMA.sub(r"\1", body[at:])
            if repaired == body[at:]:
                return
            body, at = repaired, 0
            continue
        yield value


def _flatten(value: Any, room: int) -> Iterator[Node]:
    pending = [value]
    while pending and room > 0:
        item = pending.pop(0)
        if isinstance(item, list):
            pending = [*item, *pending]
        elif isinstance(item, dict):
            room -= 1
            yield item
            pending += [inner for inner in item.values() if isinstance(inner, dict | list)]
