"""Pages of cases, and of prisons, agencies and places: what was reported about them over the years."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from datasette.utils.asgi import Request, Response

from acca_crawler.cases import mention_index
from acca_crawler.cases.steps import steps_of
from acca_crawler.cases.suggesting import Suggestion, spellings_of, suggestions_for
from acca_crawler.web.auth.signin import MAX_NOTE
from acca_crawler.web.forms import Form, number_of, numbers_of, one, page_asked, sent_form
from acca_crawler.web.pages import language_of, not_found, render, see_other, signed_in
from acca_crawler.web.site import site_of
from storage.articles import read
from storage.exceptions import ReviewError
from storage.review import cases, mentions
from storage.review.cases import Case, CaseEntry
from storage.review.mentions import MentioningReport
from storage.review.users import User
from storage.schema.kinds import ReviewDb

PAGE = 50
MAX_REPORTS = 200
"""Reports listed on one page of a prison, an agency or a place."""


@dataclass(frozen=True, slots=True)
class Step:
    """A report on a timeline, with the steps of the case that it is about, the weightiest first."""

    report: MentioningReport
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """The data shown on a case's page."""

    case: Case
    names: list[str]
    roles: list[str]
    timeline: list[Step]
    suggestions: list[Suggestion]
    rejected: list[MentioningReport]
    entries: list[CaseEntry]
    undoable: CaseEntry | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in the list of cases; days are `2026-11-22`."""

    id: int
    name: str
    reports: int
    first_day: str
    last_day: str


def read_case(db: ReviewDb, case_id: int, user: User) -> CasePage | None:
    """Read a case, or the one it was merged into; None if there is none."""
    case = cases.current(cases.cases(db), case_id)
    if case is None:
        return None
    names, roles = spellings_of(db, case)
    written = cases.entries(db, case.id)
    return CasePage(
        case=case,
        names=names,
        roles=roles,
        timeline=timeline(db, case.confirmed),
        suggestions=suggestions_for(db, case),
        rejected=mentions.reports(db, case.rejected),
        entries=written,
        undoable=cases.undoable(written, user.name, user.may("lead")),
    )


def timeline(db: ReviewDb, article_ids: Sequence[int]) -> list[Step]:
    """Return reports with the steps that they are about, oldest first."""
    found = []
    for report in mentions.reports(db, article_ids):
        record = read.load(db, report.article_id)
        stages = [fact.value for fact in record.facts if fact.kind == "stage"]
        steps = steps_of(record.title, record.text, record.language, json.loads(report.categories), stages)
        found.append(Step(report, tuple(steps)))
    return found


def read_list(db: ReviewDb, wanted: str) -> list[CaseLine]:
    """Return the cases whose name contains `wanted`, the one with the newest report first."""
    found = []
    for case in cases.cases(db).values():
        if case.merged_into is None and case.confirmed and wanted.casefold() in case.name.casefold():
            days = [report.day for report in mentions.reports(db, case.confirmed)]
            found.append(CaseLine(case.id, case.name, len(case.confirmed), days[0], days[-1]))
    return sorted(found, key=lambda line: line.last_day, reverse=True)


async def cases_page(request: Request, datasette: Any) -> Response:
    """List the cases, or open one."""
    site, user = site_of(datasette), signed_in(request)
    problem, status = "", 200
    if request.method == "POST":
        form = await sent_form(request)
        try:
            number = await site.store.run(
                cases.open_case, one(form, "name"), numbers_of(form, "article"), user.name, _note(form), site.stamp()
            )
            return see_other(f"/cases/{number}")
        except ReviewError as error:
            problem, status = language_of(request).text(error.message, **error.values), 400
    wanted = str(request.args.get("q") or "").strip()[: cases.MAX_NAME]
    number = page_asked(request.args)
    found = await site.store.run(read_list, wanted)
    return await render(
        datasette, request, "cases", status=status, problem=problem, wanted=wanted, total=len(found), number=number,
        lines=found[(number - 1) * PAGE : number * PAGE], last=max((len(found) + PAGE - 1) // PAGE, 1),
    )  # fmt: skip


async def case_page(request: Request, datasette: Any) -> Response:
    """Show a case, or save a decision about it."""
    site, user = site_of(datasette), signed_in(request)
    case_id = int(request.url_vars["case_id"])
    problem, status = "", 200
    if request.method == "POST":
        form = await sent_form(request)
        try:
            target = await site.store.run(_change, case_id, form, user, site.stamp())
            return see_other(f"/cases/{target}")
        except ReviewError as error:
            problem, status = language_of(request).text(error.message, **error.values), 400
    found = await site.store.run(read_case, case_id, user)
    if found is None:
        return await not_found(datasette, request)
    return await render(datasette, request, "case", status=status, found=found, problem=problem)


def _change(db: ReviewDb, case_id: int, form: Form, user: User, at: str) -> int:
    """Save what the form asks for; returns the case to show next."""
    action, articles, note = one(form, "action"), numbers_of(form, "article"), _note(form)
    match action:
        case "confirm" | "reject":
            cases.judge(db, case_id, cast(Any, action), articles, user.name, note, at)
        case "split":
            return cases.split(db, case_id, articles, one(form, "name"), user.name, note, at)
        case "merge":
            cases.merge(db, case_id, number_of(form, "other"), user.name, note, at)
        case "rename":
            cases.rename(db, case_id, one(form, "name"), user.name, at)
        case "note":
            cases.add_note(db, case_id, note, user.name, at)
        case "undo":
            cases.undo(db, case_id, user.name, user.may("lead"), at)
        case _:
            raise ReviewError("choose a decision")
    return case_id


@dataclass(frozen=True, slots=True)
class AboutPage:
    """The data of a page about a prison, an agency or a place: its spellings, and its newest reports, oldest first."""

    names: list[str]
    timeline: list[Step]


def read_about(db: ReviewDb, kind: str, key: str) -> AboutPage:
    """Read what flagged reports say about a prison, an agency, a town or a region."""
    mention_index.refresh(db)
    found = mentions.mentioning(db, kind, [key], MAX_REPORTS)
    return AboutPage(mentions.spellings(db, kind, [key]), timeline(db, found))


async def about_page(request: Request, datasette: Any) -> Response:
    """Show what was reported about a prison, an agency or a place."""
    kind, key = request.url_vars["kind"], str(request.args.get("key") or "")[:200]
    found = await site_of(datasette).store.run(read_about, kind, key)
    if not found.timeline:
        return await not_found(datasette, request)
    return await render(datasette, request, "about", found=found, kind=kind, key=key)


def _note(form: Form) -> str:
    return one(form, "note")[:MAX_NOTE].replace("\r\n", "\n")
