"""Error pages, and a loader that makes Datasette's templates fit our Content Security Policy."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from datasette.utils.asgi import Base400, Request, Response
from jinja2 import BaseLoader, Environment

from acca_crawler.web.datasette_alone import DatasetteError
from acca_crawler.web.pages import language_of, render

log = logging.getLogger(__name__)

_INLINE_STYLE = re.compile(r"""\sstyle="(?:\{\{.*?\}\}|[^"{])*\"""")
_UNNAMED = re.compile(
    r'(<(?:textarea|select|input)\b[^>]*?\bname="(sql|_filter_column|_filter_op|_filter_value)(?:_\{\{.*?\}\})?")'
)
_NAMES = {"sql": "SQL", "_filter_column": "Column", "_filter_op": "Comparison", "_filter_value": "Value"}
"""Accessible names for fields that Datasette leaves unlabelled."""
MISTAKES = (DatasetteError, ValueError, TypeError, LookupError, AttributeError, AssertionError, sqlite3.Error)
"""What Datasette raises for parameters that it does not understand."""
_TOKEN = re.compile(r"^(/feeds/)[^/]+")
_INLINE_BLOCK = re.compile(r"<(script|style)>.*?(?:</\1>|\Z)", re.DOTALL)


async def answer(datasette: Any, request: Request, exception: Exception) -> Response:
    """Return the error page (or JSON) for an exception; internal errors are logged and their details withheld.

    Datasette's own handler would print every local variable, including a password being typed.
    """
    status, message = _said(exception)
    language = language_of(request)
    if isinstance(exception, MemoryError):
        status, message = 400, language.text("This query needs too much memory: narrow it")
    elif status == 500 and _is_about_parameters(request, exception):
        status = 400
        message = message or language.text("The address has an unknown parameter")
    if status == 500:
        place = _TOKEN.sub(r"\1...", request.scope["path"])
        log.error("%s %s failed", request.method, place, exc_info=exception)
        message = language.text("Something went wrong. Details are in the server log.")
    if request.scope["path"].endswith(".json"):
        return Response.json({"ok": False, "error": message, "status": status, "title": None}, status=status)
    return await render(datasette, request, "problem", status=status, message=message)


async def refusal(datasette: Any, scope: dict[str, Any], status: int, text: str) -> str:
    """Return the page that explains a refused request in the user's language, with the site's navigation."""
    request = Request({**scope, "csrftoken": None}, receive=None)  # no forms: refused before a token exists
    message = language_of(request).text(text)
    context = {"ours": True, "message": message, "status": status, "sign_in": status == 401}
    html: str = await datasette.render_template("acca/problem.html", context, request=request)
    return html


def _is_about_parameters(request: Request, exception: Exception) -> bool:
    """Whether Datasette failed on the parameters of one of its own pages, which it does not check before use."""
    return (
        (request.scope["path"].startswith(("/acca/", "/acca.", "/-/")) or request.scope["path"] == "/acca")
        and (bool(request.query_string) or request.scope["path"] == "/acca.csv")
        and isinstance(exception, MISTAKES)
    )


def _said(exception: Exception) -> tuple[int, str]:
    if isinstance(exception, Base400):
        return exception.status, str(exception.args[0] if exception.args else "")
    if isinstance(exception, DatasetteError):
        return exception.status, re.sub(r"<[^<>]+>", "", str(exception.message))
    return 500, ""


class StrictLoader(BaseLoader):
    """Strips inline scripts and styles, which our policy blocks, from Datasette's templates.

    It also labels fields without an accessible name.
    """

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's source, its file, and a function that checks whether it is still fresh."""
        source, file, fresh = self._inner.get_source(environment, template)
        strict = _INLINE_BLOCK.sub("", _INLINE_STYLE.sub("", source))
        return _UNNAMED.sub(lambda found: f'{found[1]} aria-label="{_NAMES[found[2]]}"', strict), file, fresh

    def list_templates(self) -> list[str]:
        """Return the names of all templates."""
        return self._inner.list_templates()
