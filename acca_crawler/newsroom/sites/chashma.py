"""An outlet in Tajik behind a CDN that challenges every visitor, and its open mirror.

On the first day the feed is exempt, so that the articles are listed but can't be fetched; on the second day nothing is.
Lists are challenged with status 403, articles with 200: the status alone is not enough to recognise it.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit

from acca_crawler.newsroom.exchange import Request, Response, html
from acca_crawler.newsroom.samples import Post
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.base import Edition, Handler, NewsroomSite, challenge, inline, iso, route, template

TITLE = "Чашма"


def link(post: Post) -> str:
    """Return the article's path, the same on the mirror."""
    return f"/khabar/{post.id}-{post.slug}"


def article_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve an article, as the mirror shows it."""
    post = edition.find(int(match["id"]))
    if post is None:
        return not_found(request, edition)
    document = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": post.title,
        "datePublished": iso(post.published),
        "dateModified": iso(post.modified),
        "author": [{"@type": "Person", "name": post.author}],
    }
    body = template("chashma-article.html").substitute(
        title=escape(post.title, quote=False),
        moment=iso(post.published),
        printed=f"{post.published:%d.%m.%Y}",
        author=escape(post.author),
        paragraphs="\n".join(f"<p>{inline(block.source, edition.url)}</p>" for block in post.blocks),
    )
    head = f'<script type="application/ld+json">{json.dumps(document, ensure_ascii=False)}</script>'
    return html(_page(post.title, head, body), last_modified=post.modified)


def listing_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve all articles on one page."""
    rows = "\n".join(
        f'<div class="khabar"><a href="{link(post)}">{escape(post.title, quote=False)}</a></div>'
        for post in edition.posts
    )
    return html(_page(TITLE, "", f"<h1>{TITLE}</h1>{rows}"))


def feed(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve a feed with titles and leads."""
    items = (
        feeds.Item(
            title=post.title,
            link=edition.url + link(post),
            guid=edition.url + link(post),
            published=post.published,
            summary=escape(post.lead, quote=False),
            permalink=True,
        )
        for post in edition.posts
    )
    return feeds.rss(TITLE, f"{edition.url}/", "tg", items)


def empty_feed(edition: Edition) -> Response:
    """Return a valid feed without items."""
    return feeds.rss(TITLE, f"{edition.url}/", "tg", ())


def robots(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve robots.txt, which the CDN does not block."""
    disallow = "/" if edition.faults.robots_disallow else "/admin"
    return feeds.robots(edition.url, (), disallow=disallow, crawl_delay=edition.faults.crawl_delay)


def not_found(request: Request, edition: Edition) -> Response:
    """Return the "not found" page."""
    return html(_page("404", "", "<h1>Саҳифа ёфт нашуд</h1>"), status=404)


def _page(title: str, head: str, body: str) -> str:
    return template("chashma-page.html").substitute(title=escape(title), head=head, body=body)


def _blocked(handler: Handler, status: int, first_day: int = 1) -> Handler:
    """Wrap a handler so that it answers with the challenge from `first_day` on."""

    def answer(request: Request, edition: Edition, match: re.Match[str]) -> Response:
        if edition.day >= first_day:
            return challenge(urlsplit(edition.url).netloc, status)
        return handler(request, edition, match)

    return answer


_ARTICLE = r"/khabar/(?P<id>\d+)-[\w-]+"

CHASHMA = NewsroomSite(
    name="chashma",
    title=TITLE,
    languages=("tg",),
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("feed", r"/rss", _blocked(feed, 200, first_day=2)),
        route("listing", r"/", _blocked(listing_page, 403)),
        route("article", _ARTICLE, _blocked(article_page, 200)),
    ),
    not_found=not_found,
    empty_feed=empty_feed,
)

CHASHMA_MIRROR = replace(
    CHASHMA,
    name="chashma-mirror",
    mirror_of="chashma",
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("feed", r"/rss", feed),
        route("listing", r"/", listing_page),
        route("article", _ARTICLE, article_page),
    ),
)
