"""A small outlet without a known CMS: a feed, a listing, plain markup with JSON-LD. It republishes others' reports.

From the second day on its feed answers 200 with an HTML shell: only the listing leads to the articles.
"""

from __future__ import annotations

import json
import re
from html import escape

from acca_crawler.newsroom.exchange import Request, Response, html
from acca_crawler.newsroom.samples import Post
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite, html_shell, inline, iso, page_of, route, template

TITLE = "Семь дорог"
PER_PAGE = 8


def link(post: Post) -> str:
    """Return the article's path."""
    return f"/news/{post.slug}-{post.id}.html"


def feed(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve a feed of the newest articles with their summaries; dead from the second day on."""
    if edition.day > 1:
        return html(html_shell(TITLE))
    items = (
        feeds.Item(
            title=post.title,
            link=edition.url + link(post),
            guid=edition.url + link(post),
            published=post.published,
            summary=escape(post.lead, quote=False),
            permalink=True,
        )
        for post in edition.posts[:20]
    )
    return feeds.rss(TITLE, f"{edition.url}/", "ru", items)


def empty_feed(edition: Edition) -> Response:
    """Return a valid feed without items."""
    return feeds.rss(TITLE, f"{edition.url}/", "ru", ())


def listing_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/` and `/news/`, with `?page=N`; an empty list with status 200 past the end."""
    number = request.query.get("page", "1")
    page = int(number) if number.isdecimal() else 1
    rows = "\n".join(
        f'<li class="feed__row"><time datetime="{iso(post.published)}">{post.published:%d.%m.%Y}</time>'
        f'<a class="feed__link" href="{link(post)}">{escape(post.title, quote=False)}</a></li>'
        for post in page_of(edition.posts, page, PER_PAGE)
    )
    following = (
        f'<a rel="next" href="/news/?page={page + 1}">Дальше</a>' if page * PER_PAGE < len(edition.posts) else ""
    )
    return _page(edition, TITLE, "", f'<h1>Новости</h1><ul class="feed">{rows}</ul>{following}')


def article_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve an article: `<article>` with a heading, a time and paragraphs."""
    post = edition.find(int(match["id"]))
    if post is None or post.slug != match["slug"]:
        return not_found(request, edition)
    paragraphs = "\n".join(f"<p>{inline(block.source, edition.url)}</p>" for block in post.blocks)
    others = "".join(
        f'<li><a href="{link(other)}">{escape(other.title, quote=False)}</a></li>'
        for other in edition.posts[:4]
        if other is not post
    )
    body = template("semdorog-article.html").substitute(
        title=escape(post.title, quote=False),
        published=iso(post.published),
        printed=f"{post.published:%d.%m.%Y %H:%M}",
        author=escape(post.author),
        paragraphs=paragraphs,
        others=others,
    )
    return _page(edition, post.title, _head(post, edition), body)


def _head(post: Post, edition: Edition) -> str:
    address = edition.url + link(post)
    document = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": post.title,
        "datePublished": iso(post.published),
        "dateModified": iso(post.modified),
        "author": {"@type": "Person", "name": post.author},
        "inLanguage": "ru",
        "mainEntityOfPage": address,
    }
    return (
        f'<link rel="canonical" href="{address}">\n'
        f'<meta property="og:type" content="article">\n<meta property="og:title" content="{escape(post.title)}">\n'
        f'<script type="application/ld+json">{json.dumps(document, ensure_ascii=False)}</script>'
    )


def _page(edition: Edition, title: str, head: str, body: str, status: int = 200) -> Response:
    page = template("semdorog-page.html").substitute(title=escape(title), head=head, body=body)
    return html(page, status=status)


def not_found(request: Request, edition: Edition) -> Response:
    """Return a short page with status 404."""
    return _page(edition, "Страница не найдена", "", "<h1>Страница не найдена</h1>", 404)


def robots(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve robots.txt without a sitemap: the site has none."""
    disallow = "/" if edition.faults.robots_disallow else "/search"
    return feeds.robots(edition.url, (), disallow=disallow, crawl_delay=edition.faults.crawl_delay)


SEMDOROG = NewsroomSite(
    name="semdorog",
    title=TITLE,
    languages=("ru",),
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("feed", r"/rss\.xml", feed),
        route("listing", r"/(?:news/)?", listing_page),
        route("article", r"/news/(?P<slug>[\w-]+)-(?P<id>\d+)\.html", article_page),
    ),
    not_found=not_found,
    empty_feed=empty_feed,
)
