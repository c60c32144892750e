"""A daily in Russian and Kyrgyz modelled on 24.kg: articles with microdata, a list of times and titles."""

from __future__ import annotations

import re
from datetime import timedelta, timezone
from html import escape

from acca_crawler.newsroom.exchange import Request, Response, html
from acca_crawler.newsroom.samples import Post
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite, inline, page_of, route, template

TITLE = "24.Толкун"
SECTIONS = {"Общество": "obschestvo", "Власть": "vlast", "Криминал": "kriminal", "Спорт": "sport", "Коом": "koom"}
PER_PAGE = 5
_BISHKEK = timezone(timedelta(hours=6))


def link(post: Post) -> str:
    """Return the article's path: section, ID, slug."""
    return f"/{SECTIONS[post.categories[0]]}/{post.id}_{post.slug}/"


def article_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve an article by its ID, with any slug."""
    post = edition.find(int(match["id"]))
    if post is None:
        return not_found(request, edition)
    local = post.published.astimezone(_BISHKEK)
    body = template("tolkun-article.html").substitute(
        title=escape(post.title, quote=False),
        moment=local.isoformat(),
        printed=f"{local:%H:%M, %d.%m.%Y}",
        author=escape(post.author),
        paragraphs="\n".join(f"<p>{inline(block.source, edition.url)}</p>" for block in post.blocks),
        topics="\n".join(
            f'<div><a href="{link(other)}">{escape(other.title, quote=False)}</a></div>'
            for other in edition.posts[:4]
            if other is not post
        ),
        url=edition.url + link(post),
    )
    head = f'<link rel="canonical" href="{edition.url}{link(post)}">'
    return html(_page(post.language, post.title, head, body), last_modified=post.modified)


def listing_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/` and `/<section>/`, with `?page=N`; the rows show only the time, never the date."""
    section = match["section"]
    posts = tuple(post for post in edition.posts if section in (None, SECTIONS[post.categories[0]]))
    number = request.query.get("page", "1")
    rows = "\n".join(
        f'<div class="one"><div class="time">{post.published.astimezone(_BISHKEK):%H:%M}</div>'
        f'<div class="title"><a href="{link(post)}"><span>{escape(post.title, quote=False)}</span></a></div></div>'
        for post in page_of(posts, int(number) if number.isdecimal() else 1, PER_PAGE)
    )
    return html(_page("ru", TITLE, "", f'<div id="newslist" class="lineNews">{rows}</div>'))


def feed(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve a feed of the newest articles with their leads."""
    items = (
        feeds.Item(
            title=post.title,
            link=edition.url + link(post),
            guid=edition.url + link(post),
            published=post.published.astimezone(_BISHKEK),
            summary=escape(post.lead, quote=False),
            categories=post.categories,
            permalink=True,
        )
        for post in edition.posts[:15]
    )
    return feeds.rss(TITLE, f"{edition.url}/", "ru", items)


def empty_feed(edition: Edition) -> Response:
    """Return a valid feed without items."""
    return feeds.rss(TITLE, f"{edition.url}/", "ru", ())


def robots(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve robots.txt without a sitemap."""
    disallow = "/" if edition.faults.robots_disallow else "/search/"
    return feeds.robots(edition.url, (), disallow=disallow, crawl_delay=edition.faults.crawl_delay)


def not_found(request: Request, edition: Edition) -> Response:
    """Return the "not found" page."""
    return html(_page("ru", "404", "", "<h1>Страница не найдена</h1>"), status=404)


def _page(language: str, title: str, head: str, body: str) -> str:
    return template("tolkun-page.html").substitute(lang=language, title=escape(title), head=head, body=body)


TOLKUN = NewsroomSite(
    name="tolkun",
    title=TITLE,
    languages=("ru", "ky"),
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("feed", r"/rss/", feed),
        route("listing", rf"/(?:(?P<section>{'|'.join(SECTIONS.values())})/)?", listing_page),
        route("article", rf"/(?:{'|'.join(SECTIONS.values())})/(?P<id>\d+)_[\w-]+/", article_page),
    ),
    not_found=not_found,
    empty_feed=empty_feed,
)
