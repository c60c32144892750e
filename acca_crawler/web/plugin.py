"""The Datasette plugin: routes of our pages, permissions for Datasette's own pages, and template variables."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from datasette import hookimpl
from jinja2 import Environment
from markupsafe import Markup

from acca_crawler.i18n.catalogue import INTERFACE_LANGUAGES, language
from acca_crawler.i18n.regions import REGIONS
from acca_crawler.web import (
    ask_services,
    canned,
    escaping,
    evidence_downloads,
    exports,
    feeds,
    overview,
    packs,
    pages,
    problems,
    search_page,
)
from acca_crawler.web.auth import signin
from acca_crawler.web.auth.gate import RESUME, AccessMiddleware
from acca_crawler.web.bounded_rows import bounded_rows
from acca_crawler.web.bulk import decide_in_queue
from acca_crawler.web.cases_page import about_page, case_page, cases_page
from acca_crawler.web.correct_story import correct_story
from acca_crawler.web.decide import decide
from acca_crawler.web.decisions_page import decisions_page
from acca_crawler.web.figures_page import figures_page
from acca_crawler.web.follows_page import follows_page
from acca_crawler.web.inert_csv import InertCsv
from acca_crawler.web.queue_page import queue_page
from acca_crawler.web.report_page import alert, report_page
from acca_crawler.web.site import is_ours, site_of
from acca_crawler.web.status_page import metrics, status_page
from acca_crawler.web.team_page import team_page
from acca_crawler.web.users_page import users_page

MAX_VALUE = 64 * 1024 * 1024
"""Maximum bytes of one value in an analyst's query: enough for any article, too little to exhaust memory."""

MAX_HEAP = 768 * 1024 * 1024
"""Maximum bytes that SQLite may use in the whole server; a query that needs more fails."""

WITHHELD = {("deliveries", "target"), ("deliveries", "error")}
"""Archive columns that user SQL reads as null."""

FORBIDDEN = ("fts3_tokenizer", "load_extension")
"""Functions that user SQL may not call: the first reveals a memory address, the second would run code."""


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    """Register our routes."""
    if not is_ours(datasette):
        return []
    return [
        (r"^/$", home),
        (r"^/sign-in$", signin.sign_in),
        (r"^/sign-in/link$", signin.sign_in_by_link),
        (rf"^{RESUME}$", signin.resume),
        (r"^/sign-out$", signin.sign_out),
        (r"^/language$", signin.set_language),
        (r"^/account$", signin.account),
        (r"^/account/feeds$", feeds.feed_address),
        (r"^/account/zone$", signin.set_time_zone),
        (r"^/feeds/(?P<token>[\w-]{43})/all\.xml$", feeds.feed),
        (r"^/feeds/(?P<token>[\w-]{43})/(?P<group>followed)\.xml$", feeds.feed),
        (r"^/feeds/(?P<token>[\w-]{43})/(?P<group>countries)/(?P<of>[a-z]{2})\.xml$", feeds.feed),
        (r"^/feeds/(?P<token>[\w-]{43})/(?P<group>categories)/(?P<of>[a-z_]{1,64})\.xml$", feeds.feed),
        (r"^/queue$", queue_route),
        (r"^/queue/decide$", decide_in_queue),
        (r"^/queue/export\.(?P<form>xlsx|docx|csv|jsonl|uwazi)$", exports.export_queue),
        (r"^/search/export\.(?P<form>xlsx|docx|csv|jsonl|uwazi)$", exports.export_search),
        (r"^/reports/(?P<article_id>\d{1,15})/export\.(?P<form>xlsx|docx|csv|jsonl|uwazi)$", exports.export_report),
        (r"^/reports/(?P<article_id>\d{1,15})/pack$", packs.download_pack),
        (r"^/reports/(?P<article_id>\d{1,15})/cite/(?P<form>text|ris|csl)$", exports.cite),
        (r"^/reports/(?P<article_id>\d{1,15})$", report_page_route),
        (r"^/reports/(?P<article_id>\d{1,15})/decide$", decide),
        (r"^/reports/(?P<article_id>\d{1,15})/story$", correct_story),
        (r"^/reports/(?P<article_id>\d{1,15})/translate$", ask_services.translate),
        (r"^/reports/(?P<article_id>\d{1,15})/opinion$", ask_services.ask_opinion),
        (r"^/cases$", cases_page),
        (r"^/follows$", follows_page),
        (r"^/decisions$", decisions_page),
        (r"^/team$", team_page),
        (r"^/users$", users_page),
        (r"^/cases/(?P<case_id>\d{1,15})$", case_page),
        (r"^/about/(?P<kind>prison|place|region|agency)$", about_page),
        (r"^/alerts/(?P<alert_id>\d{1,15})$", alert),
        (r"^/captures/(?P<capture_id>\d{1,15})$", evidence_downloads.download),
        (r"^/overview$", overview.overview_page),
        (r"^/status$", status_page),
        (r"^/metrics$", metrics),
        (r"^/search$", search_page.search_page),
        (r"^/search/figures$", figures_page),
        (r"^/keys$", keys),
    ]


