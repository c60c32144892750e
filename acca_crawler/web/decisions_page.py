"""The newest decisions, for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.web.filters import coded
from acca_crawler.web.forms import page_asked
from acca_crawler.web.pages import render
from acca_crawler.web.site import site_of
from storage.review import queue_refresh
from storage.review.decisions_view import create_view
from storage.schema.kinds import ReviewDb

PAGE = 50


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """One page of decided stories, newest first, whether there are more, and the reviewers to choose from."""

    rows: list[Any]
    more: bool
    reviewers: list[str]


def read(db: ReviewDb, status: str, reviewer: str, number: int, second_reviewer: bool) -> DecisionsPage:
    """Read page `number` (from 1) of the decisions, of one status or reviewer if named."""
    queue_refresh.refresh(db, second_reviewer)
    create_view(db)
    rows = db.execute(
        "SELECT * FROM v_decisions WHERE verdict IS NOT NULL AND (? = '' OR status = ?) AND (? = '' OR reviewer = ?) "
        "ORDER BY decided_at DESC, story_id DESC LIMIT ? OFFSET ?",
        [status, status, reviewer, reviewer, PAGE + 1, (number - 1) * PAGE],
    ).fetchall()
    names = db.execute("SELECT DISTINCT reviewer FROM reviews ORDER BY 1").fetchall()
    return DecisionsPage(rows[:PAGE], len(rows) > PAGE, [row[0] for row in names])


async def decisions_page(request: Request, datasette: Any) -> Response:
    """Show the newest decisions."""
    site = site_of(datasette)
    status = coded("status", str(request.args.get("status") or "")[:40])
    reviewer = str(request.args.get("reviewer") or "")[:64]
    number = page_asked(request.args)
    found = await site.store.run(read, status, reviewer, number, site.config.web.second_reviewer)
    return await render(
        datasette, request, "decisions", found=found, status_wanted=status, reviewer=reviewer, number=number
    )
