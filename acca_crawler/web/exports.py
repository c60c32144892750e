"""Export of the queue, a search or one report as XLSX, CSV, JSON Lines or Word; citations of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.exceptions import ReadersError
from acca_crawler.i18n.catalogue import Language
from acca_crawler.reports import citation
from acca_crawler.reports.casebook.plain import as_csv, as_json_lines
from acca_crawler.reports.casebook.rows import MAX_ROWS, CaseRow, case_rows
from acca_crawler.reports.casebook.uwazi import as_uwazi
from acca_crawler.reports.casebook.word_report import as_docx
from acca_crawler.reports.casebook.workbook import as_xlsx
from acca_crawler.search import search
from acca_crawler.web import download_journal
from acca_crawler.web.pages import language_of, not_found, render, signed_in
from acca_crawler.web.queue_page import filter_of
from acca_crawler.web.search_page import MAX_LENGTH, narrowed_by
from acca_crawler.web.site import site_of
from storage.articles.search import SearchFilter
from storage.exceptions import NoSuchArticle
from storage.review import queue, queue_refresh
from storage.review.queue import QueueFilter
from storage.schema.kinds import ReviewDb

FORMATS: dict[str, tuple[str, Callable[[Iterable[CaseRow], Language, datetime], bytes]]] = {
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda rows, say, at: as_xlsx(rows, say),
    ),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_docx),
    "csv": ("text/csv; charset=utf-8", lambda rows, say, at: as_csv(rows, say)),
    "uwazi": ("text/csv; charset=utf-8", lambda rows, say, at: as_uwazi(rows, say)),
    "jsonl": ("application/x-ndjson; charset=utf-8", lambda rows, say, at: as_json_lines(rows, say)),
}
ENDINGS = {"uwazi": "uwazi.csv"}
"""File names' endings that differ from the format's name."""
CITATIONS: dict[str, tuple[str, str, Callable[[CaseRow], str]]] = {
    "text": ("txt", "text/plain; charset=utf-8", citation.plain_text),
    "ris": ("ris", "application/x-research-info-systems; charset=utf-8", citation.ris),
    "csl": ("json", "application/vnd.citationstyles.csl+json; charset=utf-8", citation.csl_json),
}


async def export_queue(request: Request, datasette: Any) -> Response:
    """Export the stories that match the queue's filter, with decisions."""
    wanted = filter_of(request.args, signed_in(request).name)
    second_reviewer = site_of(datasette).config.web.second_reviewer
    return await _export(request, datasette, "queue", _queue_rows, wanted, second_reviewer)


async def export_search(request: Request, datasette: Any) -> Response:
    """Export search results, with decisions for users who may see them."""
    words = (request.args.get("q") or "").strip()[:MAX_LENGTH]
    decisions = signed_in(request).may("monitor")
    return await _export(request, datasette, "search", _search_rows, words, narrowed_by(request.args), decisions)


async def export_report(request: Request, datasette: Any) -> Response:
    """Export one report, with decisions for users who may see them."""
    article_id = int(request.url_vars["article_id"])
    decisions = signed_in(request).may("monitor")
    return await _export(request, datasette, f"report-{article_id}", _one, article_id, decisions)


async def cite(request: Request, datasette: Any) -> Response:
    """Serve a citation of a report as a download."""
    article_id = int(request.url_vars["article_id"])
    ending, media_type, written = CITATIONS[request.url_vars["form"]]
    try:
        rows = await site_of(datasette).store.run(_one, article_id, False)
    except (NoSuchArticle, OverflowError):
        return await not_found(datasette, request)
    headers = {"Content-Disposition": f'attachment; filename="acca-{article_id}.{ending}"'}
    return Response(written(rows[0]), headers=headers, content_type=media_type)


async def _export(
    request: Request, datasette: Any, name: str, read: Callable[..., list[CaseRow]], *arguments: object
) -> Response:
    site, say = site_of(datasette), language_of(request)
    form = request.url_vars["form"]
    media_type, written = FORMATS[form]
    try:
        rows = await site.store.run(read, *arguments)
        body = written(rows, say, site.now())
    except (NoSuchArticle, OverflowError):
        return await not_found(datasette, request)
    except ReadersError as error:
        return await render(datasette, request, "problem", status=400, message=say.text(error.message, **error.values))
    await site.store.run(
        download_journal.note, signed_in(request), "export", {"what": name, "format": form}, body, site.stamp()
    )
    headers = {
        "Content-Disposition": f'attachment; filename="acca-{name}-{site.now():%Y-%m-%d}.{ENDINGS.get(form, form)}"'
    }
    return Response(body, headers=headers, content_type=media_type)


def _queue_rows(db: ReviewDb, wanted: QueueFilter, second_reviewer: bool) -> list[CaseRow]:
    queue_refresh.refresh(db, second_reviewer)
    items = queue.page(db, wanted, MAX_ROWS + 1)
    return list(case_rows(db, (item.article_id for item in items), decisions=True))


def _search_rows(db: ReviewDb, words: str, narrowed: SearchFilter, decisions: bool) -> list[CaseRow]:
    asked = bool(words) or narrowed != SearchFilter()
    hits = search(db, words, narrowed, order="newest", limit=MAX_ROWS + 1) if asked else []
    return list(case_rows(db, (hit.article_id for hit in hits), decisions))


def _one(db: ReviewDb, article_id: int, decisions: bool) -> list[CaseRow]:
    return list(case_rows(db, [article_id], decisions))
