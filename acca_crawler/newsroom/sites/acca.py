"""A WordPress site modelled on ACCA: the theme's pages, three kinds of feed, two kinds of sitemap, REST.

Every article is available at `/<language>/<id>/<slug>/` and `/<language>/<slug>/`; rel=canonical names one of them.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from acca_crawler.exceptions import RestError
from acca_crawler.newsroom.exchange import Request, Response, html
from acca_crawler.newsroom.samples import Post
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.acca_pages import (
    article_by_id,
    article_page,
    blog,
    card,
    framed,
    link,
    link_header,
    not_found,
)
from acca_crawler.newsroom.sites.acca_terms import CATEGORIES
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite, page_of, route, template
from acca_crawler.newsroom.sites.wordpress import (
    error_answer,
    excerpt,
    post_answer,
    posts_answer,
    rendered,
    root_answer,
    terms_answer,
    texturized,
)

PER_PAGE = 10
PER_SITEMAP = 30


def listing_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve a home or category page, ten articles per page; 404 past the end, as in WordPress."""
    parts = match.groupdict()
    language, slug, number = parts.get("language"), parts.get("slug"), int(parts.get("page") or 1)
    posts = _of_language(edition, language)
    heading = "ACCA"
    if slug:
        term = next((term for term in CATEGORIES if (term.language, term.slug) == (language, slug)), None)
        if term is None:
            return not_found(request, edition)
        heading, posts = term.name, tuple(post for post in posts if term.name in post.categories)
    chosen = page_of(posts, number, PER_PAGE)
    if number > 1 and not chosen:
        return not_found(request, edition)
    base = edition.url + re.sub(r"(page/\d+/?)$", "", request.path)
    body = template("acca-listing.html").substitute(
        heading=escape(heading),
        items="\n".join(card("acca-item.html", post, edition) for post in chosen),
        paging=_paging(base, number, -(-len(posts) // PER_PAGE)),
    )
    page = framed(edition, language or "en", heading, "", "archive" if slug else "home blog", body)
    return replace(html(page), headers=link_header(edition))


def _paging(base: str, number: int, pages: int) -> str:
    links = [
        f'<li class="{"active" if other == number else ""}"><a href="{base}page/{other}/">{other}</a></li>'
        for other in range(1, pages + 1)
    ]
    if number < pages:
        links.append(f'<li class="next"><a class="next page-numbers" href="{base}page/{number + 1}/">Next</a></li>')
    return "\n".join(links)


def _of_language(edition: Edition, language: str | None) -> tuple[Post, ...]:
    return tuple(post for post in edition.posts if language in (None, post.language))


def feed(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/feed/`, `/<language>/feed/`, `/<language>/category/<slug>/feed/`, each with `?paged=N`; 404 past the end.

    Links of republished articles carry the tracking parameters that a social-media plug-in adds.
    """
    parts = match.groupdict()
    language, slug = parts.get("language"), parts.get("slug")
    posts = _of_language(edition, language)
    if slug:
        names = {term.name for term in CATEGORIES if (term.language, term.slug) == (language, slug)}
        posts = tuple(post for post in posts if names.intersection(post.categories))
    number = request.query.get("paged", "1")
    chosen = page_of(posts, int(number), PER_PAGE) if number.isdecimal() and int(number) else ()
    if not chosen:
        return not_found(request, edition)
    answer = feeds.rss("ACCA", f"{edition.url}/", language or "en-US", (_feed_item(post, edition) for post in chosen))
    return replace(answer, last_modified=max(post.modified for post in posts))


def _feed_item(post: Post, edition: Edition) -> feeds.Item:
    address = edition.url + link(post)
    if post.republishes is not None:
        address += "?" + urlencode({"utm_source": "rss", "utm_medium": "rss", "utm_campaign": post.slug})
    return feeds.Item(
        title=post.title,
        link=address,
        guid=f"{edition.url}/?p={post.id}",
        published=post.published,
        summary=f"<p>{texturized(excerpt(post))}</p>",
        content=rendered(post, edition.url),
        author=post.author or "ACCA",
        categories=post.categories,
    )


def empty_feed(edition: Edition) -> Response:
    """Return a valid feed without items."""
    return feeds.rss("ACCA", f"{edition.url}/", "en-US", ())


# Sitemaps


def core_index(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/wp-sitemap.xml`, WordPress's own."""
    names = [f"wp-sitemap-posts-post-{number}.xml" for number in _sitemap_numbers(edition)]
    return _index(edition, [*names, "wp-sitemap-taxonomies-category-1.xml"], bool(match["gz"]))


def yoast_index(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/sitemap_index.xml`, the plug-in's."""
    names = [f"post-sitemap{number}.xml" for number in _sitemap_numbers(edition)]
    return _index(edition, [*names, "category-sitemap.xml"], bool(match["gz"]))


def posts_sitemap(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve one sitemap of articles, oldest first, as both kinds do."""
    oldest_first = tuple(reversed(edition.posts))
    chosen = page_of(oldest_first, int(match["number"]), PER_SITEMAP)
    if not chosen:
        return not_found(request, edition)
    dated = not edition.faults.sitemap_undated
    entries = [(edition.url + link(post), post.modified if dated else None) for post in chosen]
    return _maybe_gzipped(feeds.urlset(entries), bool(match["gz"]))


def terms_sitemap(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve the sitemap of the categories, which lists no articles."""
    entries = [(f"{edition.url}/{term.language}/category/{term.slug}/", None) for term in CATEGORIES]
    return _maybe_gzipped(feeds.urlset(entries), bool(match["gz"]))


def _sitemap_numbers(edition: Edition) -> range:
    return range(1, -(-len(edition.posts) // PER_SITEMAP) + 1)


def _index(edition: Edition, names: Sequence[str], gz: bool) -> Response:
    newest = max(post.modified for post in edition.posts)
    changed = None if edition.faults.sitemap_undated else newest
    suffix = ".gz" if gz else ""
    return _maybe_gzipped(feeds.sitemap_index((f"{edition.url}/{name}{suffix}", changed) for name in names), gz)


def _maybe_gzipped(response: Response, gz: bool) -> Response:
    return Response(gzip.compress(response.body, mtime=0), "application/x-gzip") if gz else response


def robots(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve robots.txt, which names both sitemaps."""
    suffix = ".gz" if edition.faults.sitemap_gzip else ""
    return feeds.robots(
        edition.url,
        (f"/wp-sitemap.xml{suffix}", f"/sitemap_index.xml{suffix}"),
        disallow="/" if edition.faults.robots_disallow else "/wp-admin/",
        crawl_delay=edition.faults.crawl_delay,
    )


# REST


def rest(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `/wp-json/...`."""
    path = match["route"].strip("/")
    if path == "":
        return root_answer(blog(), edition)
    if path == "wp/v2/posts":
        return posts_answer(blog(), request, edition)
    if path == "wp/v2/categories":
        return terms_answer(blog().categories, "category", request, edition)
    if path == "wp/v2/tags":
        return terms_answer(blog().tags, "post_tag", request, edition)
    one = re.fullmatch(r"wp/v2/posts/(\d+)", path)
    if one:
        return post_answer(blog(), request, edition, int(one[1]))
    return error_answer(RestError("rest_no_route", "No route was found matching the URL and request method.", 404))


def rewrite(request: Request) -> Request:
    """Rewrite WordPress's plain addresses: `/?rest_route=...`, `/?p=ID` and `/?feed=rss2`."""
    query = request.query
    if request.path != "/" or not query.keys() & {"rest_route", "p", "feed"}:
        return request
    rest_of_query = urlencode({name: value for name, value in query.items() if name not in ("rest_route", "feed")})
    if "rest_route" in query:
        return replace(request, target=f"/wp-json/{query['rest_route'].lstrip('/')}?{rest_of_query}")
    if "feed" in query:
        return replace(request, target=f"/feed/?{rest_of_query}")
    return replace(request, target=f"/p/{query['p']}")


def picture(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve one grey pixel for every picture."""
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63a80700008100"
        "8077cd72b60000000049454e44ae426082"
    )
    return Response(pixel, "image/png")


def style(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve a minimal style sheet for viewing in a browser."""
    return Response(b"body{font:17px/1.6 Georgia,serif;max-width:46rem;margin:auto;padding:1rem}", "text/css")


_LANGUAGE = r"(?P<language>en|ru)"
_CATEGORY = r"category/(?P<slug>[\w-]+)/"
_PAGE = r"(?:page/(?P<page>[1-9]\d*)/?)?"

ACCA = NewsroomSite(
    name="acca",
    title="ACCA",
    languages=("en", "ru"),
    routes=(
        route("robots", r"/robots\.txt", robots),
        route("rest", r"/wp-json(?P<route>/.*)?", rest),
        route("feed", r"/feed/?", feed),
        route("feed", rf"/{_LANGUAGE}/feed/?", feed),
        route("feed", rf"/{_LANGUAGE}/{_CATEGORY}feed/?", feed),
        route("sitemap", r"/wp-sitemap\.xml(?P<gz>\.gz)?", core_index),
        route("sitemap", r"/sitemap_index\.xml(?P<gz>\.gz)?", yoast_index),
        route("sitemap", r"/wp-sitemap-posts-post-(?P<number>[1-9]\d*)\.xml(?P<gz>\.gz)?", posts_sitemap),
        route("sitemap", r"/post-sitemap(?P<number>[1-9]\d*)\.xml(?P<gz>\.gz)?", posts_sitemap),
        route("sitemap", r"/(?:wp-sitemap-taxonomies-category-1|category-sitemap)\.xml(?P<gz>\.gz)?", terms_sitemap),
        route("other", r"/wp-content/uploads/[\w.-]+\.png", picture),
        route("other", r"/wp-content/themes/neeon/assets/css/style\.css", style),
        route("listing", rf"/{_PAGE}", listing_page),
        route("listing", rf"/{_LANGUAGE}/{_PAGE}", listing_page),
        route("listing", rf"/{_LANGUAGE}/{_CATEGORY}{_PAGE}", listing_page),
        route("article", r"/p/(?P<id>\d+)", article_by_id),
        route("article", rf"/{_LANGUAGE}/(?:(?P<id>\d+)/)?(?P<slug>[\w-]+)(?P<amp>/amp)?/?", article_page),
    ),
    not_found=not_found,
    empty_feed=empty_feed,
    rewrite=rewrite,
)
