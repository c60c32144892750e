"""A radio in Kyrgyz on Pangea, the CMS shared by Radio Liberty's services.

Every article is available at `/a/<slug>/<id>.html`, `/a/<id>.html` and `/amp/<slug>/<id>.html`. Section feeds have
opaque codes, which change on the second day: only `/rssfeeds` lists them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from datetime import timedelta, timezone
from html import escape

from acca_crawler.newsroom.exchange import Request, Response, html
from acca_crawler.newsroom.samples import Post, SampleBlock
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite, inline, page_of, route, template

TITLE = "Көпүрө"
SECTIONS = {"Саясат": 101, "Коом": 102, "Маданият": 103}
PER_PAGE = 6
_BISHKEK = timezone(timedelta(hours=6))


def link(post: Post) -> str:
    """Return the canonical path."""
    return f"/a/{post.slug}/{post.id}.html"


def section_code(number: int, day: int) -> str:
    """Return the code of a section's feed: meaningless, and new whenever somebody rearranges the site."""
    return "z" + hashlib.sha256(f"{number} {day}".encode()).hexdigest()[:10]


def article_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve an article by its ID; the slug before it is ignored, as on the real system."""
    post = edition.find(int(match["id"]))
    if post is None:
        return not_found(request, edition)
    amp = f'<link rel="amphtml" href="{edition.url}/amp/{post.slug}/{post.id}.html">'
    body = template("kopuro-article.html").substitute(
        section=_section_link(post),
        title=escape(post.title, quote=False),
        moment=post.published.astimezone(_BISHKEK).isoformat(),
        printed=f"{post.published.astimezone(_BISHKEK):%d.%m.%Y %H:%M}",
        author=escape(post.author),
        intro=f'<div class="intro content-offset"><p>{escape(post.intro)}</p></div>' if post.intro else "",
        paragraphs="\n".join(_block(block, edition.url) for block in post.blocks),
        related="\n".join(_media_block(other) for other in edition.posts[:4] if other is not post),
    )
    page = _page(edition, post.title, _head(post, edition) + amp, body, "pg-article")
    return html(page, last_modified=post.modified)


def amp_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve the AMP version."""
    post = edition.find(int(match["id"]))
    if post is None:
        return not_found(request, edition)
    paragraphs = "\n".join(f"<p>{inline(block.source, edition.url)}</p>" for block in post.blocks)
    page = (
        f'<!doctype html><html amp lang="ky"><head><meta charset="utf-8"><title>{escape(post.title)}</title>'
        f'<link rel="canonical" href="{edition.url}{link(post)}"></head><body><main><article>'
        f'<h1 class="title pg-title">{escape(post.title, quote=False)}</h1><div class="wsw">{paragraphs}</div>'
        "</article></main></body></html>"
    )
    return html(page, last_modified=post.modified)


def _block(block: SampleBlock, url: str) -> str:
    text = inline(block.source, url)
    if block.kind == "caption":
        figure = f'<figure class="media-image"><figcaption><span class="caption">{text}</span></figcaption></figure>'
        return f'<div class="wsw__embed">{figure}</div>'
    return f"<h2>{text}</h2>" if block.kind == "heading" else f"<p>{text}</p>"


def _section_link(post: Post) -> str:
    (name,) = post.categories
    return f'<a class="" href="/z/{SECTIONS[name]}">{escape(name)}</a>'


def _media_block(post: Post) -> str:
    title = escape(post.title)
    return (
        '<li class="col-xs-12 mb-grid"><div class="media-block "><div class="media-block__content">'
        f'<a href="{link(post)}"><h4 class="media-block__title media-block__title--size-4" title="{title}">{title}</h4>'
        "</a></div></div></li>"
    )


def _head(post: Post, edition: Edition) -> str:
    address = edition.url + link(post)
    moment = f"{post.published:%Y-%m-%d %H:%M:%S}Z"  # a space instead of the T, as in the real system
    document = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": post.title,
        "articleSection": post.categories[0],
        "datePublished": moment,
        "dateModified": f"{post.modified:%Y-%m-%d %H:%M:%S}Z",
        "author": {"@type": "Person", "name": post.author},
        "inLanguage": "ky-KG",
        "url": address,
        "mainEntityOfPage": address,
    }
    return (
        f'<link href="{address}" rel="canonical">\n<meta content="{escape(post.title)}" property="og:title">\n'
        f'<meta content="article" property="og:type">\n<meta content="{escape(post.author)}" name="Author">\n'
        f'<script type="application/ld+json">{json.dumps(document, ensure_ascii=False)}</script>\n'
    )


