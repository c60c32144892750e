"""Base of the newsroom's sites: a name, a table of routes, and no state."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from html import escape
from importlib.resources import files
from string import Template

from acca_crawler.newsroom.exchange import Kind, Request, Response
from acca_crawler.newsroom.faults import Faults
from acca_crawler.newsroom.samples import LINK, Post


@dataclass(frozen=True, slots=True)
class Edition:
    """A site at one moment: its address without a trailing slash, the day, its articles newest first, its faults.

    `neighbours` are the addresses of the newsroom's other sites that are being served, by name.
    """

    url: str
    day: int
    clock: datetime
    posts: tuple[Post, ...]
    faults: Faults
    neighbours: Mapping[str, str] = field(default_factory=dict)

    def find(self, post_id: int) -> Post | None:
        """Return the article with this ID, if it is online that day."""
        return next((post for post in self.posts if post.id == post_id), None)


Handler = Callable[[Request, Edition, re.Match[str]], Response]


@dataclass(frozen=True, slots=True)
class PathRoute:
    """A path pattern (matched in full, without the query), the kind of page, and its handler."""

    kind: Kind
    pattern: re.Pattern[str]
    handler: Handler


def route(kind: Kind, pattern: str, handler: Handler) -> PathRoute:
    """Create a route from a pattern given as text."""
    return PathRoute(kind, re.compile(pattern), handler)


def _call(handler: Handler, request: Request, match: re.Match[str], edition: Edition) -> Response:
    return handler(request, edition, match)


@dataclass(frozen=True, slots=True)
class NewsroomSite:
    """One outlet of the newsroom.

    `rewrite` turns addresses whose page depends on the query into ones that the routes match. `not_found` answers
    requests that no route matches. `mirror_of` names the site whose articles this one repeats.
    """

    name: str
    title: str
    languages: tuple[str, ...]
    routes: tuple[PathRoute, ...]
    not_found: Callable[[Request, Edition], Response]
    empty_feed: Callable[[Edition], Response]
    rewrite: Callable[[Request], Request] = lambda request: request
    mirror_of: str | None = None

    @property
    def articles(self) -> str:
        """The name of the site whose articles this site shows."""
        return self.mirror_of or self.name

    def route(self, request: Request) -> tuple[Kind, Callable[[Edition], Response]]:
        """Return the kind of the requested page and its handler."""
        request = self.rewrite(request)
        for entry in self.routes:
            match = entry.pattern.fullmatch(request.path)
            if match:
                return entry.kind, partial(_call, entry.handler, request, match)
        return "other", partial(self.not_found, request)


@cache
def template(name: str) -> Template:
    """Load a page template from `templates/`, with `$name` placeholders."""
    return Template((files("acca_crawler.newsroom") / "templates" / name).read_text("utf-8"))


def page_of(posts: tuple[Post, ...], number: int, size: int) -> tuple[Post, ...]:
    """Return the articles of one page, counted from 1; empty past the end."""
    return posts[(number - 1) * size : number * size]


def inline(source: str, url: str) -> str:
    """Render one block's text as HTML; links become absolute, relative to the site's address."""
    parts: list[str] = []
    end = 0
    for match in LINK.finditer(source):
        href = match[2] if "://" in match[2] else url + match[2]
        parts.append(escape(source[end : match.start()], quote=False))
        parts.append(f'<a href="{escape(href)}">{escape(match[1], quote=False)}</a>')
        end = match.end()
    return "".join(parts) + escape(source[end:], quote=False)


def iso(moment: datetime) -> str:
    """Format a UTC time as WordPress and similar systems do, with an explicit offset."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")


def challenge(host: str, status: int) -> Response:
    """Return a CDN's "checking your browser" page, with its typical headers."""
    headers = (("Server", "cloudflare"), ("CF-RAY", "8f00c0ffee00dead-FRA"), ("cf-mitigated", "challenge"))
    page = template("challenge.html").substitute(host=escape(host))
    return Response(page.encode(), status=status, headers=headers)


def html_shell(title: str) -> str:
    """Return an empty page whose content a script would load: a typical answer of a dead feed."""
    return template("shell.html").substitute(title=escape(title))
