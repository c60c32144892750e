"""Read JSON-LD as found in the wild: several blocks, graphs, surrounding comments, raw line breaks, broken syntax."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from acca_crawler.dedup.address import canonical_address
from acca_crawler.text.scrub import json_at, scrub_json

Node = dict[str, Any]

ARTICLE_TYPES = frozenset({
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report",
    "TechArticle", "ScholarlyArticle", "AdvertiserContentArticle",
})  # fmt: skip
# Types that describe the page around the article, used if there is no article node.
PAGE_TYPES = frozenset(("WebPage", "ItemPage", "CreativeWork"))
MAX_NODES = 5000

MEDIA_TYPES = frozenset({
    "VideoObject", "AudioObject", "Clip", "Movie", "Episode", "PodcastEpisode", "Comment", "Review", "Product", "Event",
})  # fmt: skip
"""Types of other things on a page that have their own dates, bodies and authors."""
_SPELLED = {name.lower(): name for name in (*ARTICLE_TYPES, *PAGE_TYPES, *MEDIA_TYPES)}
OF_OTHERS = frozenset({
    "itemListElement", "hasPart", "mentions", "citation", "relatedLink", "about", "isRelatedTo", "subjectOf",
    "workExample",
})  # fmt: skip
"""Properties that list other articles."""
SHARED_HEADLINE = 0.5
"""Share of the shorter title's words from which two titles count as the same; sites shorten and decorate them."""

_WORD = re.compile(r"\w{2,}")
_BRACKET = re.compile(r"[{\[]")
_FIELD = re.compile(
    r"""(["'])(@type|headline|url|datePublished|dateModified|dateCreated|inLanguage)\1\s{0,9}:\s{0,9}"""
    r"""(?:"([^"]{0,500})"|'([^']{0,500})')"""
)
_WRAPPING = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)+|(?://\s*)?(?:-->|\]\]>)+\s*;?\s*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


@dataclass(frozen=True, slots=True)
class Own:
    """A page's identity: its URLs (own, canonical, Open Graph) and its titles (including headings).

    `base` is what relative URLs refer to; `declared` are the titles in the page's head, without headings.
    """

    addresses: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    base: str = ""
    declared: tuple[str, ...] = ()

    def is_named_by(self, node: Node) -> bool | None:
        """Whether a node's URLs or headline are the page's own; None if it has neither."""
        claimed = {key for value in _claims(node) if (key := _key(self._absolute(value)))}
        headline = text_of(node.get("headline") or node.get("name"))
        if claimed & {_key(url) for url in self.addresses} or (headline and self.shows(headline)):
            return True
        return False if claimed or headline else None

    def _absolute(self, url: str) -> str:
        """Resolve a path ("/news/1"); any other relative reference may be just a name."""
        try:
            return urljoin(self.base, url) if self.base and url.startswith("/") else url
        except ValueError:
            return url

    def shows(self, headline: str) -> bool:
        """Whether a headline is one of the page's titles, perhaps shortened or decorated."""
        return _shown(headline, self.titles)

    def declares(self, headline: str) -> bool:
        """Whether a headline is a title in the page's head, perhaps shortened or decorated."""
        return _shown(headline, self.declared)


def _shown(headline: str, titles: Iterable[str]) -> bool:
    said = _words(headline)
    return any(
        said and shown and len(said & shown) >= SHARED_HEADLINE * min(len(said), len(shown))
        for shown in map(_words, titles)
    )


@lru_cache(maxsize=256)  # a page's own titles are compared with each node's
def _words(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(title.casefold()))


def is_json_ld(script: HtmlElement) -> bool:
    """Whether a script element contains JSON-LD."""
    return (script.get("type") or "").strip().lower().startswith("application/ld+json")


def nodes(scripts: Iterable[str], own: Own) -> list[Node]:
    """Return the page's JSON-LD objects, including nested ones, outer before inner, without those of other articles.

    Lists of other articles, videos and live updates are skipped with all their contents.
    """
    found: list[Node] = []
    for script in scripts:
        for value in _values(script):
            found.extend(_flatten(value, MAX_NODES - len(found), own))
    return found


def article(found: list[Node], own: Own) -> Node:
    """Return the node of the page's article: of an article type, else of a page type; empty if there is none.

    A node with the page's URL or headline is preferred over one with neither.
    """
    for wanted in (ARTICLE_TYPES, PAGE_TYPES):
        fitting = [node for node in found if wanted & types(node)]
        if fitting:
            return next((node for node in fitting if own.is_named_by(node)), fitting[0])
    return {}


def body(node: Node) -> str:
    """Return the article's text from its own node: `articleBody`, and the entries of a live blog in order."""
    updates = node.get("liveBlogUpdate")
    entries = updates if isinstance(updates, list) else [updates]
    texts = [text_of(node.get("articleBody"))]
    for entry in entries:
        if isinstance(entry, dict):
            headline, text = text_of(entry.get("headline")), text_of(entry.get("articleBody"))
            texts += [headline if headline not in text else "", text]
    return "\n".join(text for text in texts if text)


def _claims(node: Node) -> Iterator[str]:
    for name in ("url", "@id", "mainEntityOfPage"):
        value = node.get(name)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


@lru_cache(maxsize=512)  # a page's own addresses are compared with each node's
def _key(url: str) -> str:
    """Return the part shared by variants of a URL: path and query. Empty for a front page and for an empty URL."""
    try:
        parts = urlsplit(canonical_address(url))
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.path != "/" or parts.query else ""


def types(node: Node) -> frozenset[str]:
    """Return the node's types without namespaces, in schema.org's spelling ("newsArticle" is often written)."""
    named = node.get("@type")
    if isinstance(named, list):
        return frozenset(_type(str(name)) for name in named if name)
    return _only(str(named)) if named else frozenset()


@lru_cache(maxsize=1024)
def _only(name: str) -> frozenset[str]:
    return frozenset((_type(name),))


def _type(name: str) -> str:
    bare = name.rsplit("/", 1)[-1]
    return _SPELLED.get(bare.lower(), bare)


def is_page(node: Node) -> bool:
    """Whether a node describes an article or a page, as opposed to a person, an image or a site."""
    return bool(types(node) & (ARTICLE_TYPES | PAGE_TYPES))


def text_of(value: Any) -> str:
    """Return a string from what schema.org allows: text, a number, an object with a name, or a list of these."""
    if isinstance(value, str):
        return html.unescape(value).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("@value") or value.get("url") or value.get("@id"))
    if isinstance(value, list):
        return text_of(value[0]) if value else ""
    return ""


