"""ACCA-shaped WordPress: the theme's pages, three kinds of feed, two kinds of sitemap, REST.

Every article answers under `/<language>/<id>/<slug>/` and `/<language>/<slug>/`; rel=canonical names one of them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from functools import cache
from html import escape
from urllib.parse import urlencode

from acca_crawler.newsroom.exchange import Request, Response, html, redirect
from acca_crawler.newsroom.samples import Post, load
from acca_crawler.newsroom.sites import feeds
from acca_crawler.newsroom.sites.acca_terms import CATEGORIES
from acca_crawler.newsroom.sites.base import Edition, Site, iso, page_of, route, template
from acca_crawler.newsroom.sites.wordpress import (
    Blog,
    RestError,
    Term,
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
BIO = (
    "The Analytical Center for Central Asia (ACCA) is a group of professional journalists who work in Central Asia. "
    "We cover all cases of human rights violations in Kazakhstan, Uzbekistan, Kyrgyzstan, Tajikistan, and "
    "Turkmenistan. We post news without censorship and present information as it is. Each material is carefully "
    "checked before publication, in order to ensure its authenticity. All news from ACCA.media is available to you "
    "both on the website and social networks - start following us and stay tuned for new publications. Contact "
    "information with which you have an opportunity to send your news or contact journalists: info@acca.media"
)
APPEAL = (
    "Any person from the countries of Central Asia who believes that his rights have been violated can apply to us "
    "for help."
)


def link(post: Post) -> str:
    """The canonical address below the site's."""
    return f"/{post.language}/{post.slug}/" if post.old_address else numbered(post)


def numbered(post: Post) -> str:
    """The address with the post's id, which the theme's cards link to."""
    return f"/{post.language}/{post.id}/{post.slug}/"


def printed_date(post: Post) -> str:
    """The date that the theme prints: of a long past re-save, not of the publication."""
    return f"{20 + post.id % 3}.08.2022"


@cache
def blog() -> Blog:
    """The site's vocabulary."""
    names = sorted({tag for post in load("acca") for tag in post.tags})
    tags = tuple(Term(500 + number, name, re.sub(r"\W+", "-", name.lower())) for number, name in enumerate(names))
    return Blog(timezone(timedelta(hours=6)), CATEGORIES, tags, link, "ACCA")


# Pages


def article_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """An article by slug, with or without its id; the id given must be the article's own."""
    post = next((post for post in edition.posts if post.slug == match["slug"]), None)
    if post is None or post.language != match["language"] or match["id"] not in (None, str(post.id)):
        return not_found(request, edition)
    if not request.path.endswith("/"):
        return redirect(f"{edition.url}{request.path}/")
    if match["amp"]:
        return html(_amp(post, edition), last_modified=post.modified)
    return _article(post, edition)


