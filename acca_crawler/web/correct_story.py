"""Saves a correction of a story submitted by the report page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.ingest.story_corrections import apply_pending
from acca_crawler.web.forms import Form, number_of, numbers_of, one, sent_form
from acca_crawler.web.pages import language_of, see_other, signed_in
from acca_crawler.web.queue_page import filter_of, query_of
from acca_crawler.web.report_page import arguments_of, report_page
from acca_crawler.web.site import site_of
from storage.exceptions import ReviewError
from storage.review import corrections, queue_refresh
from storage.review.corrections import Correction
from storage.review.users import User
from storage.schema.kinds import ReviewDb

MAX_NOTE = 1000


async def correct_story(request: Request, datasette: Any) -> Response:
    """Split or merge a story, or undo that, and show the report again; explain why if it was not saved."""
    site, user = site_of(datasette), signed_in(request)
    article_id = int(request.url_vars["article_id"])
    form = await sent_form(request)
    arguments = arguments_of(one(form, "back"))
    try:
        done = await site.store.run(
            _correct, article_id, form, user, site.stamp(), site.config.archive_file, site.config.web.second_reviewer
        )
    except ReviewError as error:
        problem = language_of(request).text(error.message, **error.values)
        return await report_page(
            request, datasette, status=400, problem=problem, story_problem=True, arguments=arguments
        )  # fmt: skip
    return see_other(f"/reports/{article_id}?{query_of(filter_of(arguments, user.name), corrected=done.id)}")


def _correct(
    db: ReviewDb, article_id: int, form: Form, user: User, at: str, archive_file: Path, second_reviewer: bool
) -> Correction:
    note = one(form, "note")[:MAX_NOTE]
    if undone := number_of(form, "undo"):
        done = corrections.undo(db, undone, user.name, user.may("lead"), note, at)
    elif one(form, "action") == "split":
        done = corrections.split(db, numbers_of(form, "member"), user.name, note, at)
    elif one(form, "action") == "merge":
        done = corrections.merge(db, article_id, number_of(form, "other"), user.name, note, at)
    else:
        raise ReviewError("choose a decision")
    apply_pending(db, archive_file, at)
    queue_refresh.refresh(db, second_reviewer)
    return done