def texts_of(value: Any) -> tuple[str, ...]:
    """Return all strings of a value that may be one or many."""
    values = value if isinstance(value, list) else [value]
    return tuple(text for item in values if (text := text_of(item)))


def _values(source: str) -> Iterator[Any]:
    """Yield the JSON values in a script; if it can't be repaired, only the article's plain fields."""
    body = source.strip()
    if not (body.startswith(("{", "[")) and body.endswith(("}", "]"))):
        body = _WRAPPING.sub("", _WRAPPING.sub("", source)).strip()
    body = scrub_json(body)
    if '"' not in body and "&quot;" in body:
        body = html.unescape(body)
    at, repaired = 0, False
    while (start := _BRACKET.search(body, at)) is not None:
        try:
            value, at = json_at(body, start.start())
        except ValueError:
            if repaired:
                yield from _plain_fields(body[start.start() :])
                return
            body, at, repaired = _TRAILING_COMMA.sub(r"\1", body[start.start() :]), 0, True
            continue
        yield value


def _plain_fields(source: str) -> Iterator[Node]:
    """Yield dates, headline and URL of the only article in JSON that can't be parsed.

    It has an unescaped quotation mark, or apostrophes in their place.
    """
    fields = [(name, double or single) for _, name, double, single in _FIELD.findall(source)]
    if sum(name == "@type" and value in ARTICLE_TYPES for name, value in fields) == 1:
        first = dict(reversed(fields))
        yield {**first, "@type": next(value for name, value in fields if value in ARTICLE_TYPES)}


def _flatten(value: Any, room: int, own: Own) -> Iterator[Node]:
    pending: deque[tuple[Any, bool]] = deque([(value, False)])
    while pending and room > 0:
        item, listed = pending.popleft()
        if isinstance(item, list):
            pending.extendleft((inner, listed) for inner in reversed(item))
        elif isinstance(item, dict):
            room -= 1
            if _is_foreign(item, listed, own):
                continue
            yield item
            pending.extend(
                (inner, listed or name in OF_OTHERS)
                for name, inner in item.items()
                if name != "liveBlogUpdate" and isinstance(inner, dict | list)
            )


def _is_foreign(node: Node, listed: bool, own: Own) -> bool:
    """Whether a node describes something other than the page's article."""
    kinds = types(node)
    if kinds & MEDIA_TYPES:
        return True
    if not kinds & (ARTICLE_TYPES | PAGE_TYPES):
        return False
    named = own.is_named_by(node)
    return named is False or (listed and not named)
