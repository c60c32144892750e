"""The buttons of a report that ask outside services: a machine translation, and a model's second opinion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.assist import asking, reports
from acca_crawler.assist.asking import Begun
from acca_crawler.exceptions import SecretMissing, ServiceError
from acca_crawler.web.pages import language_of, not_found, see_other, signed_in
from acca_crawler.web.queue_page import filter_of, query_of
from acca_crawler.web.report_page import arguments_of, report_page
from acca_crawler.web.site import Site, site_of
from storage.exceptions import NoSuchArticle, ReviewError
from storage.review import assistance
from storage.review.assistance import Kind
from storage.schema.kinds import ReviewDb


async def translate(request: Request, datasette: Any) -> Response:
    """Translate a report into the user's language, unless that was done before, and show it."""
    site, language = site_of(datasette), language_of(request).code
    section = site.config.translation

    def begin(db: ReviewDb, article_id: int, user: str) -> Begun | None:
        return asking.begin_translation(
            db, section, site.config.base_directory, article_id, language, user, site.stamp()
        )

    def ask(begun: Begun) -> tuple[Any, str]:
        return reports.translate_report(section, begun.key, begun.source, language)

    return await _asked(request, datasette, "translation", bool(section.url), begin, ask)


async def ask_opinion(request: Request, datasette: Any) -> Response:
    """Ask for a second opinion on an alert or a near miss, within the day's budget, and show it."""
    site = site_of(datasette)
    section = site.config.opinion

    def begin(db: ReviewDb, article_id: int, user: str) -> Begun | None:
        return asking.begin_opinion(db, section, site.config.base_directory, article_id, user, site.stamp())

    def ask(begun: Begun) -> tuple[Any, str]:
        return reports.opinion_on(section, begun.key, begun.source)

    return await _asked(request, datasette, "opinion", bool(section.url), begin, ask)


async def _asked(
    request: Request,
    datasette: Any,
    kind: Kind,
    is_on: bool,
    begin: Callable[[ReviewDb, int, str], Begun | None],
    ask: Callable[[Begun], tuple[Any, str]],
) -> Response:
    """Record the request, send it in a thread of its own, record how it ended, and show the report again."""
    site, user = site_of(datasette), signed_in(request)
    article_id = int(request.url_vars["article_id"])
    arguments = arguments_of((await request.post_vars()).get("back", ""))
    if not is_on:
        return await not_found(datasette, request)
    try:
        begun = await site.store.run(begin, article_id, user.name)
        if begun is not None:
            await _send(site, begun, ask)
    except (NoSuchArticle, OverflowError):
        return await not_found(datasette, request)
    except ReviewError as error:
        return await _refused(request, datasette, kind, language_of(request).text(error.message, **error.values), 400)
    except (ServiceError, SecretMissing) as error:
        reason = language_of(request).text("The service gave no usable answer: {why}", why=error)
        return await _refused(request, datasette, kind, reason, 502, arguments)
    return see_other(f"/reports/{article_id}?{query_of(filter_of(arguments, user.name))}#{kind}")


async def _send(site: Site, begun: Begun, ask: Callable[[Begun], tuple[Any, str]]) -> None:
    loop = asyncio.get_running_loop()
    try:
        answer, model = await loop.run_in_executor(site.asking, ask, begun)
    except ServiceError as error:
        await site.store.run(assistance.finish, begun.number, asking.failure(error), site.stamp(), str(error))
        raise
    await site.store.run(
        assistance.finish, begun.number, "answered", site.stamp(), model=model, answer=asdict(answer)
    )  # fmt: skip


async def _refused(
    request: Request, datasette: Any, kind: Kind, reason: str, status: int, arguments: dict[str, str] | None = None
) -> Response:
    return await report_page(
        request, datasette, status=status, unanswered={kind: reason}, arguments=arguments or {}
    )  # fmt: skip
