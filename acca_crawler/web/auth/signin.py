"""Sign-in, sign-out, interface language, and the user's own password."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.clock import stamp
from acca_crawler.i18n.catalogue import INTERFACE_LANGUAGES
from acca_crawler.web.auth import passwords
from acca_crawler.web.auth.gate import cookie_name, is_https
from acca_crawler.web.pages import LANGUAGE_COOKIE, language_of, local_target, render, see_other, signed_in, user_of
from acca_crawler.web.site import Site, site_of, token
from storage.exceptions import UserError
from storage.review import users
from storage.review.drafts import save_draft
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb
from storage.schema.numbers import typed_number

MAX_NOTE = 10_000
"""Maximum length of a note (characters)."""

MAX_BACK = 1_000

YEAR = 365 * 24 * 3600


async def sign_in(request: Request, datasette: Any) -> Response:
    """Show and process the sign-in form."""
    target = local_target(request.args.get("next"))
    if request.method != "POST":
        return see_other(target) if user_of(request) else await render(datasette, request, "sign-in", next=target)
    form = await request.post_vars()
    draft = _draft(form)
    name, target = form.get("name", "").strip()[:64], local_target(form.get("next"))
    site = site_of(datasette)
    problem, seconds = await _try(site, name, form.get("password", "")[:1024], _client(request))
    if problem is None:
        if draft:
            await site.store.run(save_draft, name, draft.article_id, draft.note, site.stamp())
        return await _begin(site, request, name, target)
    text = language_of(request).text
    if seconds:
        message = text("Too many failed attempts. Try again in {seconds} seconds.", seconds=seconds)
        status, headers = 429, {"Retry-After": str(seconds)}
    else:
        message, status, headers = text("Name or password is wrong."), 401, {}
    return await render(
        datasette,
        request,
        "sign-in",
        status=status,
        headers=headers,
        next=target,
        name=name,
        problem=message,
        draft=draft,
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A note submitted after its session ended, and its report."""

    article_id: int
    note: str


async def resume(request: Request, datasette: Any) -> Response:
    """Show the sign-in form, with the note kept, for a decision submitted after its session ended."""
    address: str = request.scope.get("acca_resumes", "")
    form = await request.post_vars()
    article_id = address.split("/")[2] if address else ""
    back = form.get("back", "")[:MAX_BACK]
    draft = _draft({"draft_article": article_id, "draft_note": form.get("note", "")})
    text = language_of(request).text
    message = text("Your session has ended. Sign in again.")
    if draft:
        message += " " + text("Your note is kept; your decision was not saved.")
    target = local_target(f"/reports/{article_id}{f'?{back}' if back else ''}") if article_id else "/"
    return await render(datasette, request, "sign-in", status=401, next=target, problem=message, draft=draft)


def _draft(form: Mapping[str, str]) -> Draft | None:
    number, note = typed_number(form.get("draft_article")), form.get("draft_note", "")[:MAX_NOTE]
    return Draft(number, note) if number is not None and note.strip() else None


async def _try(site: Site, name: str, password: str, address: str) -> tuple[str | None, int]:
    now = site.now()
    since = stamp(now - passwords.REMEMBERED)
    failures = await site.store.run(
        users.try_attempt, name, address, stamp(now), since, lambda found: passwords.wait(found, now) == 0
    )
    if failures:
        return "slow", max(math.ceil(passwords.wait(failures, now)), 1)
    kept = await site.store.run(users.password_hash, name)
    if not await asyncio.to_thread(passwords.matches, kept, password):
        return "wrong", 0
    await site.store.run(users.forgive, name, address)
    return None, 0


def _client(request: Request) -> str:
    client = request.scope.get("client")
    return client[0] if client else ""


async def _begin(site: Site, request: Request, name: str, target: str) -> Response:
    """Start a session under a new token; the token that the browser had before becomes invalid."""
    old = request.scope.get("acca_session")
    if old:
        await site.store.run(users.end_session, old)
    fresh = token()
    hours = site.config.web.session_hours
    await site.store.run(users.begin_session, name, fresh, site.stamp(), site.stamp(hours=hours))
    response = see_other(target)
    response.set_cookie(
        cookie_name(is_https(request.scope)), fresh, httponly=True, samesite="lax", secure=is_https(request.scope)
    )
    return response


async def sign_in_by_link(request: Request, datasette: Any) -> Response:
    """Show the page of a one-time sign-in link: a button, so that previews and prefetches don't use up the link."""
    if request.method != "POST":
        return await render(datasette, request, "sign-in-link", token=request.args.get("token", ""))
    form = await request.post_vars()
    site = site_of(datasette)
    name = await site.store.run(users.use_link, form.get("token", ""), site.stamp())
    if name is None:
        return await render(datasette, request, "sign-in-link", status=401, token="", used=True)
    return await _begin(site, request, name, "/")


async def sign_out(request: Request, datasette: Any) -> Response:
    """End the session on the server and in the browser."""
    await site_of(datasette).store.run(users.end_session, request.scope["acca_session"])
    response = see_other("/sign-in")
    response.set_cookie(
        cookie_name(is_https(request.scope)), "", max_age=0, httponly=True, secure=is_https(request.scope)
    )
    return response


async def set_language(request: Request, datasette: Any) -> Response:
    """Store the language for this user, or for this browser if nobody is signed in."""
    form = await request.post_vars()
    chosen = form.get("language", "")
    response = see_other(local_target(form.get("next")))
    if chosen in INTERFACE_LANGUAGES:
        user = user_of(request)
        if user:
            await site_of(datasette).store.run(users.set_language, user.name, chosen)
        response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, httponly=True)
    return response


async def set_time_zone(request: Request, datasette: Any) -> Response:
    """Save the zone in which the user reads times."""
    site, user = site_of(datasette), signed_in(request)
    form = await request.post_vars()
    try:
        await site.store.run(users.set_time_zone, user.name, form.get("zone", "").strip()[:64])
    except UserError:
        problem = language_of(request).text("Unknown time zone: write it as Asia/Bishkek.")
        since = await site.store.run(users.feed_made_at, user.name)
        return await render(datasette, request, "account", status=400, problem=problem, feeds_since=since)
    return see_other("/account")


async def account(request: Request, datasette: Any) -> Response:
    """Show and change the user's own password; one who signed in by a link chooses the first."""
    user = signed_in(request)
    site, text = site_of(datasette), language_of(request).text
    since = await site.store.run(users.feed_made_at, user.name)
    if request.method != "POST":
        return await render(datasette, request, "account", feeds_since=since)
    form = await request.post_vars()
    problem, seconds = None, 0
    if user.has_password:
        problem, seconds = await _try(site, user.name, form.get("password", "")[:1024], _client(request))
    fresh = form.get("new_password", "")[:1024]
    if problem:
        message = (
            text("Try again in {seconds} seconds.", seconds=seconds)
            if seconds
            else text("The current password is wrong.")
        )
    elif fresh != form.get("again", ""):
        message = text("The two new passwords differ.")
    elif len(fresh) < passwords.MIN_LENGTH:
        message = text("Use at least {n} characters for the password.", n=passwords.MIN_LENGTH)
    else:
        hashed = await asyncio.to_thread(passwords.hash_password, fresh)
        await site.store.run(_set_password, user.name, hashed)
        return await _begin(site, request, user.name, "/account?changed=1")
    return await render(datasette, request, "account", status=400, problem=message, feeds_since=since)


def _set_password(db: ReviewDb, name: str, hashed: str) -> None:
    with transaction(db):
        users.set_password(db, name, hashed)
