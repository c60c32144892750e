"""The lead's page: workload, oldest waiting, waiting for a second person, disagreements, false alarms by rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.clock import earlier
from acca_crawler.web.pages import render
from acca_crawler.web.site import site_of
from storage.review import queue_refresh, team
from storage.review.team import Disagreement, RuleFigures, Waiting, Workload
from storage.schema.kinds import ReviewDb

WEEK, QUARTER = 7, 90
"""Days over which decisions, and disagreements and false alarms, are counted."""

LISTED = 15


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The data shown on the lead's page."""

    workloads: list[Workload]
    oldest: list[Waiting]
    second: list[Waiting]
    disagreements: list[Disagreement]
    rules: list[RuleFigures]


def read(db: ReviewDb, at: str, second_reviewer: bool) -> TeamPage:
    """Read the page as of a time (UTC)."""
    queue_refresh.refresh(db, second_reviewer)
    quarter = earlier(at, days=QUARTER)
    return TeamPage(
        team.workloads(db, earlier(at, days=WEEK)),
        team.longest_waiting(db, LISTED),
        team.longest_waiting(db, LISTED, "second"),
        team.disagreements(db, quarter, LISTED),
        team.false_alarms_by_rule(db, quarter, LISTED),
    )


async def team_page(request: Request, datasette: Any) -> Response:
    """Show the lead's page."""
    site = site_of(datasette)
    found = await site.store.run(read, site.stamp(), site.config.web.second_reviewer)
    return await render(
        datasette, request, "team",
        found=found, week=WEEK, quarter=QUARTER, names_of=lambda asked_by: json.loads(asked_by),
    )  # fmt: skip
