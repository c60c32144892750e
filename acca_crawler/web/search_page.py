"""Search over the archive for those who read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Request, Response
from sqlite_utils import Database

from acca_crawler.web.pages import render
from acca_crawler.web.site import site_of

MOST = 50
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One article found."""

    article_id: int
    outlet: str
    day: str
    title: str
    language: str | None


def read(db: Database, wanted: str) -> list[Found]:
    """The newest articles whose title holds every word."""
    words = wanted.split()[:10]
    where = " AND ".join("title LIKE ? ESCAPE '\\'" for _ in words)
    values = ["%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%" for word in words]
    rows = db.execute(
        "SELECT articles.id AS article_id, outlet, substr(coalesce(published_at, first_seen_at), 1, 10) AS day, title, "
        f"language FROM archive.articles JOIN archive.revisions ON revisions.id = revision_id WHERE {where} "
        "ORDER BY articles.id DESC LIMIT ?",
        [*values, MOST],
    ).fetchall()
    return [Found(**dict(row)) for row in rows]


async def search_page(request: Request, datasette: Any) -> Response:
    """The form and what was found."""
    wanted = (request.args.get("q") or "").strip()[:LONGEST]
    found = await site_of(datasette).store.run(read, wanted) if wanted else []
    return await render(datasette, request, "search", wanted=wanted, found=found, most=MOST)
