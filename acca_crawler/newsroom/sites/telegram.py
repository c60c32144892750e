"""Telegram's public web preview with a channel of "Семь дорог": posts, albums, forwards, replies, polls, stickers.

Besides the channel there are a private one, an empty one, a group, and a name that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from acca_crawler.newsroom.exchange import Request, Response, html, redirect
from acca_crawler.newsroom.samples import LINK, Post, SampleMessage
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite, iso, route, template

CHANNEL = "sem_dorog"
TITLE = "Семь дорог"
PER_PAGE = 5
TAIL = (
    f'👉 Подписывайтесь на наш канал: <a href="https://t.me/{CHANNEL}">@{CHANNEL}</a>',
    '<a href="?q=%23семьдорог">#семьдорог</a>',
    '<i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/E29E96.png\')"><b>➖</b></i>➖➖',
)
"""Lines below every post that belong to none."""

CARDS = {
    "closed_channel": ("Закрытый канал", "4 211 subscribers"),
    "some_group": ("Соседи", "120 members, 7 online"),
    "nobody_here": ("", ""),
    CHANNEL: (TITLE, "12 504 subscribers"),
}
EMPTY = "empty_channel"

SERVICE, PHOTO, POLL, STICKER = 1, 9, 10, 12
"""Numbers of the messages that are not posts: the channel's creation, a photo without a word, a poll, a sticker."""