def article_by_id(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """`?p=ID`: the same page, with rel=canonical."""
    post = edition.find(int(match["id"]))
    return not_found(request, edition) if post is None else _article(post, edition)


def _article(post: Post, edition: Edition) -> Response:
    posts = [_post(post, edition)]
    if post.infinite_scroll:
        position = edition.posts.index(post)
        posts += [_post(following, edition) for following in edition.posts[position + 1 : position + 2]]
    russian = post.language == "ru"
    body = template("acca-article.html").substitute(
        posts="\n".join(posts),
        popular_heading="Популярное" if russian else "Popular",
        popular="\n".join(
            f'<li><a href="{edition.url}{numbered(other)}">{escape(other.title)}</a></li>'
            for other in _others(post, edition, 5)[2:]
        ),
    )
    page = _page(edition, post.language, post.title, _article_head(post, edition), f"single postid-{post.id}", body)
    return replace(html(page, last_modified=post.modified), headers=_link_header(edition))


def _post(post: Post, edition: Edition) -> str:
    russian = post.language == "ru"
    tags = [
        f'<a href="{edition.url}/{post.language}/tag/{term.slug}/" rel="tag">{escape(term.name)}</a>'
        for term in blog().tags_of(post)
    ]
    return template("acca-post.html").substitute(
        id=post.id,
        lang=post.language,
        url=edition.url,
        link=edition.url + link(post),
        printed=printed_date(post),
        categories=_category_links(post, edition),
        title=escape(post.title, quote=False),
        image=_image(post, edition),
        content=rendered(post, edition.url),
        tags=" ".join(tags),
        author=escape(post.author or "ACCA"),
        bio=BIO,
        appeal=APPEAL,
        related_heading="Похожие материалы" if russian else "You Might Also Like",
        related="\n".join(_card("acca-card.html", other, edition) for other in _others(post, edition, 3)),
    )


def _others(post: Post, edition: Edition, count: int) -> Sequence[Post]:
    """The next older articles in the same language, going round at the end."""
    same = [other for other in edition.posts if other.language == post.language]
    position = same.index(post)
    return (same[position + 1 :] + same[:position])[:count]


def _card(name: str, post: Post, edition: Edition) -> str:
    return template(name).substitute(
        id=post.id,
        link=edition.url + numbered(post),
        title=escape(post.title, quote=False),
        image=_image(post, edition),
        printed=printed_date(post),
        excerpt=escape(excerpt(post), quote=False),
        categories=_category_links(post, edition),
    )


def _category_links(post: Post, edition: Edition) -> str:
    return " ".join(
        f'<a href="{edition.url}/{post.language}/category/{term.slug}/" rel="category tag">{escape(term.name)}</a>'
        for term in blog().categories_of(post)
    )


def _image(post: Post, edition: Edition) -> str:
    return f"{edition.url}/wp-content/uploads/cover-{post.id}.png"


def _article_head(post: Post, edition: Edition) -> str:
    address = edition.url + link(post)
    meta = [("og:type", "article"), ("og:title", post.title), ("og:url", address), ("og:image", _image(post, edition))]
    lines = [f'<link rel="canonical" href="{address}">']
    if not post.undated:
        meta += [
            ("article:published_time", iso(post.published)),
            ("article:modified_time", iso(post.modified)),
        ]
        graph = {"@context": "https://schema.org", "@graph": [_json_ld(post, edition)]}
        document = json.dumps(graph, ensure_ascii=False).replace("</", "<\\/")
        lines.append(f'<script type="application/ld+json" class="yoast-schema-graph">{document}</script>')
    lines += [f'<meta property="{name}" content="{escape(value)}">' for name, value in meta]
    lines.append(f'<link rel="shortlink" href="{edition.url}/?p={post.id}">')
    lines.append(f'<link rel="amphtml" href="{edition.url}{numbered(post)}amp/">')
    translation = edition.find(post.translation) if post.translation else None
    lines += [
        f'<link rel="alternate" href="{edition.url}{link(version)}" hreflang="{version.language}">'
        for version in ((post, translation) if translation else ())
    ]
    return "\n".join(lines)


def _json_ld(post: Post, edition: Edition) -> dict[str, object]:
    return {
        "@type": "Article",
        "headline": post.title,
        "url": edition.url + link(post),
        "mainEntityOfPage": {"@id": edition.url + link(post)},
        "datePublished": iso(post.published),
        "dateModified": iso(post.modified),
        "author": {"@type": "Person", "name": post.author or "ACCA"},
        "image": {"@type": "ImageObject", "url": _image(post, edition)},
        "articleSection": list(post.categories),
        "keywords": list(post.tags),
        "inLanguage": {"en": "en-US", "ru": "ru-RU"}[post.language],
        "publisher": {"@type": "Organization", "name": "ACCA"},
    }


def _amp(post: Post, edition: Edition) -> str:
    document = {"@context": "https://schema.org", **_json_ld(post, edition)}
    if post.undated:
        del document["datePublished"], document["dateModified"]
    return template("acca-amp.html").substitute(
        lang=post.language,
        title=escape(post.title, quote=False),
        link=edition.url + link(post),
        url=edition.url,
        author=escape(post.author or "ACCA"),
        categories=", ".join(post.categories),
        content=re.sub(r"<(/?)img\b", r"<\1amp-img", rendered(post, edition.url)),
        json_ld=json.dumps(document, ensure_ascii=False).replace("</", "<\\/"),
    )


def _page(edition: Edition, language: str, title: str, head: str, body_class: str, body: str) -> str:
    menu = "\n".join(
        f'<li><a href="{edition.url}/{language}/category/{term.slug}/">{escape(term.name)}</a></li>'
        for term in CATEGORIES
        if term.language == language
    )
    frame = {"lang": language, "title": escape(title), "head": head, "url": edition.url, "menu": menu}
    opening = template("acca-head.html").substitute(frame, body_class=body_class)
    return opening + body + template("acca-foot.html").substitute(frame)


def _link_header(edition: Edition) -> tuple[tuple[str, str], ...]:
    return (("Link", f'<{edition.url}/wp-json/>; rel="https://api.w.org/"'),)


def not_found(request: Request, edition: Edition) -> Response:
    """The theme's page for what is not there, with the newest articles below, as themes do."""
    cards = "\n".join(_card("acca-card.html", post, edition) for post in edition.posts[:3])
    body = (
        '<main id="main" class="site-main error-404"><div class="error-page-area"><h1 class="text-1">404</h1>'
        f"<h3>Oops... Page Not Found!</h3><p>Sorry! This page is not available.</p></div>{cards}</main>"
    )
    page = _page(edition, "en", "Page not found", '<meta name="robots" content="noindex, follow">', "error404", body)
    return html(page, status=404)


# Lists


def listing_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """A home page or a category's, ten articles on each; past the end 404, as WordPress answers."""
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
        items="\n".join(_card("acca-item.html", post, edition) for post in chosen),
        paging=_paging(base, number, -(-len(posts) // PER_PAGE)),
    )
    page = _page(edition, language or "en", heading, "", "archive" if slug else "home blog", body)
    return replace(html(page), headers=_link_header(edition))


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
    """`/feed/`, `/<language>/feed/`, `/<language>/category/<slug>/feed/`, each with `?paged=N`; past the end 404.

    Links of articles published again carry the tracking arguments that a social-media plug-in adds.
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
    """A valid feed without an item."""
    return feeds.rss("ACCA", f"{edition.url}/", "en-US", ())


# Sitemaps


def core_index(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """`/wp-sitemap.xml`, WordPress's own."""
    names = [f"wp-sitemap-posts-post-{number}.xml" for number in _sitemap_numbers(edition)]
    return _index(edition, [*names, "wp-sitemap-taxonomies-category-1.xml"], bool(match["gz"]))


def yoast_index(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """`/sitemap_index.xml`, the plug-in's."""
    names = [f"post-sitemap{number}.xml" for number in _sitemap_numbers(edition)]
    return _index(edition, [*names, "category-sitemap.xml"], bool(match["gz"]))


def posts_sitemap(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """One sitemap of articles, oldest first, as both print them."""
    oldest_first = tuple(reversed(edition.posts))
    chosen = page_of(oldest_first, int(match["number"]), PER_SITEMAP)
    if not chosen:
        return not_found(request, edition)
    dated = not edition.faults.sitemap_undated
    entries = [(edition.url + link(post), post.modified if dated else None) for post in chosen]
    return _maybe_gzipped(feeds.urlset(entries), bool(match["gz"]))


def terms_sitemap(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """The sitemap of the categories, which holds no article."""
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
    """robots.txt, which names both sitemaps."""
    suffix = ".gz" if edition.faults.sitemap_gzip else ""
    return feeds.robots(
        edition.url,
        (f"/wp-sitemap.xml{suffix}", f"/sitemap_index.xml{suffix}"),
        disallow="/" if edition.faults.robots_disallow else "/wp-admin/",
        crawl_delay=edition.faults.crawl_delay,
    )


# REST


def rest(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """`/wp-json/...`."""
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
    """WordPress's plain addresses: `/?rest_route=...`, `/?p=ID` and `/?feed=rss2`."""
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
    """One grey pixel in every picture's place."""
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63a80700008100"
        "8077cd72b60000000049454e44ae426082"
    )
    return Response(pixel, "image/png")


def style(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Enough of a style sheet for a reader with a browser."""
    return Response(b"body{font:17px/1.6 Georgia,serif;max-width:46rem;margin:auto;padding:1rem}", "text/css")


_LANGUAGE = r"(?P<language>en|ru)"
_CATEGORY = r"category/(?P<slug>[\w-]+)/"
_PAGE = r"(?:page/(?P<page>[1-9]\d*)/?)?"

ACCA = Site(
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
