"""Saves a decision submitted by a form."""

from __future__ import annotations

from typing import Any, cast

from datasette.utils.asgi import Request, Response

from acca_crawler.items import FalseAlarmReason
from acca_crawler.web.auth.signin import MAX_NOTE
from acca_crawler.web.pages import language_of, not_found, see_other, signed_in
from acca_crawler.web.queue_page import filter_of, query_of
from acca_crawler.web.report_page import arguments_of, report_page
from acca_crawler.web.site import site_of
from storage.exceptions import ChangedSince, NoSuchReport, ReviewError
from storage.review import queue, queue_refresh, reviews
from storage.review.drafts import drop_draft
from storage.review.reviews import DECISIONS, VERDICTS, Decision, Review, Seen
from storage.review.users import User
from storage.schema.kinds import ReviewDb
from storage.schema.numbers import typed_number


async def decide(request: Request, datasette: Any) -> Response:
    """Save the decision and go on to the next report in the queue, or explain why it was not saved."""
    site, user = site_of(datasette), signed_in(request)
    article_id = int(request.url_vars["article_id"][:15])
    form = await request.post_vars()
    arguments = arguments_of(form.get("back", ""))
    try:
        decision = _decision(form, user)
        await _must_be_allowed(site, decision, user)
        written = await site.store.run(
            _save, article_id, decision, _seen(form), site.stamp(), site.config.web.second_reviewer
        )
    except NoSuchReport:
        return await not_found(datasette, request)
    except ReviewError as error:
        changed = isinstance(error, ChangedSince)
        problem = language_of(request).text(error.message, **error.values)
        return await report_page(
            request, datasette, status=409 if changed else 400, problem=problem, changed=changed, sent=form,
            arguments=arguments,
        )  # fmt: skip
    return await _go_on(site, user, written, arguments)


def _save(db: ReviewDb, article_id: int, decision: Decision, seen: Seen, at: str, second_reviewer: bool) -> Review:
    queue_refresh.refresh(db, second_reviewer)  # changes made since the page was shown count as unseen
    written = reviews.decide(db, article_id, decision, seen, at, second_reviewer)
    drop_draft(db, decision.reviewer, article_id)
    return written


def _decision(form: dict[str, str], user: User) -> Decision:
    repeated = form.get("repeat", "")
    verdict = "false_alarm" if repeated else form.get("verdict", "")
    if verdict not in VERDICTS:
        raise ReviewError("choose a decision")
    return Decision(
        verdict=verdict,
        reviewer=user.name,
        note=form.get("note", "")[:MAX_NOTE].replace("\r\n", "\n"),
        reason=cast(FalseAlarmReason, repeated or form.get("reason") or None) if verdict == "false_alarm" else None,
        duplicate_of=typed_number(form.get("duplicate_of")) if verdict == "duplicate_of" else None,
        assignee=(form.get("assignee") or None) if verdict == "assign" else None,
        undoes=typed_number(form.get("undoes")) if verdict == "undo" else None,
    )


def _seen(form: dict[str, str]) -> Seen:
    review_id, revision_id = typed_number(form.get("seen_review")), typed_number(form.get("seen_revision"))
    if review_id is None or revision_id is None:
        raise ReviewError("the form is incomplete: reload the page")
    return Seen(review_id, revision_id)


async def _must_be_allowed(site: Any, decision: Decision, user: User) -> None:
    """Raise `ReviewError` unless the user may undo the decision: only leads may undo another person's."""
    if decision.verdict == "undo" and not user.may("lead"):
        entry: Review | None = await site.store.run(reviews.entry, decision.undoes or 0)
        if entry and entry.reviewer != user.name:
            raise ReviewError("only a lead can undo another person's decision")


async def _go_on(site: Any, user: User, written: Review, arguments: dict[str, str]) -> Response:
    wanted = filter_of(arguments, user.name)
    target = written.article_id
    if written.verdict in DECISIONS:
        following = await site.store.run(queue.neighbour, wanted, written.article_id)
        if following is None:
            return see_other(f"/queue?{query_of(wanted, done=written.id)}")
        target = following
    return see_other(f"/reports/{target}?{query_of(wanted, done=written.id)}")