def section_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/` and `/z/<n>`, with `?p=N` counted from 0; an empty page past the end."""
    number = match.groupdict().get("section")
    posts = edition.posts
    if number is not None:
        names = [name for name, section in SECTIONS.items() if section == int(number)]
        if not names:
            return not_found(request, edition)
        posts = tuple(post for post in posts if post.categories == (names[0],))
    page_number = request.query.get("p", "0")
    chosen = page_of(posts, int(page_number) + 1 if page_number.isdecimal() else 1, PER_PAGE)
    rows = "\n".join(_media_block(post) for post in chosen)
    more = f'<a class="btn link-showMore" href="{request.path}?p={int(page_number) + 1}">Дагы</a>' if chosen else ""
    body = f'<div class="media-block-wrap"><h2 class="section-head">{TITLE}</h2><ul>{rows}</ul>{more}</div>'
    return html(_page(edition, TITLE, "", body, "pg-section"))


def feeds_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/rssfeeds`, which lists the feeds under the day's codes."""
    codes = {name: section_code(number, edition.day) for name, number in SECTIONS.items()}
    rows = "\n".join(f'<li>{name} <a class="rss" href="/api/{code}">RSS</a></li>' for name, code in codes.items())
    return html(_page(edition, "RSS", "", f'<ul class="rss-feeds"><li><a href="/api/">RSS</a></li>{rows}</ul>', ""))


def feed(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/api/` with the top stories, `/api/<code>` with a section; 404 for a code of the other day."""
    posts = edition.posts
    if match["code"]:
        names = [name for name, number in SECTIONS.items() if section_code(number, edition.day) == match["code"]]
        if not names:
            return not_found(request, edition)
        posts = tuple(post for post in posts if post.categories == (names[0],))
    items = (
        feeds.Item(
            title=post.title,
            link=edition.url + link(post),
            guid=edition.url + link(post),
            published=post.published,
            summary=escape(post.lead, quote=False),
            categories=post.categories,
            permalink=True,
        )
        for post in posts[:20]
    )
    return feeds.rss(TITLE, f"{edition.url}/", "ky", items)


def empty_feed(edition: Edition) -> Response:
    """Return a valid feed without items."""
    return feeds.rss(TITLE, f"{edition.url}/", "ky", ())


def sitemap_index(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/sitemap.xml`, whose only child is compressed."""
    dated = not edition.faults.sitemap_undated
    newest = max(post.modified for post in edition.posts) if dated else None
    return feeds.sitemap_index([(f"{edition.url}/sitemap_7_latest.xml.gz", newest)])


def sitemap(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve the compressed sitemap of the newest articles."""
    dated = not edition.faults.sitemap_undated
    entries = [(edition.url + link(post), post.modified if dated else None) for post in edition.posts]
    return Response(gzip.compress(feeds.urlset(entries).body, mtime=0), "application/x-gzip")


def robots(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve robots.txt."""
    disallow = "/" if edition.faults.robots_disallow else "/s?"
    return feeds.robots(edition.url, ("/sitemap.xml",), disallow=disallow, crawl_delay=edition.faults.crawl_delay)


def not_found(request: Request, edition: Edition) -> Response:
    """Return the system's "not found" page."""
    return html(_page(edition, "404", "", '<h1 class="title">Барак табылган жок</h1>', "pg-404"), status=404)


def _page(edition: Edition, title: str, head: str, body: str, body_class: str) -> str:
    menu = " ".join(f'<a href="/z/{number}">{name}</a>' for name, number in SECTIONS.items())
    return template("kopuro-page.html").substitute(
        title=escape(title), head=head, body=body, body_class=body_class, menu=menu
    )


KOPURO = NewsroomSite(
    name="kopuro",
    title=TITLE,
    languages=("ky",),
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("feed", r"/api/(?P<code>\w*)", feed),
        route("other", r"/rssfeeds", feeds_page),
        route("sitemap", r"/sitemap\.xml", sitemap_index),
        route("sitemap", r"/sitemap_7_latest\.xml\.gz", sitemap),
        route("listing", r"/(?:z/(?P<section>\d+))?", section_page),
        route("article", r"/a/(?:[\w-]+/)?(?P<id>\d+)\.html", article_page),
        route("article", r"/amp/(?:[\w-]+/)?(?P<id>\d+)\.html", amp_page),
    ),
    not_found=not_found,
    empty_feed=empty_feed,
)
