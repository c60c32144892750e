"""The captures behind a report: its pages, what listed it, visits, robots.txt, and the payloads of revisits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

from storage.evidence import index as capture_index
from storage.evidence.index import CaptureRow
from storage.schema.kinds import ArchiveDb

Role = Literal["page", "listing", "visit", "robots", "original"]
ROLES: tuple[Role, ...] = get_args(Role)
"""What a capture is to a report: the source of a version; the REST answer, feed or list that announced it; a later
visit; the robots.txt in force; the capture that stores a revisit's payload."""

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
    return [
        SourceCapture(rows[number], tuple(role for role in ROLES if role in roles[number])) for number in sorted(rows)
    ]


def _robots(db: ArchiveDb, rows: Iterable[CaptureRow]) -> Iterator[int]:
    """Yield the newest robots.txt of each row's host that was captured before it."""
    sql = "SELECT max(id) FROM captures WHERE url = ? AND kind = 'robots' AND id < ?"
    for row in rows:
        parts = urlsplit(row.url)
        if parts.netloc:
            (found,) = db.execute(sql, [f"{parts.scheme}://{parts.netloc}/robots.txt", row.id]).fetchone()
            if found is not None:
                yield found
