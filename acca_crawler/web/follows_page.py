"""What a user follows: the list, adding to it and taking from it."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.cases import following
from acca_crawler.cases.names import name_of
from acca_crawler.web.pages import language_of, local_target, render, see_other, signed_in
from acca_crawler.web.site import site_of
from storage.exceptions import ReviewError
from storage.review import follows
from storage.review.follows import Follow
from storage.schema.kinds import ReviewDb
from storage.schema.numbers import typed_number


def read(db: ReviewDb, user: str) -> list[Follow]:
    """Return what a user follows, with up-to-date counts."""
    following.refresh(db)
    return follows.follows(db, user)


async def follows_page(request: Request, datasette: Any) -> Response:
    """List what the user follows, or follow something more, or stop."""
    site, user = site_of(datasette), signed_in(request)
    problem, status = "", 200
    if request.method == "POST":
        form = await request.post_vars()
        try:
            if stopped := typed_number(form.get("stop")):
                await site.store.run(follows.stop, user.name, stopped)
            else:
                kind, key = form.get("kind", ""), form.get("key", "")
                if kind == "person" and not name_of(key).keys:
                    raise ReviewError("enter a given name and a surname")
                await site.store.run(follows.add, user.name, kind, key, form.get("label", ""), site.stamp())
            return see_other(local_target(form.get("next") or "/follows"))
        except ReviewError as error:
            problem, status = language_of(request).text(error.message, **error.values), 400
    found = await site.store.run(read, user.name)
    return await render(datasette, request, "follows", status=status, problem=problem, found=found)
