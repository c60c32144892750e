"""Atom feeds for feed readers, which can't sign in: the URL contains a token that its user can revoke."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal, cast
from uuid import uuid5

from datasette.utils.asgi import Request, Response

from acca_crawler.alerts.atom import MEDIA_TYPE, AtomDocument, document, title_of
from acca_crawler.alerts.message import redacted_reports
from acca_crawler.cases import following
from acca_crawler.clock import parse_stamp
from acca_crawler.config.alerts import AtomChannel
from acca_crawler.config.loading import Config
from acca_crawler.http_date import http_date
from acca_crawler.i18n.catalogue import Language, language
from acca_crawler.i18n.labels import CATEGORIES, COUNTRIES
from acca_crawler.web.pages import language_of, render, see_other, signed_in
from acca_crawler.web.site import base_address, site_of, token
from storage.alerts import entries, messages
from storage.review import users
from storage.schema.kinds import ReviewDb

AUTHOR = "acca-crawler"
ENTRIES = 200


async def feed(request: Request, datasette: Any) -> Response:
    """Serve one feed, or 304 if the reader has the current version, or 404 if the token is invalid."""
    site = site_of(datasette)
    reader = await site.store.run(users.feed_reader, request.url_vars["token"])
    if reader is None:
        return Response("Feed not found.", status=404, content_type="text/plain; charset=utf-8")
    group, of = request.url_vars.get("group") or "", request.url_vars.get("of") or ""
    base = base_address(request, site)
    say = language(reader.user.language or "en")
    if group == "followed":
        made = await site.store.run(read_followed, site.config, base, reader.user.name, say)
    else:
        made = await site.store.run(read, site.config, base, group, of, say)
    href = f"{base}{request.path}"
    archive = await site.store.run(messages.archive_uuid)
    xml = document(made, uuid5(archive, f"served {made.path}"), href, AUTHOR, reader.created_at)
    changed = parse_stamp(made.updated(reader.created_at))
    headers = {
        "ETag": f'"{hashlib.sha256(xml).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": "private, no-cache",
    }
    if _has_it(request.headers, headers["ETag"], changed):
        return Response("", status=304, headers=headers)
    return Response(xml, headers=headers, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def read(db: ReviewDb, config: Config, base: str, group: str, of: str, say: Language) -> AtomDocument:
    """Return a feed's newest alerts, redacted as `[web]` configures feeds."""
    country = of.upper() if group == "countries" else ""
    category = of if group == "categories" else ""
    newest = entries.newest_alerts(db, ENTRIES, country, category)
    reports = redacted_reports(newest, _channel(config, base, say), base, messages.archive_uuid(db))
    path = f"{group}/{of}.xml" if group else "all.xml"
    return AtomDocument(path, title_of(country or category, say), reports, say)


def read_followed(db: ReviewDb, config: Config, base: str, user: str, say: Language) -> AtomDocument:
    """Return the newest alerts that match what a user follows, redacted as `[web]` configures feeds."""
    following.refresh(db)
    newest = entries.entries_where(
        db,
        "WHERE outbox.level = 'alert' AND outbox.article_id IN (SELECT article_id FROM follow_matches "
        "JOIN follows ON follows.id = follow_id WHERE user = ?) ORDER BY outbox.id DESC LIMIT ?",
        [user, ENTRIES],
    )
    reports = redacted_reports(newest, _channel(config, base, say), base, messages.archive_uuid(db))
    return AtomDocument("followed.xml", say.text("Followed"), reports, say)


def _channel(config: Config, base: str, say: Language) -> AtomChannel:
    web = config.web
    return AtomChannel(
        name="served", kind="atom", directory=Path(), url=base, withhold=web.feed_withhold, text=web.feed_text,
        language=cast(Literal["en", "ru"], say.code),
    )  # fmt: skip


def _has_it(headers: Mapping[str, str], etag: str, changed: datetime) -> bool:
    """Return whether the reader's copy is current (RFC 9110, 13.2.2: an ETag takes precedence over a date)."""
    if tags := headers.get("if-none-match"):
        return tags.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
    since = http_date(headers.get("if-modified-since"))
    return since is not None and since >= changed


async def feed_address(request: Request, datasette: Any) -> Response:
    """Give the user a new feed URL, shown only once, or close the feeds."""
    site, user = site_of(datasette), signed_in(request)
    form = await request.post_vars()
    if form.get("wish") == "revoke":
        await site.store.run(users.revoke_feed_token, user.name)
        return see_other("/account")
    fresh = token()
    await site.store.run(users.set_feed_token, user.name, fresh, site.stamp())
    base = f"{base_address(request, site)}/feeds/{fresh}"
    return await render(datasette, request, "account", feeds=_addresses(base, language_of(request)))


def _addresses(base: str, say: Language) -> list[tuple[str, str]]:
    """Return the title and URL of each feed."""
    countries = [(say.text(name), f"{base}/countries/{code.lower()}.xml") for code, name in COUNTRIES.items() if code]
    categories = [(say.text(name), f"{base}/categories/{code}.xml") for code, name in CATEGORIES.items()]
    followed = (say.text("Followed"), f"{base}/followed.xml")
    return [(say.text("All alerts"), f"{base}/all.xml"), followed, *countries, *categories]
