"""RSS and Atom feeds, including their older pages if the outlet has them, and feed catalogues."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urljoin, urlsplit

import feedparser

from acca_crawler.declarations import refuse_strings
from acca_crawler.discovery.base import (
    TO_THE_END,
    Batch,
    Failures,
    Fetch,
    Fetched,
    Repeats,
    StopPolicy,
    entries_of,
    web_address,
)
from acca_crawler.discovery.json_feed import parse_json_feed
from acca_crawler.discovery.listing import parse_listing
from acca_crawler.discovery.packed import unpacked
from acca_crawler.exceptions import DiscoveryError, EmptyList
from acca_crawler.extract.decoding import decode
from acca_crawler.extract.metadata import plain
from acca_crawler.items import Listed
from acca_crawler.text.scrub import escape_bare, scrub

MAX_LEAD = 1000
"""Longest summary (characters) kept per item."""

_FEED_START = re.compile(r"<(?:rss|feed|(?:\w{1,32}:)?RDF)\b", re.IGNORECASE)
_ROOT = re.compile(r"<[A-Za-z]")
MAX_BEFORE_ROOT = 5000
"""Characters of declarations and comments that may stand before a feed's first element."""
_FEED_END = re.compile(r"</(?:rss|feed|(?:\w{1,32}:)?RDF)\s{0,9}>", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:item|entry)\s{0,9}>", re.IGNORECASE)
_ITEM_START = re.compile(r"<(?:item|entry)\b", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_OF_YANDEX = ("yandex_full-text", "turbo_content", "full-text", "fulltext", "full_text")
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "html", "")
MIN_PARAGRAPHS = 3
"""Paragraphs from which a description is the whole text and not a teaser."""
_CUT_OFF = re.compile(
    r"(?:…|\.\.\.|&#8230;|&hellip;).{0,30}$|(?:read more|читать далее|подробнее)\W{0,9}$", re.IGNORECASE | re.DOTALL
)
"""The end of a text of which a feed has only the beginning."""
_DECLARED_ENCODING = re.compile(r"(<\?xml\b[^>]{0,100}?)\s+encoding\s*=\s*[\"'][^\"']{0,40}[\"']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feed:
    """One or more feeds; the way fails only if all of them fail, and reports those that do.

    Reads all `refs` or, if they are guesses (`every=False`), only the first that answers. `further` is the query of a
    feed's older pages, a format string with `{page}` (from 2) or `{start}` (the number of the first item, from 1);
    empty if the feed has one page. Feeds may overlap.
    """

    refs: tuple[str, ...] = ("feed/",)
    further: str = ""
    every: bool = True
    name: str = "feed"
    newest_first: bool = True
    lists_all: bool = False

    def __post_init__(self) -> None:
        refuse_strings(self, self.name)

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Yield items, the newest first. A feed can't be filtered by date: `since` only ends the paging."""
        failures = Failures()
        answered = False
        for ref in self.refs:
            url = urljoin(home, ref)
            try:
                batch = await (await fetch(url, "feed")).parsed(partial(read_feed, source=url))
            except DiscoveryError as error:
                failures.add(url, error)
                continue
            answered = True
            yield batch
            if self.further and not batch.unchanged and not stop.enough():
                async for older in self._older(fetch, url, batch, since, stop):
                    yield older
            if not self.every:
                return
        if not answered:
            raise failures.error()
        for batch in failures.unread(EmptyList) if self.every else ():
            yield batch

    async def _older(
        self, fetch: Fetch, url: str, first: Batch, since: str | None, stop: StopPolicy
    ) -> AsyncIterator[Batch]:
        page, batch, repeats = 2, first, Repeats(first)
        size = max(1, len(first.listed))
        while not (since and all(listed.published and listed.published < since for listed in batch.listed)):
            address = f"{url}{'&' if '?' in url else '?'}{self.further.format(page=page, start=(page - 1) * size + 1)}"
            page += 1
            if stop.passed(address):
                continue
            answer = await fetch(address, "feed")
            if answer.status == 404:
                return
            try:
                batch = await answer.parsed(parse_feed)
            except EmptyList:
                return
            if repeats.has(batch):
                return
            yield replace(batch, source=address)
            if stop.enough():
                return


@dataclass(frozen=True, slots=True)
class FeedCatalogue:
    """A page that lists the site's feeds, which are all read: for sites whose feed addresses change.

    `links` selects the anchors that lead to feeds; the feeds in `always` are read even if the catalogue can't be, which
    is reported: feeds that only it names are not read then.
    """

    ref: str
    links: str
    always: tuple[str, ...] = ()
    name: str = "feeds"
    newest_first: bool = False
    lists_all: bool = False

    def __post_init__(self) -> None:
        refuse_strings(self, self.name)

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Read every feed of the catalogue. Raises `DiscoveryError` if none of them answers."""
        refs = dict.fromkeys(urljoin(home, ref) for ref in self.always)
        missing = ""
        try:
            catalogue = parse_listing(await fetch(urljoin(home, self.ref), "other"), self.links)
            refs |= dict.fromkeys(listed.url for listed in catalogue.listed)
        except DiscoveryError as error:
            missing = f"no catalogue at {self.ref}: {error}"
        try:
            async for batch in Feed(tuple(refs)).walk(fetch, home, since, stop):
                yield batch
        except DiscoveryError as error:
            raise DiscoveryError(f"{missing}; {error}" if missing else str(error)) from error
        if missing:
            yield Batch((), unread=(missing,))


def read_feed(answer: Fetched, source: str) -> Batch:
    """Return the items of a feed, none if it is unchanged. Raises `DiscoveryError` as `parse_feed` does."""
    if answer.unchanged:
        return Batch((), source=source, unchanged=True, opening=True)
    return replace(parse_feed(answer), source=source, opening=True)


def is_feed(text: str) -> bool:
    """Whether a text is a feed's XML."""
    start = _ROOT.search(text[:MAX_BEFORE_ROOT])
    return start is not None and _FEED_START.match(text, start.start()) is not None


def parse_feed(answer: Fetched) -> Batch:
    """Parse a feed. Raises `DiscoveryError` if it is not one (an HTML shell, a 404 page sent as 200) or is empty."""
    text = scrub(decode(unpacked(answer.ok().body), answer.encoding))
    if text[:100].lstrip().startswith("{"):
        return parse_json_feed(text, answer)
    text = escape_bare(_without_declaration(text))
    text, broken = _whole_items(text)
    headers = {"content-location": answer.url, "content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(text.encode(), response_headers=headers, sanitize_html=False)
    except (ValueError, OverflowError, RecursionError, LookupError) as error:  # from feedparser on odd values
        raise DiscoveryError(f"a feed that can't be read: {error}"[:200]) from error
    if not parsed.version:
        raise DiscoveryError("HTML instead of a feed" if "<html" in text[:2000].lower() else "not a feed")
    dated_once = str(parsed.version).startswith("rss")
    listed, skipped = entries_of(parsed.entries, partial(_entry, answer=answer, dated_once=dated_once))
    if not listed:
        raise EmptyList(
            f"a feed without items that have an address: {skipped[0]}" if skipped else "a feed without items"
        )
    return Batch(listed, skipped=(*skipped, *broken))


def _whole_items(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut a feed that breaks off after its last whole item, so that no partial address is requested."""
    if _FEED_END.search(text) or not _FEED_START.search(text):
        return text, ()
    ends = [match.end() for match in _ITEM_END.finditer(text)]
    first = _ITEM_START.search(text)
    end = ends[-1] if ends else first.start() if first else len(text)
    return text[:end], ("the feed breaks off in the middle",)


def _without_declaration(text: str) -> str:
    """Remove the encoding from the XML declaration: the text is already decoded, and the declared name may be wrong."""
    return _DECLARED_ENCODING.sub(r"\1", text, count=1)


def _entry(entry: feedparser.FeedParserDict, answer: Fetched, dated_once: bool) -> Listed:
    """Build an entry. `dated_once`: RSS has one date, which feedparser calls `updated` if it comes from `dc:date`."""
    modified = answer.moment(entry["updated"]) if "updated" in entry else None
    published = answer.moment(entry.get("published"))
    link = _link(entry)
    return Listed(
        url=web_address(answer.url, link),
        modified=modified,
        published=published or (modified if dated_once else None),
        title=plain(entry.get("title", "")),
        lead=_plain(entry.get("summary", "")),
        body_html=_full_text(entry),
        capture_id=answer.capture_id,
    )


def _link(entry: feedparser.FeedParserDict) -> str:
    """Return an item's address: its first link to a page, else its identifier. Raises `ValueError` if it has none.

    feedparser gives the last link, which may be that of the author, of a translation or of a picture.
    """
    link: str = entry.get("link") or ""
    if "feedburner_origlink" not in entry:
        pages = (
            one for one in entry.get("links", ()) if one.get("rel", "alternate") == "alternate" and one.get("href")
        )
        link = next((one["href"] for one in pages if one.get("type", "text/html") in _PAGE_TYPES), link)
    identifier: str = entry.get("id") or ""
    if (not link or _is_front_page(link)) and identifier.startswith(("http://", "https://")):
        link = identifier
    if not link:
        raise ValueError("an item without a link")
    return link


def _is_front_page(link: str) -> bool:
    parts = urlsplit(link)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _full_text(entry: feedparser.FeedParserDict) -> str | None:
    """Return the article's HTML if the feed contains the full text.

    That is `content:encoded`, Atom's `content`, the elements of Yandex, or a description of several paragraphs that is
    not cut off.
    """
    found = next((part["value"] for part in entry.get("content", ()) if "html" in part.get("type", "")), None)
    if not found:
        found = next((entry[name] for name in _OF_YANDEX if entry.get(name)), None)
    if found:
        return found if "<" in found else "".join(f"<p>{line}</p>" for line in found.splitlines() if line.strip())
    summary: str = entry.get("summary", "")
    return (
        summary
        if summary.count("<p") >= MIN_PARAGRAPHS and not _CUT_OFF.search(_MARKUP.sub("", summary[-300:]))
        else None
    )


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^<>]*>", " ", markup)).split())[:MAX_LEAD]
