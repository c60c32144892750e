"""Read a post from the markup of Telegram's public web preview: the same in a channel's list and on a page of its own.

A post has no title: its first sentence is taken. What Telegram shows beside the text (who wrote it first, what it
answers, views, a mark of an edit) goes into `PostDetails`, so that a new view count is never an edit.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from acca_crawler.extract.body import rules_of
from acca_crawler.extract.boilerplate import StripLog, strip_paragraphs
from acca_crawler.extract.document import first, parse, select
from acca_crawler.extract.paragraphs import Paragraph, clean, inline, join
from acca_crawler.items import Dated, Extraction, PostDetails
from acca_crawler.outlets import Outlet
from acca_crawler.text.moments import read_moment
from acca_crawler.text.sentences import sentences

MessageKind = Literal["post", "service", "poll", "sticker", "no_text"]

MAX_TITLE = 200
"""Longest title (characters); a longer first sentence is cut at a word."""

MIN_OVERVIEW = 3
"""Links on lines of their own from which a post is an overview: there they separate the reports and are kept."""

MESSAGE = ".tgme_widget_message"
_TEXT = ".tgme_widget_message_text.js-message_text"
_DATE = "a.tgme_widget_message_date time[datetime]"
_GONE = ".tgme_widget_message_error, .err_message"
_MEDIA = {
    "photo": ".tgme_widget_message_photo_wrap",
    "video": ".tgme_widget_message_video_player, .tgme_widget_message_roundvideo_player",
    "document": ".tgme_widget_message_document_wrap",
    "voice": ".tgme_widget_message_voice_player",
    "location": ".tgme_widget_message_location_wrap",
    "poll": ".tgme_widget_message_poll",
    "sticker": ".tgme_widget_message_sticker_wrap",
}
_CAPTIONS = (
    ".tgme_widget_message_document_title, .link_preview_title, .link_preview_description, "
    ".tgme_widget_message_poll_question"
)
_OUTSIDE = ".tgme_widget_message_reply, .tgme_widget_message_user"
"""Parts of a message that are not its own text: the post it answers, the channel's picture."""

_LINES = frozenset(("blockquote", "br", "div", "p", "pre"))
_ALONE = re.compile(r"[\W_]*+https?://\S++[\W_]*+")
_SHORT_NUMBER = re.compile(r"(\d{1,12}(?:\.\d{1,3})?)\s?([KMB]?)")
_FACTORS = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """One message of a channel's list: its channel (as written), number, kind and date (UTC)."""

    channel: str
    number: int
    kind: MessageKind
    published: str | None


def message_of(element: HtmlElement) -> ChannelMessage:
    """Read what a list says about a message. Raises `ValueError` if its `data-post` can't be read."""
    channel, _, number = (element.get("data-post") or "").rpartition("/")
    if not channel or not number.isdecimal() or len(number) > 12:
        raise ValueError(f"data-post {element.get('data-post', '')[:60]!r} is not CHANNEL/NUMBER")
    return ChannelMessage(channel, int(number), kind_of(element), _published(element))


def kind_of(element: HtmlElement) -> MessageKind:
    """Distinguish a post from what is not a report: a service message, a poll, a sticker, media without a word."""
    if "service_message" in (element.get("class") or "").split():
        return "service"
    body = _text_element(element)
    if body is not None and inline(body):
        return "post"
    if select(element, _MEDIA["poll"]):
        return "poll"
    return "sticker" if select(element, _MEDIA["sticker"]) else "no_text"


def fingerprint_of(element: HtmlElement) -> str:
    """Return what a reader sees as the post itself, for noticing an edit: text and captions, not the counts."""
    body = _text_element(element)
    return "\n".join([*(_lines(body) if body is not None else ()), *_captions(element)])


def markup_of(element: HtmlElement) -> str:
    """Return a message's own markup."""
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def read_post(html: bytes | str, url: str, outlet: Outlet | None, encoding: str | None = None) -> Extraction:
    """Extract a post from its own page or from its block in a list. `url` is the post's address.

    A page that says that the post does not exist yields that notice as the title.
    """
    root = parse(html, encoding)
    element = first(root, MESSAGE) if root is not None else None
    if element is None or root is None:
        return Extraction(text="", title="", url=url, method="telegram")
    if "err_message" in (element.get("class") or "") or first(element, _GONE) is not None:
        return Extraction(text="", title=inline(element) or "Post not found", url=url, method="telegram")
    return _extraction(element, url, outlet)


