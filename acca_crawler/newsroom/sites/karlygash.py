"""A magazine on Drupal in English, Kazakh, Uzbek and Turkmen: node numbers and aliases, pages counted from 0."""

from __future__ import annotations

import json
import re
from html import escape

from acca_crawler.newsroom.exchange import Request, Response, html
from acca_crawler.newsroom.samples import Post
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite, inline, iso, page_of, route, template

TITLE = "Karlygash"
PER_PAGE = 6
PER_SITEMAP = 5
_LANGUAGES = r"(?P<language>en|kk|uz|tk)"


def link(post: Post) -> str:
    """Return the article's alias; English has no prefix, like a default language in Drupal."""
    return f"/{post.slug}" if post.language == "en" else f"/{post.language}/{post.slug}"


def article_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve an article under its alias."""
    language = match["language"] or "en"
    post = next((post for post in edition.posts if (post.language, post.slug) == (language, match["slug"])), None)
    return not_found(request, edition) if post is None else _article(post, edition)


def node_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/node/<id>`: the same page, with rel=canonical."""
    post = edition.find(int(match["id"]))
    return not_found(request, edition) if post is None else _article(post, edition)


def _article(post: Post, edition: Edition) -> Response:
    body = template("karlygash-article.html").substitute(
        id=post.id,
        title=escape(post.title, quote=False),
        moment=iso(post.published),
        printed=f"{post.published:%b %d, %Y}",
        author=escape(post.author),
        paragraphs="\n".join(f"<p>{inline(block.source, edition.url)}</p>" for block in post.blocks),
        tags=" ".join(f'<div class="field__item"><a href="/tags/x">{escape(tag)}</a></div>' for tag in post.tags),
        teasers="\n".join(_teaser(other) for other in edition.posts[:4] if other is not post),
    )
    return html(_page(post.language, post.title, _head(post, edition), body), last_modified=post.modified)


def _teaser(post: Post) -> str:
    title = escape(post.title, quote=False)
    return (
        f'<div class="views-row"><article data-history-node-id="{post.id}" class="node node--type-article'
        f' node--view-mode-teaser"><h2><a href="{link(post)}" rel="bookmark"><span>{title}</span></a></h2>'
        f'<div class="node__content"><p>{escape(post.lead[:120], quote=False)}…</p></div></article></div>'
    )


def _head(post: Post, edition: Edition) -> str:
    address = edition.url + link(post)
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": post.title,
                "datePublished": iso(post.published),
                "dateModified": iso(post.modified),
                "author": {"@type": "Person", "name": post.author},
                "mainEntityOfPage": address,
            }
        ],
    }
    return (
        f'<link rel="canonical" href="{address}">\n<link rel="shortlink" href="{edition.url}/node/{post.id}">\n'
        f'<meta property="og:title" content="{escape(post.title)}">\n<meta property="og:type" content="article">\n'
        f'<script type="application/ld+json">{json.dumps(graph, ensure_ascii=False)}</script>'
    )


def listing_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/` and `/<language>`, with `?page=N` counted from 0; an empty page past the end."""
    language = match["language"]
    posts = tuple(post for post in edition.posts if language in (None, post.language))
    number = request.query.get("page", "0")
    page = int(number) if number.isdecimal() else 0
    rows = "\n".join(_teaser(post) for post in page_of(posts, page + 1, PER_PAGE))
    more = (page + 1) * PER_PAGE < len(posts)
    pager = f'<nav class="pager"><a href="?page={page + 1}" rel="next">Next</a></nav>' if more else ""
    return html(_page(language or "en", TITLE, "", f'<div class="view-content">{rows}</div>{pager}'))


def feed(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/rss.xml`: ten items, each with its body."""
    items = (
        feeds.Item(
            title=post.title,
            link=edition.url + link(post),
            guid=f"{post.id} at {edition.url}",
            published=post.published,
            summary="\n".join(f"<p>{inline(block.source, edition.url)}</p>" for block in post.blocks),
            author=post.author,
        )
        for post in edition.posts[:10]
    )
    return feeds.rss(TITLE, f"{edition.url}/", "en", items)


def empty_feed(edition: Edition) -> Response:
    """Return a valid feed without items."""
    return feeds.rss(TITLE, f"{edition.url}/", "en", ())


def sitemap(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/sitemap.xml`, an index of itself: `?page=N` gives the parts."""
    dated = not edition.faults.sitemap_undated
    number = request.query.get("page", "")
    if number.isdecimal():
        chosen = page_of(edition.posts, int(number), PER_SITEMAP)
        if not chosen:
            return not_found(request, edition)
        return feeds.urlset((edition.url + link(post), post.modified if dated else None) for post in chosen)
    pages = -(-len(edition.posts) // PER_SITEMAP)
    return feeds.sitemap_index((f"{edition.url}/sitemap.xml?page={page}", None) for page in range(1, pages + 1))


def robots(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve a short version of Drupal's default robots.txt."""
    disallow = "/" if edition.faults.robots_disallow else "/admin/"
    return feeds.robots(edition.url, ("/sitemap.xml",), disallow=disallow, crawl_delay=edition.faults.crawl_delay)


def not_found(request: Request, edition: Edition) -> Response:
    """Return Drupal's "not found" page."""
    return html(_page("en", "Page not found", "", "<h1>Page not found</h1>"), status=404)


def _page(language: str, title: str, head: str, body: str) -> str:
    return template("karlygash-page.html").substitute(lang=language, title=escape(title), head=head, body=body)


KARLYGASH = NewsroomSite(
    name="karlygash",
    title=TITLE,
    languages=("en", "kk", "uz", "tk"),
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("feed", r"/rss\.xml", feed),
        route("sitemap", r"/sitemap\.xml", sitemap),
        route("listing", rf"/{_LANGUAGES}?", listing_page),
        route("article", r"/node/(?P<id>\d+)", node_page),
        route("article", rf"/(?:{_LANGUAGES}/)?(?P<slug>[a-z0-9-]+)", article_page),
    ),
    not_found=not_found,
    empty_feed=empty_feed,
)
