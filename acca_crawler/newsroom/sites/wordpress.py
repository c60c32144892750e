"""The parts common to WordPress sites: terms, post bodies, and the REST API `/wp-json/wp/v2/`.

The API answers as documented for WordPress 6, including one quirk: `after`, `before` and `modified_after` compare the
site-local columns, so a time without an offset is read in the site's time zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from typing import Any, TypeVar

from acca_crawler.exceptions import RestError
from acca_crawler.newsroom.exchange import Request, Response, json_answer
from acca_crawler.newsroom.samples import Post, SampleBlock
from acca_crawler.newsroom.sites.base import Edition, inline, iso

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)?")
_MAX_PER_PAGE = 100
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class WordPressTerm:
    """A category or a tag. `parent` is another category's id, 0 for none."""

    id: int
    name: str
    slug: str
    parent: int = 0
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Blog:
    """A WordPress site's data besides its posts. `link` returns a post's path."""

    time_zone: tzinfo
    categories: tuple[WordPressTerm, ...]
    tags: tuple[WordPressTerm, ...]
    link: Callable[[Post], str]
    title: str

    def categories_of(self, post: Post) -> list[WordPressTerm]:
        """Return the post's categories as terms in its language. Raises LookupError for an unknown category."""
        known = {term.name: term for term in self.categories if term.language == post.language}
        return [known[name] for name in post.categories]

    def tags_of(self, post: Post) -> list[WordPressTerm]:
        """Return the post's tags as terms."""
        return [term for term in self.tags if term.name in post.tags]


def texturized(text: str) -> str:
    """Convert text as WordPress does in titles and feeds: quotes and dashes as numeric entities."""
    return re.sub(r"[‘’“”–—…«»]", lambda match: f"&#{ord(match[0])};", escape(text, quote=False))


def rendered(post: Post, url: str) -> str:
    """Render the post's body, for `content.rendered` and for the page's `div.entry-content`."""
    return "\n".join(_block(block, post, url) for block in post.blocks) + "\n"


def excerpt(post: Post) -> str:
    """Return the first 30 words, cut as WordPress does."""
    words = post.lead.split()
    return " ".join(words[:30]) + (" […]" if len(words) > 30 else "")


def _block(block: SampleBlock, post: Post, url: str) -> str:
    text = inline(block.source, url)
    if block.kind == "heading":
        return f'<h2 class="wp-block-heading">{text}</h2>'
    if block.kind == "quote":
        return f'<blockquote class="wp-block-quote"><p>{text}</p></blockquote>'
    if block.kind == "read_also":
        return f'<p class="read-also"><strong>{text}</strong></p>'
    if block.kind == "caption":
        picture = f"{url}/wp-content/uploads/photo-{post.id}.png"
        return (
            f'<figure class="wp-block-image size-large"><img src="{picture}" alt="">'
            f'<figcaption class="wp-element-caption">{text}</figcaption></figure>'
        )
    return f"<p>{text}</p>"


def error_answer(error: RestError) -> Response:
    """Return an error in WordPress's JSON format."""
    value = {"code": error.code, "message": str(error), "data": {"status": error.status}}
    return json_answer(value, status=error.status)


def posts_answer(blog: Blog, request: Request, edition: Edition) -> Response:
    """Serve `/wp/v2/posts`: one page, filtered and ordered, with both totals in the headers."""
    try:
        query = request.query
        chosen = _ordered(_filtered(edition.posts, query, blog), query, blog)
        return _paged(
            chosen, query, lambda post: post_json(blog, post, edition.url), f"{edition.url}/wp-json/wp/v2/posts"
        )
    except RestError as error:
        return error_answer(error)


def post_answer(blog: Blog, request: Request, edition: Edition, post_id: int) -> Response:
    """Serve `/wp/v2/posts/<id>`."""
    post = edition.find(post_id)
    if post is None:
        return error_answer(RestError("rest_post_invalid_id", "Invalid post ID.", 404))
    return json_answer(_only(post_json(blog, post, edition.url), request.query.get("_fields")))


def terms_answer(terms: Sequence[WordPressTerm], taxonomy: str, request: Request, edition: Edition) -> Response:
    """Serve `/wp/v2/categories` and `/wp/v2/tags`, with the number of posts for each term."""
    field = "categories" if taxonomy == "category" else "tags"

    def as_json(term: WordPressTerm) -> dict[str, Any]:
        return {
            "id": term.id,
            "count": sum(term.name in getattr(post, field) for post in edition.posts),
            "description": "",
            "link": f"{edition.url}/{term.language or 'en'}/{taxonomy}/{term.slug}/",
            "name": texturized(term.name),
            "slug": term.slug,
            "taxonomy": taxonomy,
            "parent": term.parent,
        }

    try:
        query = request.query
        chosen = [term for term in terms if _in_list(term.slug, query.get("slug")) and _in_ids(term.id, query)]
        return _paged(chosen, query, as_json, f"{edition.url}/wp-json/wp/v2/{field}")
    except RestError as error:
        return error_answer(error)


def root_answer(blog: Blog, edition: Edition) -> Response:
    """Serve `/wp-json/`: the index with the site's name and its namespaces."""
    value = {
        "name": blog.title,
        "url": edition.url,
        "home": edition.url,
        "gmt_offset": 6,
        "namespaces": ["oembed/1.0", "yoast/v1", "wp/v2"],
        "routes": {"/wp/v2/posts": {"methods": ["GET"]}, "/wp/v2/categories": {"methods": ["GET"]}},
    }
    return json_answer(value)


