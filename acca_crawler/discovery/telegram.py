"""Telegram's public web preview of a channel (`https://t.me/s/CHANNEL`): its posts in full, newest page first.

There is no account and no API key. A page has about 20 messages, oldest first; `?before=NUMBER` shows those before a
number.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from acca_crawler.discovery.base import TO_THE_END, Batch, Fetch, Fetched, StopPolicy, entries_of, web_address
from acca_crawler.exceptions import DiscoveryError, NoChannel
from acca_crawler.extract import telegram
from acca_crawler.extract.document import first, parse, select
from acca_crawler.extract.paragraphs import inline
from acca_crawler.items import Listed

STEP = 20
"""Numbers in one block of a backfill. Its pages have addresses that do not depend on the newest post, so that an
interrupted backfill recognises those it has read."""

MAX_LEAD = 4_000
"""Characters of a post kept as its lead, by which an outlet of world news tells what concerns the region."""

_CHANNEL = re.compile(r"/(?:s/)?(?P<channel>[A-Za-z][A-Za-z0-9_]{3,31})/?")


def channel_of(home: str) -> str:
    """Return the channel that an address names (`https://t.me/s/NAME`). Raises `NoChannel`."""
    match = _CHANNEL.fullmatch(urlsplit(home).path)
    if match is None:
        raise NoChannel(f"{home!r} names no channel; an address is such as https://t.me/s/NAME")
    return match["channel"]


@dataclass(frozen=True, slots=True)
class PostsPage:
    """One page of a channel: its posts as a batch, the lowest number on it, and whether there are older posts."""

    batch: Batch
    lowest: int | None
    has_older: bool


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """The posts of the channel that the outlet's home names."""

    name: str = "telegram"
    newest_first: bool = True
    lists_all: bool = False

    async def walk(
        self, fetch: Fetch, home: str, since: str | None, stop: StopPolicy = TO_THE_END
    ) -> AsyncIterator[Batch]:
        """Yield the newest page, then block after block of older posts, down to `since` if it is given.

        Raises `NoChannel` if there is no preview, `DiscoveryError` if a page is not one of posts.
        """
        url = urljoin(home, f"/s/{channel_of(home)}")
        page = posts_page(await fetch(url, "posts"), channel_of(home))
        yield replace(page.batch, source=url, opening=True)
        block = _block_from(page)
        while block and page.has_older and not stop.enough() and not _is_before(page.batch, since):
            address = f"{url}?before={block}"
            if stop.passed(address):
                block -= STEP
                continue
            page = await self._block(fetch, url, block, page.lowest or block)
            further = min(_block_from(page), block - STEP)
            covers = tuple(f"{url}?before={passed}" for passed in range(further + STEP, block, STEP))
            yield replace(page.batch, source=address, covers=covers)
            block = further

    async def _block(self, fetch: Fetch, url: str, block: int, listed_from: int) -> PostsPage:
        """Read all posts from `block - 1` down to `block - STEP` or lower, in as many pages as it takes.

        Those from `listed_from` on, which the walk has just listed, are left out.
        """
        found: list[PostsPage] = []
        before = block
        while True:
            page = await self._older(fetch, url, before, listed_from)
            found.append(page)
            lowest = page.lowest
            if lowest is None or not page.has_older or lowest <= block - STEP:
                return _joined(found)
            if lowest >= before:
                raise DiscoveryError(f"{url}?before={before} lists {lowest}: the page does not go back")
            before = lowest

    async def _older(self, fetch: Fetch, url: str, before: int, listed_from: int) -> PostsPage:
        """Read one page. An empty one is asked for again: under load Telegram answers with one before the end."""
        for _ in range(2):
            answer = await fetch(f"{url}?before={before}", "posts")
            page = posts_page(answer, channel_of(url), listed_from=listed_from)
            if page.lowest is not None or before <= 1:
                return page
        return replace(page, batch=Batch((), passed_over=("post:doubtful_end",)))


