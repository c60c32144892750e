"""Decisions made on the queue page: for one row, the selected rows, or every story that matches the filter."""

from __future__ import annotations

from typing import Any, cast

from datasette.utils.asgi import Request, Response

from acca_crawler.items import FalseAlarmReason, Verdict
from acca_crawler.web.auth.signin import MAX_NOTE
from acca_crawler.web.forms import Form, number_of, numbers_of, one, page_asked, sent_form
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
from storage.schema.numbers import typed_number

ALLOWED: tuple[Verdict, ...] = ("confirm", "false_alarm", "watch", "assign", "reopen")
"""Verdicts that can apply to several stories at once."""


async def decide_in_queue(request: Request, datasette: Any) -> Response:
    """Save the decisions of the queue's form and show the queue again, with one undo for all of them."""
    site, user = site_of(datasette), signed_in(request)
    form = await sent_form(request)
    arguments = arguments_of(one(form, "back"))
    wanted = filter_of(arguments, user.name)
    second = site.config.web.second_reviewer
    try:
        if undone := number_of(form, "undo_batch"):
            outcome = await site.store.run(_undo, undone, user.name, site.stamp(), second)
        else:
            decision, chosen = _decision(form, user.name)
            outcome = await site.store.run(_save, chosen, wanted, decision, _as_of(form), site.stamp(), second)
    except ReviewError as error:
        problem = language_of(request).text(error.message, **error.values)
        return await queue_page(request, datasette, problem=problem, arguments=arguments, status=400)
    if outcome.left_out and not outcome.decided:
        say = language_of(request)
        reasons = dict.fromkeys(say.text(error.message, **error.values) for _, error in outcome.left_out)
        return await queue_page(request, datasette, problem="; ".join(reasons), arguments=arguments, status=409)
    number = page_asked(arguments)
    left = len(outcome.left_out)
    return see_other(f"/queue?{query_of(wanted, batch=outcome.batch_id, left=left, page=number if number > 1 else '')}")


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
    verdict, _, row = one(form, "row").partition(":")
    if not row:
        verdict = one(form, "verdict")
    reason = one(form, f"reason:{row}" if row else "reason")
    if repeated := one(form, "repeat"):
        verdict, reason = "false_alarm", repeated
    if verdict not in ALLOWED:
        raise ReviewError("choose a decision")
    decision = Decision(
        verdict=verdict,
        reviewer=reviewer,
        note=one(form, "note")[:MAX_NOTE].replace("\r\n", "\n") if not row else "",
        reason=cast(FalseAlarmReason, reason or None) if verdict == "false_alarm" else None,
        assignee=(one(form, "assignee") or None) if verdict == "assign" else None,
    )
    if verdict == "false_alarm" and decision.reason not in REASONS:
        raise ReviewError("choose a reason for the false alarm")
    if row:
        return decision, [typed_number(row) or 0]
    if one(form, "all"):
        return decision, None
    return decision, numbers_of(form, "story")


def _as_of(form: Form) -> AsOf:
    return AsOf(number_of(form, "as_of_review"), number_of(form, "as_of_revision"))
