"""The theme's pages: an article with everything around it, its AMP version, and the "not found" page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from functools import cache
from html import escape

from acca_crawler.newsroom.exchange import Request, Response, html, redirect
from acca_crawler.newsroom.samples import Post, load
from acca_crawler.newsroom.sites.acca_terms import CATEGORIES
from acca_crawler.newsroom.sites.base import Edition, iso, template
from acca_crawler.newsroom.sites.wordpress import (
    Blog,
    WordPressTerm,
    excerpt,
    rendered,
)

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
    """Return the canonical path."""
    return f"/{post.language}/{post.slug}/" if post.old_address else numbered(post)


def numbered(post: Post) -> str:
    """Return the path with the post's ID, which the theme's cards link to."""
    return f"/{post.language}/{post.id}/{post.slug}/"


def printed_date(post: Post) -> str:
    """Return the date that the theme prints: that of a re-save long ago, not of publication."""
    return f"{20 + post.id % 3}.08.2022"


@cache
def blog() -> Blog:
    """Return the site's terms."""
    names = sorted({tag for post in load("acca") for tag in post.tags})
    tags = tuple(
        WordPressTerm(500 + number, name, re.sub(r"\W+", "-", name.lower())) for number, name in enumerate(names)
    )
    return Blog(timezone(timedelta(hours=6)), CATEGORIES, tags, link, "ACCA")


def article_page(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve an article by slug, with or without its ID; an ID must be the article's own."""
    post = next((post for post in edition.posts if post.slug == match["slug"]), None)
    if post is None or post.language != match["language"] or match["id"] not in (None, str(post.id)):
        return not_found(request, edition)
    if not request.path.endswith("/"):
        return redirect(f"{edition.url}{request.path}/")
    if match["amp"]:
        return html(_amp(post, edition), last_modified=post.modified)
    return _article(post, edition)


def article_by_id(request: Request, edition: Edition, match: re.Match[str]) -> Response:
    """Serve `?p=ID`: the same page, with rel=canonical."""
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
    page = framed(edition, post.language, post.title, _article_head(post, edition), f"single postid-{post.id}", body)
    return replace(html(page, last_modified=post.modified), headers=link_header(edition))


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
        related="\n".join(card("acca-card.html", other, edition) for other in _others(post, edition, 3)),
    )


def _others(post: Post, edition: Edition, count: int) -> Sequence[Post]:
    """Return the next older articles in the same language, starting over after the oldest."""
    same = [other for other in edition.posts if other.language == post.language]
    position = same.index(post)
    return (same[position + 1 :] + same[:position])[:count]


def card(name: str, post: Post, edition: Edition) -> str:
    """Render a post's card with one of the list templates."""
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


def framed(edition: Edition, language: str, title: str, head: str, body_class: str, body: str) -> str:
    """Render a complete page of the theme around a body."""
    menu = "\n".join(
        f'<li><a href="{edition.url}/{language}/category/{term.slug}/">{escape(term.name)}</a></li>'
        for term in CATEGORIES
        if term.language == language
    )
    frame = {"lang": language, "title": escape(title), "head": head, "url": edition.url, "menu": menu}
    opening = template("acca-head.html").substitute(frame, body_class=body_class)
    return opening + body + template("acca-foot.html").substitute(frame)


def link_header(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Return the header with which WordPress announces its REST API."""
    return (("Link", f'<{edition.url}/wp-json/>; rel="https://api.w.org/"'),)


def not_found(request: Request, edition: Edition) -> Response:
    """Return the theme's "not found" page, with the newest articles below, as themes do."""
    cards = "\n".join(card("acca-card.html", post, edition) for post in edition.posts[:3])
    body = (
        '<main id="main" class="site-main error-404"><div class="error-page-area"><h1 class="text-1">404</h1>'
        f"<h3>Oops... Page Not Found!</h3><p>Sorry! This page is not available.</p></div>{cards}</main>"
    )
    page = framed(edition, "en", "Page not found", '<meta name="robots" content="noindex, follow">', "error404", body)
    return html(page, status=404)
