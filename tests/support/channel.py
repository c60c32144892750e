"""Telegram's markup of single posts and of pages of them, for tests without a server."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from acca_crawler.config.loading import Config
from acca_crawler.crawl.spider_loader import family_outlets
from acca_crawler.outlets import Outlet

OUTLET: Outlet = replace(
    family_outlets(Config())["telegram"],
    title="Семь дорог",
    home="https://t.me/s/sem_dorog",
    hosts=("t.me",),
    countries=("KG",),
    languages=("ru", "ky"),
)
"""A channel's declaration."""

_TIME = '<time datetime="2026-11-20T08:00:00+00:00" class="time">08:00</time>'


def post(
    number: int, body: str, *, before: str = "", after: str = "", extra: str = "", channel: str = "sem_dorog"
) -> str:
    """Return one message; `before` and `after` are markup around its text."""
    text = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{body}</div>' if body else ""
    date = f'<a class="tgme_widget_message_date" href="https://t.me/{channel}/{number}">{_TIME}</a>'
    return (
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message {extra}" '
        f'data-post="{channel}/{number}" data-view="x{number}"><div class="tgme_widget_message_bubble">'
        f'{before}{text}{after}<div class="tgme_widget_message_footer">'
        f'<span class="tgme_widget_message_views">1K</span>'
        f'<span class="tgme_widget_message_meta">{date}</span></div></div></div></div>'
    )


def page(posts: Iterable[str], older: int | None = None) -> bytes:
    """Return a page of a channel; `older` is the number before which there are more."""
    more = f'<a href="?before={older}" class="tme_messages_more" data-before="{older}"></a>' if older else ""
    history = "".join(posts) or '<div class="tme_no_messages_found">No posts found</div>'
    return f'<html><body><section class="tgme_channel_history">{more}{history}</section></body></html>'.encode()