def _block_from(page: PostsPage) -> int:
    """Return the number from which the next block goes back; 0 at the first post."""
    if page.lowest is None or page.lowest <= 1:
        return 0
    return -(-page.lowest // STEP) * STEP


def _is_before(batch: Batch, since: str | None) -> bool:
    dates = [listed.published for listed in batch.listed if listed.published]
    return bool(since and dates and max(dates) < since)


def _joined(pages: list[PostsPage]) -> PostsPage:
    batches = [page.batch for page in pages]
    batch = Batch(
        tuple(listed for one in batches for listed in one.listed),
        skipped=tuple(reason for one in batches for reason in one.skipped),
        passed_over=tuple(kind for one in batches for kind in one.passed_over),
    )
    lowest = min((page.lowest for page in pages if page.lowest is not None), default=None)
    return PostsPage(batch, lowest, pages[-1].has_older and pages[-1].lowest is not None)


def posts_page(answer: Fetched, channel: str, *, listed_from: int | None = None) -> PostsPage:
    """Parse a page of a channel, without the posts from `listed_from` on; only a page of older posts may be empty.

    Raises `NoChannel`, or `DiscoveryError` if it shows neither posts nor why.
    """
    root = parse(answer.ok().body, answer.encoding)
    if root is None:
        raise DiscoveryError("a blank page")
    elements = select(root, f"{telegram.MESSAGE}[data-post]")
    if not elements:
        if first(root, ".tme_no_messages_found, .tgme_channel_history") is None:
            raise NoChannel(_card(root, channel))
        if listed_from is None:
            raise NoChannel(f"the channel {channel} has no posts, or Telegram is overloaded")
        return PostsPage(Batch(()), None, False)
    other = telegram.message_of(elements[0]).channel
    if other.lower() != channel.lower():
        raise NoChannel(f"the channel {channel} is called {other} today: put home right")
    older = first(root, "a.tme_messages_more[data-before]") is not None or first(root, 'link[rel="prev"]') is not None
    numbers = [number for element in elements if (number := _number(element)) is not None]
    fresh = [element for element in elements if listed_from is None or (_number(element) or 0) < listed_from]
    return PostsPage(_batch(fresh, answer), min(numbers, default=None), older)


def parse_posts_page(answer: Fetched) -> Batch:
    """Parse a captured page of any channel. Raises `DiscoveryError`."""
    root = parse(answer.ok().body, answer.encoding)
    elements = select(root, f"{telegram.MESSAGE}[data-post]") if root is not None else []
    if not elements:
        raise DiscoveryError("no posts on the page")
    return _batch(elements, answer)


def _number(element: HtmlElement) -> int | None:
    try:
        return telegram.message_of(element).number
    except ValueError:
        return None


def _batch(elements: list[HtmlElement], answer: Fetched) -> Batch:
    listed, skipped = entries_of(elements, partial(_entry, answer=answer))
    kinds = [telegram.kind_of(element) for element in elements]
    posts = tuple(one for one in listed if one.body_html)
    return Batch(posts, skipped=skipped, passed_over=tuple(f"post:{kind}" for kind in kinds if kind != "post"))


def _entry(element: HtmlElement, answer: Fetched) -> Listed:
    """Build an entry; one that is not a post has no body. The address has the name in lower case, as it is one name."""
    message = telegram.message_of(element)
    url = web_address(answer.url, f"/{message.channel.lower()}/{message.number}")
    if message.kind != "post":
        return Listed(url)
    shown = telegram.fingerprint_of(element)
    return Listed(
        url=url,
        published=message.published,
        body_html=telegram.markup_of(element),
        lead=" ".join(shown[:MAX_LEAD].split()),
        capture_id=answer.capture_id,
        digest=hashlib.sha256(shown.encode()).hexdigest(),
    )


def _card(root: HtmlElement, channel: str) -> str:
    """Say what Telegram shows in place of a preview: a contact card, as far as it tells the reasons apart."""
    extra = first(root, ".tgme_page_extra")
    counter = inline(extra) if extra is not None else ""
    if "subscriber" in counter:
        why = f"it is a channel with {counter}, whose preview is withheld (private or marked sensitive)"
    elif "member" in counter:
        why = f"it is a group ({counter})"
    elif first(root, ".tgme_page") is not None:
        why = "renamed, deleted, private, or the name of a person; Telegram does not tell which"
    else:
        return "neither posts nor a contact card: has the markup changed?"
    return f"the channel {channel} has no public preview: {why}"
