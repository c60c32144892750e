"""Forms and queries as browsers send them: fields with several values, and numbers in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from datasette.utils.asgi import Request

from storage.schema.numbers import typed_number

MAX_FIELDS = 5_000

MAX_PAGE = 99_999
"""Last page of a list that can be asked for."""

Form = Mapping[str, Sequence[str]]


async def sent_form(request: Request) -> Form:
    """Return the fields of a form that may repeat them."""
    body = (await request.post_body()).decode("utf-8", "replace")
    return parse_qs(body, keep_blank_values=True, max_num_fields=MAX_FIELDS)


def one(form: Form, name: str) -> str:
    """Return a field's last value, empty if it was not sent."""
    return (form.get(name) or [""])[-1]


def number_of(form: Form, name: str) -> int:
    """Return the number in a field, 0 if there is none."""
    return typed_number(one(form, name)) or 0


def numbers_of(form: Form, name: str) -> list[int]:
    """Return the numbers in all fields of this name."""
    return [number for text in form.get(name, ()) if (number := typed_number(text)) is not None]


def page_asked(arguments: Mapping[str, Any]) -> int:
    """Return the page of a list that a URL's query asks for, from 1."""
    return min(max(typed_number(str(arguments.get("page") or "")) or 1, 1), MAX_PAGE)
