"""The captures behind a report: its pages, what listed it, visits, robots.txt, and the payloads of revisits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from storage.evidence import index as capture_index
from storage.evidence.index import CaptureRow
from storage.schema.kinds import ArchiveDb

Role = Literal["page", "listing", "visit", "robots", "original", "rendered_from", "screenshot"]
ROLES: tuple[Role, ...] = get_args(Role)
"""What a capture is to a report: the source of a version; the REST answer, feed or list that announced it; a later
visit; the robots.txt in force; the capture that stores a revisit's payload; what a browser made a page from; a picture
rendered from a page."""

RENDERED_ROUTE = "rendered by Chromium"
"""The route of a capture that is not an answer of a server but a page after its scripts have run."""

SCREENSHOT_URL = "urn:view:"
SCREENSHOT_ROUTE = "screenshot of capture "
"""How the URL and the route of a screenshot begin; the page's URL and its capture's number follow."""

_OF_ARTICLE: tuple[tuple[Role, str], ...] = (
    ("page", "SELECT capture_id FROM revisions WHERE article_id = ? AND capture_id IS NOT NULL ORDER BY number"),
    (
        "page",
        "SELECT json_extract(part.value, '$.capture_id') FROM revisions, json_each(parts) AS part "
        "WHERE article_id = ? AND json_extract(part.value, '$.capture_id') IS NOT NULL ORDER BY number, part.key",
    ),
    (
        "listing",
        "SELECT listed_capture_id FROM addresses WHERE article_id = ? AND listed_capture_id IS NOT NULL ORDER BY id",
    ),
    ("visit", "SELECT capture_id FROM visits WHERE article_id = ? AND capture_id IS NOT NULL ORDER BY id"),
)


@dataclass(frozen=True, slots=True)
class SourceCapture:
    """A capture behind a report, and the roles that it has for it."""

    row: CaptureRow
    roles: tuple[Role, ...]


def captures_behind(db: ArchiveDb, article_id: int) -> list[SourceCapture]:
    """Return every capture behind an article, by id."""
    roles: dict[int, set[Role]] = {}
    for role, sql in _OF_ARTICLE:
        for (capture_id,) in db.execute(sql, [article_id]).fetchall():
            roles.setdefault(capture_id, set()).add(role)
    for capture_id in _robots(db, [capture_index.capture(db, number) for number in roles]):
        roles.setdefault(capture_id, set()).add("robots")
    rows = {number: capture_index.capture(db, number) for number in roles}
    for row in list(rows.values()):
        if row.revisit_of is not None:
            roles.setdefault(row.revisit_of, set()).add("original")
            rows[row.revisit_of] = capture_index.capture(db, row.revisit_of)
    for capture_id in [number for row in list(rows.values()) for number in _rendered_from(db, row)]:
        roles.setdefault(capture_id, set()).add("rendered_from")
        rows[capture_id] = capture_index.capture(db, capture_id)
    for capture_id in _screenshots(db, list(rows.values())):
        roles.setdefault(capture_id, set()).add("screenshot")
        rows[capture_id] = capture_index.capture(db, capture_id)
    return [
        SourceCapture(rows[number], tuple(role for role in ROLES if role in roles[number])) for number in sorted(rows)
    ]


def without_screenshot(db: ArchiveDb, since: str, limit: int) -> list[tuple[int, str]]:
    """Return captures (and their outlets) of flagged pages without a screenshot, stored since `since` (UTC stamp)."""
    rows = db.execute(
        "SELECT DISTINCT captures.id, captures.outlet FROM flags JOIN revisions ON revisions.id = flags.revision_id "
        "JOIN captures ON captures.id = capture_id "
        "WHERE flags.current AND level IN ('alert', 'digest') AND stored_at >= ? "
        "AND captures.kind IN ('article', 'posts') AND captures.status = 200 "
        "AND warc_file NOT IN (SELECT path FROM pruned) "
        "AND NOT EXISTS (SELECT 1 FROM captures AS shot WHERE shot.url = ? || captures.url "
        "AND shot.route = ? || captures.id) ORDER BY captures.id LIMIT ?",
        [since, SCREENSHOT_URL, SCREENSHOT_ROUTE, limit],
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def _rendered_from(db: ArchiveDb, row: CaptureRow) -> Iterator[int]:
    """Yield the page as it came and what its scripts fetched: an outlet's captures are one after the other."""
    if row.route != RENDERED_ROUTE:
        return
    (first,) = db.execute(
        "SELECT max(id) FROM captures WHERE url = ? AND outlet = ? AND run_id = ? AND id < ? AND route != ?",
        [row.url, row.outlet, row.run_id, row.id, RENDERED_ROUTE],
    ).fetchone()
    sql = (
        "SELECT id FROM captures WHERE run_id = ? AND id >= ? AND id < ? AND outlet = ? "
        "AND kind IN ('article', 'other')"
    )
    for (number,) in db.execute(sql, [row.run_id, first or row.id, row.id, row.outlet]).fetchall():
        yield number


def _screenshots(db: ArchiveDb, rows: Iterable[CaptureRow]) -> Iterator[int]:
    """Yield the screenshots of these captures."""
    for row in rows:
        sql = "SELECT id FROM captures WHERE url = ? AND route = ?"
        found = db.execute(sql, [f"{SCREENSHOT_URL}{row.url}", f"{SCREENSHOT_ROUTE}{row.id}"]).fetchall()
        yield from (number for (number,) in found)


def _robots(db: ArchiveDb, rows: Iterable[CaptureRow]) -> Iterator[int]:
    """Yield the newest robots.txt of each row's host that was captured before it."""
    sql = "SELECT max(id) FROM captures WHERE url = ? AND kind = 'robots' AND id < ?"
    for row in rows:
        parts = urlsplit(row.url)
        if parts.netloc:
            (found,) = db.execute(sql, [f"{parts.scheme}://{parts.netloc}/robots.txt", row.id]).fetchone()
            if found is not None:
                yield found
