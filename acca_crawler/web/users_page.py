"""Users in the browser, for leads: invite, reset, change a role, disable and enable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.web.pages import language_of, render, see_other, signed_in
from acca_crawler.web.site import base_address, site_of, token
from storage.exceptions import ReviewError
from storage.review import journal, users
from storage.review.users import ROLES, Role, User
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

LINK_DAYS = 3
"""Days for which an invitation or a reset can be used."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the form asks for: an action on a user, and for some a role."""

    action: str
    name: str
    role: Role


async def users_page(request: Request, datasette: Any) -> Response:
    """List the users, or carry out what the form asks for; a new one-time link is shown once."""
    site, lead = site_of(datasette), signed_in(request)
    if request.method != "POST":
        found = await site.store.run(users.all_users)
        return await render(datasette, request, "users", found=found, roles=ROLES, days=LINK_DAYS)
    wish = _wish(await request.post_vars())
    fresh = token()
    problem = link = ""
    try:
        linked = await site.store.run(_carry_out, wish, lead, fresh, site.stamp(), site.stamp(days=LINK_DAYS))
    except ReviewError as error:
        problem = language_of(request).text(error.message, **error.values)
    else:
        if not linked:
            return see_other("/users")
        link = f"{base_address(request, site)}/sign-in/link?token={fresh}"
    found = await site.store.run(users.all_users)
    return await render(
        datasette, request, "users", status=400 if problem else 200,
        found=found, roles=ROLES, days=LINK_DAYS, problem=problem, address=link, linked=wish.name,
    )  # fmt: skip


def _wish(form: Mapping[str, str]) -> _Wish:
    role = form.get("role", "")
    return _Wish(form.get("action", ""), form.get("name", "").strip()[:80], role if role in ROLES else "monitor")


def _carry_out(db: ReviewDb, wish: _Wish, lead: User, fresh: str, at: str, until: str) -> bool:
    """Change the users and note it in the journal; returns whether the user now has the one-time link `fresh`.

    Raises `ReviewError`.
    """
    linked = wish.action in ("invite", "reset")
    subject = {"user": wish.name, "action": wish.action}
    if wish.action in ("invite", "role"):
        subject["role"] = wish.role
    with transaction(db):
        _change(db, wish, lead, at)
        if linked:
            users.add_link(db, wish.name, fresh, until)
        journal.append(db, "user", lead.name, subject, None, at)
    return linked


def _change(db: ReviewDb, wish: _Wish, lead: User, at: str) -> None:
    if wish.action == "invite":
        _must_be_free(db, wish.name)
        users.add_user(db, wish.name, wish.role, None, at)
        return
    _must_be_another(db, wish.name, lead)
    if wish.action == "reset":
        users.reset(db, wish.name)
    elif wish.action == "disable":
        users.disable(db, wish.name, at)
    elif wish.action == "enable":
        users.enable(db, wish.name)
    elif wish.action == "role":
        users.set_role(db, wish.name, wish.role)
    else:
        raise ReviewError("choose a decision")


def _must_be_free(db: ReviewDb, name: str) -> None:
    if not users.is_user_name(name):
        raise ReviewError("a name has 1 to 64 printable characters")
    if users.find_user(db, name):
        raise ReviewError("this user name is taken")


def _must_be_another(db: ReviewDb, name: str, lead: User) -> None:
    """Leads can't lock themselves out: their own account is another lead's matter."""
    found = users.find_user(db, name)
    if found is None:
        raise ReviewError("no user has this name")
    if found.name == lead.name:
        raise ReviewError("ask another lead to change your own account")
