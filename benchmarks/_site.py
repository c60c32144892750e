"""The site that benchmarks crawl: real pages listed by a feed, or WordPress pages listed by REST."""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from benchmarks._synthetic import Prose
from benchmarks.importing import PAGES, pages

REAL = PAGES.is_dir()
"""Whether the real pages are there."""
PAGE_BYTES = 100_000


@cache
def prose() -> Prose:
    """The texts of synthetic pages."""
    return Prose()


def slug(number: int) -> str:
    """An article's slug."""
    return f"report-number-{number}-from-the-courts"


def body_of(number: int) -> list[str]:
    """The paragraphs of an article, as HTML."""
    return [f"<p>{paragraph}</p>" for paragraph in prose().paragraphs(number)]


def page_of(template: str, number: int) -> bytes:
    """One page of about 100 KB in the theme's shape."""
    page = template.replace("@@ADDRESS@@", f"{number}/{slug(number)}").replace("@@BODY@@", "\n".join(body_of(number)))
    return page.encode()


def template_page() -> str:
    """A page of the sample newsroom, its article taken out, filled up to 100 KB with menus, styles and scripts."""
    from acca_crawler.newsroom import Newsroom

    with Newsroom(sites=["acca"]) as newsroom:
        post = next(post for post in newsroom.posts("acca") if post.language == "en")
        with urlopen(f"{newsroom.sites['acca'].url}/en/{post.id}/{post.slug}/") as answer:
            page: str = answer.read().decode()
        page = page.replace(newsroom.sites["acca"].url, "").replace(f"{post.id}/{post.slug}", "@@ADDRESS@@")
    first, last = (f"<p>{html.escape(post.blocks[place].text, quote=False)}</p>" for place in (0, -1))
    start, end = page.index(first), page.index(last) + len(last)
    page = page[:start] + "@@BODY@@" + page[end:]
    missing = max(0, PAGE_BYTES - len(page) - 4000)
    menu = '<li class="menu-item"><a class="menu-link" href="/en/category/news/">A section of the site</a></li>\n'
    boilerplate = "<ul>" + menu * (missing // 2 // len(menu)) + "</ul>"
    script = "<script>" + "var widget = window.widget || {};\n" * (missing // 2 // 34) + "</script>"
    return page.replace("</body>", boilerplate + script + "</body>")


@dataclass(frozen=True)
class Site:
    """What a loopback server answers: its article paths, the path that lists them, and a page for each."""

    pages: dict[str, bytes]
    listing: str
    listed: Callable[[str, dict[str, list[str]]], bytes]
    """From the site's address and a query to the listing."""


def paths(count: int, real: bool) -> list[str]:
    """The paths of the articles."""
    return [f"/page/{n}" if real else f"/en/{n}/{slug(n)}" for n in range(1, count + 1)]


def configuration(port: int, real: bool) -> tuple[str, dict[str, Any]]:
    """The outlet's name and the configuration that crawls it."""
    home = f"http://127.0.0.1:{port}"
    if not real:
        return "acca", {"outlets": {"acca": {"home": f"{home}/en/"}}}
    outlet = {
        "name": "bench", "base": "generic", "home": f"{home}/", "feeds": ["/feed/"], "article_path": "^/page/",
        "countries": ["KG"], "languages": ["en", "ru"],
    }  # fmt: skip
    return "bench", {"outlet": [outlet]}


def site(count: int, real: bool) -> Site:
    """A site of so many articles."""
    names = paths(count, real)
    if real:
        return Site(dict(zip(names, pages(count), strict=True)), "/feed/", lambda home, _: feed(home, names))
    template = template_page()
    bodies = {path: page_of(template, number) for number, path in enumerate(names, 1)}
    return Site(bodies, "/wp-json/wp/v2/posts", lambda home, query: rest(home, count, query))


def rest(home: str, count: int, query: dict[str, list[str]]) -> bytes:
    """A page of the REST interface's list of posts."""
    page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["10"])[0])
    return json.dumps(
        [
            {
                "id": number,
                "link": f"{home}/en/{number}/{slug(number)}",
                "date_gmt": "2026-11-20T06:00:00",
                "modified_gmt": "2026-11-20T06:00:00",
                "title": {"rendered": f"Report number {number}"},
                "content": {"rendered": "\n".join(body_of(number))},
            }
            for number in range(1, count + 1)[(page - 1) * size : page * size]
        ]
    ).encode()


def feed(home: str, paths: list[str]) -> bytes:
    """A feed of these pages."""
    date = format_datetime(datetime.now(UTC))
    items = "".join(
        f"<item><title>A</title><link>{home}{path}</link><pubDate>{date}</pubDate></item>" for path in paths
    )
    return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


def serve(count: int, real: bool, port: Any) -> None:
    """The server's process: answers until it is ended."""
    served = site(count, real)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readuntil(b"\r\n\r\n"):
            parts = urlsplit(request.split(b" ", 2)[1].decode())
            if parts.path == served.listing:
                body = served.listed(f"http://127.0.0.1:{port.value}", parse_qs(parts.query))
                kind, status = "application/json" if body[:1] == b"[" else "application/rss+xml", "200 OK"
            elif parts.path in served.pages:
                body, kind, status = served.pages[parts.path], "text/html", "200 OK"
            else:
                body, kind, status = b"", "text/plain", "404 Not Found"
            fields = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nX-WP-Total: {count}"
            writer.write(f"HTTP/1.1 {status}\r\n{fields}\r\n\r\n".encode() + body)
            await writer.drain()

    async def forgiving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(forgiving, "127.0.0.1", 0)
        port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    asyncio.run(main())
