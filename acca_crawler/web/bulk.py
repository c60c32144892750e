"""Decisions made on the queue page: for one row, the selected rows, or every story that matches the filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from urllib.parse import parse_qs

from datasette.utils.asgi import Request, Response

from acca_crawler.items import FalseAlarmReason, Verdict
from acca_crawler.web.auth.signin import MAX_NOTE
from acca_crawler.web.pages import language_of, see_other, signed_in
from acca_crawler.web.queue_page import filter_of, query_of, queue_page
from acca_crawler.web.report_page import arguments_of
from acca_crawler.web.site import site_of
from storage.exceptions import ReviewError
from storage.review import batches, queue, queue_refresh
from storage.review.batches import MAX_STORIES, AsOf, BatchResult
from storage.review.queue import QueueFilter
from storage.review.reviews import REASONS, Decision
from storage.schema.kinds import ReviewDb

ALLOWED: tuple[Verdict, ...] = ("confirm", "false_alarm", "watch", "assign", "reopen")
"""Verdicts that can apply to several stories at once."""

Form = Mapping[str, Sequence[str]]


async def decide_in_queue(request: Request, datasette: Any) -> Response:
    """Save the decisions of the queue's form and show the queue again, with one undo for all of them."""
    site, user = site_of(datasette), signed_in(request)
    form = parse_qs((await request.post_body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=5000)
    arguments = arguments_of(_one(form, "back"))
    wanted = filter_of(arguments, user.name)
    second = site.config.web.second_reviewer
    try:
        if undone := _number(_one(form, "undo_batch")):
            outcome = await site.store.run(_undo, undone, user.name, site.stamp(), second)
        else:
            decision, chosen = _decision(form, user.name)
            outcome = await site.store.run(_save, chosen, wanted, decision, _as_of(form), site.stamp(), second)
    except ReviewError as error:
        problem = language_of(request).text(error.message, **error.values)
        return await queue_page(request, datasette, problem=problem, arguments=arguments, status=400)
    left = len(outcome.left_out)
    return see_other(f"/queue?{query_of(wanted, batch=outcome.batch_id, left=left)}")


def _save(
    db: ReviewDb, chosen: list[int] | None, wanted: QueueFilter, decision: Decision, seen: AsOf, at: str, second: bool
) -> BatchResult:
    queue_refresh.refresh(db, second)
    if chosen is None:
        chosen = queue.article_ids(db, wanted, MAX_STORIES + 1)
    if not chosen:
        raise ReviewError("select a story first")
    return batches.decide_all(db, chosen, decision, seen, at, second)


def _undo(db: ReviewDb, batch_id: int, reviewer: str, at: str, second: bool) -> BatchResult:
    queue_refresh.refresh(db, second)
    if batches.batch(db, batch_id, reviewer) is None:
        raise ReviewError("decision not found")
    return batches.undo_all(db, batch_id, reviewer, at, second)


def _decision(form: Form, reviewer: str) -> tuple[Decision, list[int] | None]:
    """Return the decision and its reports (None: every report that matches the filter)."""
    verdict, _, row = _one(form, "row").partition(":")
    if not row:
        verdict = _one(form, "verdict")
    reason = _one(form, f"reason:{row}" if row else "reason")
    if repeated := _one(form, "repeat"):
        verdict, reason = "false_alarm", repeated
    if verdict not in ALLOWED:
        raise ReviewError("choose a decision")
    decision = Decision(
        verdict=verdict,
        reviewer=reviewer,
        note=_one(form, "note")[:MAX_NOTE].replace("\r\n", "\n") if not row else "",
        reason=cast(FalseAlarmReason, reason or None) if verdict == "false_alarm" else None,
        assignee=(_one(form, "assignee") or None) if verdict == "assign" else None,
    )
    if verdict == "false_alarm" and decision.reason not in REASONS:
        raise ReviewError("choose a reason for the false alarm")
    if row:
        return decision, [_number(row)]
    if _one(form, "all"):
        return decision, None
    return decision, [_number(text) for text in form.get("story", ())]


def _as_of(form: Form) -> AsOf:
    return AsOf(_number(_one(form, "as_of_review")), _number(_one(form, "as_of_revision")))


def _one(form: Form, name: str) -> str:
    return (form.get(name) or [""])[-1]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0
