"""What every page needs: language, user and labels for codes, added to each template's context."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from datasette.utils.asgi import Request, Response
from markupsafe import Markup, escape

from acca_crawler.i18n import catalogue, labels
from acca_crawler.i18n.catalogue import Language
from acca_crawler.i18n.outlet_messages import outlet_message
from acca_crawler.i18n.regions import REGIONS
from acca_crawler.text.transliterate import romanise
from acca_crawler.web import escaping
from acca_crawler.web.site import base_address, site_of
from storage.review.users import User

LANGUAGE_COOKIE = "acca_language"


def user_of(request: Request | None) -> User | None:
    """Return the signed-in user that `AccessMiddleware` found, or None."""
    return request.scope.get("acca_user") if request else None


def signed_in(request: Request) -> User:
    """Return the signed-in user, on pages that require signing in."""
    user = user_of(request)
    assert user is not None, "the gate let a stranger through"
    return user


def language_of(request: Request | None) -> Language:
    """Return the interface language of a request."""
    if request is None:
        return catalogue.language("en")
    user = user_of(request)
    kept = user.language if user else None
    chosen = catalogue.choose(kept, request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))
    return chosen.in_zone(user.time_zone if user else None)


def context_of(request: Request | None) -> dict[str, Any]:
    """Return the context available to every template, including Datasette's own."""
    language = language_of(request)
    user = user_of(request)
    return {
        "_": partial(_text, language),
        "n_": language.plural,
        "language": language,
        "languages": catalogue.INTERFACE_LANGUAGES,
        "user": user,
        "may_review": user is not None and user.may("monitor"),
        "here": request.scope["path"] if request else "/",
        "here_with_query": _address(request),
        "outlet_message": lambda message: outlet_message(message, language),
        "name_of": lambda codes, code: _name(language, codes, code),
        "gloss_of": lambda english: gloss_shown(language, english),
        "short_gloss": lambda english: without_notes(gloss_shown(language, english)),
        "reason_of": lambda reason: language.reason(reason) or reason,
        "choices": lambda codes: [(code, language.text(name)) for code, name in codes.items()],
        "labels": labels,
        "region_of": partial(region_name, language),
        "places_of": lambda codes: ", ".join(_place_name(language, code) for code in codes.split(", ")),
        "facet_label": lambda name: language.text(labels.FILTERS[name]),
        "visible": escaping.visible,
        "short": escaping.short,
        "plain": escaping.plain,
        "link": escaping.link,
        "latin": latin,
    }


def _text(language: Language, message: str, **values: object) -> str:
    """Return a text with its placeholders filled in; values that are markup already are not escaped a second time."""
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(language.text(message)).format(**values)
    return language.text(message, **values)


def latin(text: str, language: str | None) -> str:
    """Return the text in Latin letters if it has other letters, else an empty string."""
    found = romanise(text, language)
    return found if found != text else ""


def _name(language: Language, codes: Mapping[str, str], code: str | None) -> str:
    known = codes.get(code or "")
    return language.text(known) if known else str(code).replace("_", " ")


def gloss_shown(language: Language, english: str) -> str:
    """Translate a fact's detail or a lexicon gloss into the interface language; unchanged if it has no translation."""
    known = labels.DETAILS.get(english)
    return language.text(known) if known else language.gloss(english) or english


def without_notes(gloss: str) -> str:
    """Return a gloss without its linguist's notes in brackets: readers need the meaning only."""
    return " ".join(re.sub(r"\([^()]*\)", "", gloss).split()) or gloss


def region_name(language: Language, code: str) -> str:
    """Return the name of a gazetteer region in the interface language; its code if it has no name."""
    known = REGIONS.get(code)
    return language.text(known) if known else code


def _place_name(language: Language, code: str) -> str:
    """Return the name of a region or country of the region that is shared by two reports (`naryn`, `kg`)."""
    country = labels.COUNTRIES.get(code.upper()) if code else None
    return language.text(country) if country else region_name(language, code)


def _address(request: Request | None) -> str:
    if request is None:
        return "/"
    query = request.query_string
    return str(request.scope["path"]) + (f"?{query}" if query else "")


async def render(
    datasette: Any, request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:  # fmt: skip
    """Render one of our templates."""
    site = site_of(datasette)
    address = f"{base_address(request, site)}{_address(request)}"
    ours = {"ours": True, "status": status, "made_at": site.stamp(), "address_here": address}
    html = await datasette.render_template(f"acca/{template}.html", {**ours, **context}, request=request)
    return Response.html(html, status=status, headers=dict(headers or {}))


async def not_found(datasette: Any, request: Request) -> Response:
    """Render the "page not found" page."""
    return await render(datasette, request, "missing", status=404)


def local_target(target: str | None) -> str:
    """Return `target` if it is a path on this site, else `/`, so that no redirect leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if any(ord(c) <= 32 or ord(c) == 127 or c == "\\" for c in target):
        return "/"
    return target


def see_other(target: str) -> Response:
    """Redirect with 303, so that a reload never submits the form again."""
    return Response("", status=303, headers={"Location": target})


site = site_of