def post_json(blog: Blog, post: Post, url: str) -> dict[str, Any]:
    """Return one post as REST shows it."""
    link = url + blog.link(post)
    return {
        "id": post.id,
        "date": _local(post.published, blog),
        "date_gmt": post.published.strftime("%Y-%m-%dT%H:%M:%S"),
        "guid": {"rendered": f"{url}/?p={post.id}"},
        "modified": _local(post.modified, blog),
        "modified_gmt": post.modified.strftime("%Y-%m-%dT%H:%M:%S"),
        "slug": post.slug,
        "status": "publish",
        "type": "post",
        "link": link,
        "title": {"rendered": texturized(post.title)},
        "content": {"rendered": rendered(post, url), "protected": False},
        "excerpt": {"rendered": f"<p>{texturized(excerpt(post))}</p>\n", "protected": False},
        "author": 1,
        "featured_media": post.id + 100_000,
        "format": "standard",
        "categories": [term.id for term in blog.categories_of(post)],
        "tags": [term.id for term in blog.tags_of(post)],
        "lang": post.language,
        "yoast_head_json": {
            "title": f"{post.title} - {blog.title}",
            "canonical": link,
            "article_published_time": iso(post.published),
            "article_modified_time": iso(post.modified),
        },
    }


def _local(moment: datetime, blog: Blog) -> str:
    return moment.astimezone(blog.time_zone).strftime("%Y-%m-%dT%H:%M:%S")


def _filtered(posts: Iterable[Post], query: dict[str, str], blog: Blog) -> list[Post]:
    after, before, modified_after, modified_before = (
        _moment(name, query, blog) for name in ("after", "before", "modified_after", "modified_before")
    )

    def wanted(post: Post) -> bool:
        categories = {str(term.id) for term in blog.categories_of(post)}
        tags = {str(term.id) for term in blog.tags_of(post)}
        return (
            (after is None or post.published > after)
            and (before is None or post.published < before)
            and (modified_after is None or post.modified > modified_after)
            and (modified_before is None or post.modified < modified_before)
            and _in_ids(post.id, query)
            and _in_list(post.slug, query.get("slug"))
            and _in_list(post.language, query.get("lang"))
            and _any_in_list(categories, query.get("categories"))
            and _any_in_list(tags, query.get("tags"))
            and query.get("search", "").lower() in f"{post.title} {post.body}".lower()
        )

    return [post for post in posts if wanted(post)]


def _moment(name: str, query: dict[str, str], blog: Blog) -> datetime | None:
    value = query.get(name)
    if value is None:
        return None
    if not _MOMENT.fullmatch(value):
        raise RestError("rest_invalid_param", f"Invalid parameter(s): {name}")
    moment = datetime.fromisoformat(value.upper())
    return moment if moment.tzinfo else moment.replace(tzinfo=blog.time_zone)


def _in_list(value: str, wanted: str | None) -> bool:
    return wanted is None or value in wanted.split(",")


def _any_in_list(values: set[str], wanted: str | None) -> bool:
    return wanted is None or not values.isdisjoint(wanted.split(","))


def _in_ids(value: int, query: dict[str, str]) -> bool:
    text = str(value)
    return _in_list(text, query.get("include")) and text not in query.get("exclude", "").split(",")


def _ordered(posts: list[Post], query: dict[str, str], blog: Blog) -> list[Post]:
    included = query.get("include", "").split(",")
    keys: dict[str, Callable[[Post], Any]] = {
        "date": lambda post: (post.published, post.id),
        "modified": lambda post: (post.modified, post.id),
        "id": lambda post: post.id,
        "title": lambda post: post.title,
        "slug": lambda post: post.slug,
        "include": lambda post: -included.index(str(post.id)) if str(post.id) in included else 0,
    }
    orderby, order = query.get("orderby", "date"), query.get("order", "desc")
    if orderby not in keys or order not in ("asc", "desc"):
        raise RestError("rest_invalid_param", "Invalid parameter(s): orderby, order")
    return sorted(posts, key=keys[orderby], reverse=order == "desc")


def _number(name: str, query: dict[str, str], default: int, most: int | None) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal() or int(value) < 1 or (most is not None and int(value) > most):
        raise RestError("rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(value)


def _paged(
    items: Sequence[_Item], query: dict[str, str], as_json: Callable[[_Item], dict[str, Any]], address: str
) -> Response:
    page, size = _number("page", query, 1, None), _number("per_page", query, 10, _MAX_PER_PAGE)
    pages = -(-len(items) // size)
    if page > pages and items:
        raise RestError(
            "rest_post_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
        )
    values = [_only(as_json(item), query.get("_fields")) for item in items[(page - 1) * size : page * size]]
    headers = [("X-WP-Total", str(len(items))), ("X-WP-TotalPages", str(pages)), ("Allow", "GET")]
    if page < pages:
        headers.append(("Link", f'<{address}?page={page + 1}&per_page={size}>; rel="next"'))
    return json_answer(values, headers=tuple(headers))


def _only(value: dict[str, Any], fields: str | None) -> dict[str, Any]:
    """Keep only the requested fields; `title.rendered` requests one field of a nested object."""
    if not fields:
        return value
    chosen: dict[str, Any] = {}
    for field in fields.split(","):
        head, _, tail = field.strip().partition(".")
        if head not in value:
            continue
        if tail and isinstance(value[head], dict):
            if tail in value[head]:
                chosen.setdefault(head, {})[tail] = value[head][tail]
        else:
            chosen[head] = value[head]
    return chosen