async def home(request: Any, datasette: Any) -> Any:
    """Redirect to the start page of the user's role."""
    return pages.see_other("/queue" if pages.signed_in(request).may("monitor") else "/overview")


async def queue_route(request: Any, datasette: Any) -> Any:
    """Show the queue."""
    return await queue_page(request, datasette)


async def report_page_route(request: Any, datasette: Any) -> Any:
    """Show one report."""
    return await report_page(request, datasette)


async def keys(request: Any, datasette: Any) -> Any:
    """Show the list of keyboard shortcuts."""
    return await pages.render(datasette, request, "keys")


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Wrap Datasette in `AccessMiddleware`."""
    if not is_ours(datasette):
        return lambda app: app
    return lambda app: AccessMiddleware(InertCsv(app), site_of(datasette), partial(problems.refusal, datasette))


@hookimpl
def actor_from_request(datasette: Any, request: Any) -> dict[str, str] | None:
    """Return the signed-in user as Datasette's actor."""
    actor: dict[str, str] | None = request.scope.get("actor") if is_ours(datasette) else None
    return actor


@hookimpl
def permission_allowed(datasette: Any, actor: dict[str, str] | None, action: str, resource: Any) -> bool | None:
    """Second check behind `AccessMiddleware`: signed-in users may read the archive; no downloads, no debugging."""
    if not is_ours(datasette):
        return None
    if actor is None or "role" not in actor:
        return False
    if action in ("view-database", "execute-sql", "view-table", "view-query"):
        return (resource if isinstance(resource, str) else resource[0]) == "acca"
    return action == "view-instance"


@hookimpl
def prepare_jinja2_environment(datasette: Any, env: Environment) -> None:
    """Strip whatever our Content Security Policy blocks from Datasette's templates."""
    if is_ours(datasette) and env.loader is not None:
        env.loader = problems.StrictLoader(env.loader)


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Iterator[None]:
    """Replace Datasette's error pages with ours."""
    outcome: Any = yield
    if is_ours(datasette):
        outcome.force_result([problems.answer(datasette, request, exception)])


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> dict[str, Any]:
    """Add the language, the user and our helpers to the context."""
    return pages.context_of(request) if is_ours(datasette) else {}


@hookimpl
def prepare_connection(conn: sqlite3.Connection, datasette: Any) -> None:
    """Restrict analysts' connections: no ATTACH, no huge values, no recipients of messages."""
    if not is_ours(datasette):
        return
    conn.row_factory = bounded_rows()
    conn.execute(f"PRAGMA hard_heap_limit = {MAX_HEAP}")
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    conn.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    conn.set_authorizer(_authorise)


def _authorise(action: int, table: str | None, column: str | None, *_: object) -> int:
    """Authorise SQL: message recipients (personal addresses) read as null; server paths and memory stay hidden."""
    if action == sqlite3.SQLITE_READ and (table, column) in WITHHELD:
        return sqlite3.SQLITE_IGNORE
    if action == sqlite3.SQLITE_PRAGMA and table == "database_list":
        return sqlite3.SQLITE_IGNORE
    if action == sqlite3.SQLITE_FUNCTION and column in FORBIDDEN:
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


@hookimpl
def render_cell(row: Any, value: Any, column: str, datasette: Any) -> Markup | None:
    """In Datasette's tables: lead from numbers of articles to their reports, name regions, and show hidden characters.

    Links have no referrer.
    """
    if not is_ours(datasette):
        return None
    if column == "article_id" and isinstance(value, int):
        return Markup('<a href="/reports/{0}">{0}</a>').format(value)
    if not isinstance(value, str):
        return None
    if column == "value" and value in REGIONS and "kind" in row.keys() and row["kind"] == "region":  # noqa: SIM118
        names = (language(code).text(REGIONS[value]) for code in INTERFACE_LANGUAGES)
        return Markup("{} ({})").format(value, ", ".join(names))
    if re.match(r"https?://\S+$", value):
        return escaping.link(value)
    shown = escaping.visible(value[:2048])
    return shown if "hidden-character" in shown else None


@hookimpl
def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
    """Return the queries that analysts need often."""
    return canned.QUERIES if is_ours(datasette) and database == "acca" else {}


PLUGIN = sys.modules[__name__]