def _extraction(element: HtmlElement, url: str, outlet: Outlet | None) -> Extraction:
    body = _text_element(element)
    log = StripLog()
    lines = [Paragraph(line) for line in _lines(body)] if body is not None else []
    rules = rules_of(outlet)
    if sum(bool(_ALONE.fullmatch(line.text)) for line in lines) >= MIN_OVERVIEW:
        rules = tuple(rule for rule in rules if rule.name != "telegram-link")
    text = join(strip_paragraphs(lines, rules, log))
    published = _published(element)
    author = first(element, ".tgme_widget_message_from_author")
    return Extraction(
        text=text,
        title=title_of(text),
        url=url,
        authors=(inline(author),) if author is not None and inline(author) else (),
        tags=_hashtags(body) if body is not None else (),
        captions=_captions(element),
        published=Dated(published, "telegram", "high") if published else None,
        method="telegram",
        stripped=tuple(log.pieces),
        post=_details(element, body, url, outlet.channel_of if outlet else ""),
    )


def title_of(text: str) -> str:
    """Return a post's title: its first sentence without the emoji before it, cut at a word if it is long."""
    line = next((line for line in text.split("\n") if any(map(str.isalnum, line))), "")
    line = line[next((at for at, letter in enumerate(line) if unicodedata.category(letter)[0] in "LNP"), 0) :]
    spans = sentences(line)
    title = line[spans[0][0] : spans[0][1]] if spans else ""
    if len(title) <= MAX_TITLE:
        return title
    return f"{title[:MAX_TITLE].rpartition(' ')[0] or title[:MAX_TITLE]}…"


def _text_element(element: HtmlElement) -> HtmlElement | None:
    """Return the element with the post's text; an album's may be nested in another of the same class."""
    return first(element, _TEXT)


def _published(element: HtmlElement) -> str | None:
    time = first(element, _DATE)
    found = read_moment(time.get("datetime"), None, None) if time is not None else None
    return found.value if found else None


def _lines(body: HtmlElement) -> list[str]:
    """Return the lines of a post. In a post a line break ends a paragraph: a headline rarely ends with a full stop."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            if node.tag in _LINES:
                pieces.append("\n")
            pieces.append(node.text or "")
        else:
            if node.tag in _LINES:
                pieces.append("\n")
            if node is not body:
                pieces.append(node.tail or "")
    return [line for piece in "".join(pieces).split("\n") if (line := clean(piece))]


def _captions(element: HtmlElement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for found in select(element, _CAPTIONS) if (text := inline(found))))


def _hashtags(body: HtmlElement) -> tuple[str, ...]:
    words = (inline(link) for link in select(body, "a"))
    return tuple(dict.fromkeys(word.lstrip("#") for word in words if word.startswith("#") and len(word) > 1))


def _details(element: HtmlElement, body: HtmlElement | None, url: str, site: str) -> PostDetails:
    forwarded = first(element, ".tgme_widget_message_forwarded_from_name")
    reply = first(element, "a.tgme_widget_message_reply[href]")
    views = first(element, ".tgme_widget_message_views")
    meta = first(element, ".tgme_widget_message_meta")
    shown = inline(views) if views is not None else ""
    outside = {id(part) for found in select(element, _OUTSIDE) for part in found.iter()}
    media = (name for name, css in _MEDIA.items() if any(id(found) not in outside for found in select(element, css)))
    return PostDetails(
        forwarded_from=inline(forwarded) if forwarded is not None else "",
        forwarded_url=_web(forwarded.get("href"), url) if forwarded is not None else None,
        reply_to=_web(reply.get("href"), url) if reply is not None else None,
        links=_links(element, body, url),
        views=number_of(shown),
        is_edited=meta is not None and "edited" in inline(meta).casefold().split(),
        media=tuple(media),
        site=site,
    )


def _links(element: HtmlElement, body: HtmlElement | None, url: str) -> tuple[str, ...]:
    """Return the addresses that a post links to, in its text, then in its link preview."""
    anchors = [*select(body, "a[href]")] if body is not None else []
    anchors += select(element, "a.tgme_widget_message_link_preview[href]")
    found = (_web(anchor.get("href"), url) for anchor in anchors if not (anchor.get("href") or "").startswith("?"))
    return tuple(dict.fromkeys(link for link in found if link))


def _web(href: str | None, url: str) -> str | None:
    """Resolve a reference; None if it does not lead to the web."""
    try:
        link = urljoin(url, (href or "").strip())
        parts = urlsplit(link)
        return link if href and parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def number_of(shown: str) -> int | None:
    """Parse a view count, which Telegram rounds above 999 (`12.5K`); None if it is not a number."""
    found = _SHORT_NUMBER.fullmatch("".join(shown.split()).upper())
    return round(float(found[1]) * _FACTORS[found[2]]) if found else None