def list_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/s/CHANNEL`, with `?before=` and `?after=`: both are strict, and the page shows the oldest first."""
    channel = match["channel"].lower()
    if channel == EMPTY:
        return html(_page(channel, "", _nothing(channel)))
    if channel != CHANNEL:
        return redirect(f"{edition.url}/{channel}", 302)
    numbers = sorted([*(post.id for post in edition.posts), SERVICE, PHOTO, POLL, STICKER])
    before, after = request.query.get("before", ""), request.query.get("after", "")
    if after.isdecimal():
        shown = [number for number in numbers if number > int(after)][:PER_PAGE]
    else:
        shown = [number for number in numbers if not before.isdecimal() or number < int(before)][-PER_PAGE:]
    if not shown:
        return html(_page(channel, "", _nothing(channel)))
    older = shown[0] if shown[0] > numbers[0] else None
    more = f'<div class="tgme_widget_message_centered js-messages_more_wrap">{_more(older)}</div>' if older else ""
    head = f'<link rel="prev" href="/s/{channel}?before={older}">' if older else ""
    return html(_page(channel, head, more + "".join(_block(number, edition) for number in shown)))


def post_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve one post (`/CHANNEL/NUMBER?embed=1&mode=tme`), or the notice that there is none, with status 200."""
    number = int(match["number"])
    known = edition.find(number) is not None or number in (SERVICE, PHOTO, POLL, STICKER)
    if match["channel"].lower() != CHANNEL or not known:
        block = (
            '<div class="tgme_widget_message js-widget_message err_message">'
            '<div class="tgme_widget_message_error">Post not found</div></div>'
        )
    else:
        block = _block(number, edition)
    return html(template("telegram-embed.html").substitute(channel=escape(match["channel"]), message=block))


def card(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve the contact card of a name: all that Telegram shows of what has no preview."""
    title, extra = CARDS.get(match["channel"].lower(), ("", ""))
    shown = f'<div class="tgme_page_title"><span dir="auto">{escape(title)}</span></div>' if title else ""
    shown += f'<div class="tgme_page_extra">{escape(extra)}</div>' if extra else ""
    return html(template("telegram-card.html").substitute(channel=escape(match["channel"]), shown=shown))


def robots(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve robots.txt: Telegram has none, unless a test wants one that forbids all or asks for a delay."""
    if edition.faults.robots_disallow or edition.faults.crawl_delay is not None:
        disallow = "/" if edition.faults.robots_disallow else "/nowhere"
        return feeds.robots(edition.url, (), disallow=disallow, crawl_delay=edition.faults.crawl_delay)
    return not_found(request, edition)


def not_found(request: Request, edition: Edition) -> Response:
    """Return the "not found" page."""
    return html(
        "<!DOCTYPE html><html><head><title>404</title></head><body><h1>Not Found</h1></body></html>", status=404
    )


def empty_feed(edition: Edition) -> Response:
    """Return a feed without items; Telegram has none."""
    return feeds.rss(TITLE, f"{edition.url}/", "ru", ())


def _page(channel: str, head: str, blocks: str) -> str:
    return template("telegram-list.html").substitute(
        channel=escape(channel), title=escape(TITLE), head=head, messages=blocks
    )


def _nothing(channel: str) -> str:
    return f'<div class="tme_no_messages_found">No posts found in {escape(channel)}</div>'


def _more(before: int) -> str:
    return (
        f'<a href="/s/{CHANNEL}?before={before}" class="tme_messages_more js-messages_more" data-before="{before}"></a>'
    )


def _block(number: int, edition: Edition) -> str:
    post = edition.find(number)
    if post is not None:
        return _message(post, edition)
    inner = {SERVICE: _service, PHOTO: _photo_alone, POLL: _poll, STICKER: _sticker}[number]()
    extra = " service_message" if number == SERVICE else ""
    return _wrapped(number, inner, iso(edition.clock), extra, "", edition)


def _wrapped(number: int, inner: str, moment: str, extra: str, meta: str, edition: Edition) -> str:
    """Wrap a message's content as the preview does. `data-view` has the time of the request."""
    return template("telegram-message.html").substitute(
        channel=CHANNEL,
        title=escape(TITLE),
        number=number,
        view=f"eyJjIjotMTAwMSwicCI6{number}LCJ0Ijo{edition.clock:%H%M%S}fQ",
        extra=extra,
        inner=inner,
        meta=meta,
        moment=moment,
        time=moment[11:16],
    )


def _message(post: Post, edition: Edition) -> str:
    message = post.message or SampleMessage()
    parts = [*_header(message, edition), _photos(post.id, message.photos)]
    body = (
        f'<div class="tgme_widget_message_text js-message_text" dir="auto">{"<br/>".join(_lines(post, edition))}</div>'
    )
    if message.photos > 1:  # an album's caption is nested in another element of the same class
        body = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{body}</div>'
    parts += [body, _preview(message, post, edition)]
    edited = "edited " if post.modified > post.published else ""
    signed = (
        f'<span class="tgme_widget_message_from_author">{escape(message.signature)}</span>, '
        if message.signature
        else ""
    )
    meta = f'<span class="tgme_widget_message_views">{message.views}</span>' if message.views else ""
    meta = f'{meta}<span class="copyonly"> views</span>' if meta else ""
    marks = f'<span class="tgme_widget_message_meta">{signed}{edited}'
    return _wrapped(post.id, "".join(parts), iso(post.published), "", meta + marks, edition)


def _header(message: SampleMessage, edition: Edition) -> Iterator[str]:
    if message.forwarded_from:
        name = f'<span dir="auto">{escape(message.forwarded_from)}</span>'
        tag = f'a class="tgme_widget_message_forwarded_from_name" href="{message.forwarded_url}"'
        yield (
            '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;'
            + (
                f"<{tag}>{name}</a>"
                if message.forwarded_url
                else f'<span class="tgme_widget_message_forwarded_from_name">{name}</span>'
            )
            + "</div>"
        )
    if message.reply_to:
        answered = edition.find(message.reply_to)
        yield (
            f'<a class="tgme_widget_message_reply user-color-3" href="https://t.me/{CHANNEL}/{message.reply_to}">'
            f'<div class="tgme_widget_message_author accent_color"><span class="tgme_widget_message_author_name">'
            f'{escape(TITLE)}</span></div><div class="tgme_widget_message_text js-message_reply_text" dir="auto">'
            f"{escape(answered.title if answered else 'Deleted message')}</div></a>"
        )


def _lines(post: Post, edition: Edition) -> list[str]:
    """Return the post's lines as markup: its blocks a blank line apart, then the channel's tail."""
    lines: list[str] = []
    for block in post.blocks:
        if block.kind == "read_also":
            link = _resolved(block.source, edition)
            shown = f'<a href="{escape(link)}" target="_blank" rel="noopener">{escape(link)}</a>'
        else:
            shown = LINK.sub(
                lambda found: f'<a href="{escape(found[2])}">{found[1]}</a>', escape(block.source, quote=False)
            )
        lines += [shown, ""]
    return [*lines, *TAIL]


def _resolved(source: str, edition: Edition) -> str:
    """Return the address of a link; `SITE:/path` is one on another site of the newsroom."""
    site, _, path = source.partition(":/")
    return f"{edition.neighbours[site]}/{path}" if site in edition.neighbours else source


def _photos(number: int, count: int) -> str:
    photos = "".join(
        f'<a class="tgme_widget_message_photo_wrap" href="https://t.me/{CHANNEL}/{number + offset}?single" '
        f"style=\"width:200px;background-image:url('https://cdn.example/{number + offset}.jpg')\"></a>"
        for offset in range(count)
    )
    if count > 1:
        return f'<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap">{photos}</div>'
    return photos


def _preview(message: SampleMessage, post: Post, edition: Edition) -> str:
    link = next((_resolved(block.source, edition) for block in post.blocks if block.kind == "read_also"), "")
    if not message.preview or not link:
        return ""
    return (
        f'<a class="tgme_widget_message_link_preview" href="{escape(link)}"><div class="link_preview_site_name">'
        f'{escape(TITLE)}</div><div class="link_preview_title" dir="auto">{escape(message.preview)}</div></a>'
    )


def _service() -> str:
    return '<div class="tgme_widget_message_text js-message_text" dir="auto">Channel created</div>'


def _photo_alone() -> str:
    return _photos(PHOTO, 1)


def _poll() -> str:
    return (
        '<div class="tgme_widget_message_poll js-poll"><div class="tgme_widget_message_poll_question">Какой дорогой '
        'вы ездите?</div><div class="tgme_widget_message_poll_type">Anonymous Poll</div></div>'
    )


def _sticker() -> str:
    return (
        '<div class="tgme_widget_message_sticker_wrap media_supported_cont"><i class="tgme_widget_message_sticker '
        'js-sticker_image" style="background-image:url(\'https://cdn.example/s.webp\')"></i></div>'
    )


_NAME = r"(?P<channel>[A-Za-z]\w{3,31})"

TELEGRAM = NewsroomSite(
    name="telegram",
    title="Telegram",
    languages=("ru", "ky"),
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("listing", rf"/s/{_NAME}/?", list_page),
        route("article", rf"/{_NAME}/(?P<number>\d+)", post_page),
        route("other", rf"/{_NAME}", card),
    ),
    not_found=not_found,
    empty_feed=empty_feed,
)
