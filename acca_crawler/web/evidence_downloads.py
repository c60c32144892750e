"""Evidence: checks captures against their stored hashes and serves them as downloads.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Request, Response

from acca_crawler.extract.parts import MAX_PARTS
from acca_crawler.items import Capture
from acca_crawler.web.pages import language_of, not_found, render
from acca_crawler.web.site import site_of
from storage.evidence.captures import CaptureStore
from storage.exceptions import CaptureError
from storage.schema.kinds import ReviewDb

MAX_BYTES = 64 * 1024 * 1024
"""Maximum bytes of a payload that a page view checks and a download loads into memory."""
TOO_LARGE = "too large to be checked here; `acca verify` does"


@dataclass(frozen=True, slots=True)
class CaptureCheck:
    """A revision's capture. `fault` is why its file no longer matches what was stored; None if it matches.

    `part` is the part of an article on several pages, from 1.
    """

    number: int
    part: int
    capture_id: int
    fetched_at: str
    payload_sha256: str
    payload_bytes: int
    fault: str | None


def evidence_of(db: ReviewDb, warc: Path, article_id: int, most: int) -> list[CaptureCheck]:
    """Return the captures behind an article's newest revisions, each checked against its WARC file."""
    rows = db.execute(
        "SELECT number, part, captures.id AS capture_id, fetched_at, payload_sha256, payload_bytes FROM ("
        " SELECT number, 1 AS part, capture_id AS capture FROM archive.revisions WHERE article_id = :article"
        " UNION ALL SELECT revisions.number, json_extract(value, '$.number'), json_extract(value, '$.capture_id')"
        " FROM archive.revisions, json_each(parts) WHERE article_id = :article AND parts IS NOT NULL"
        ") JOIN archive.captures ON captures.id = capture ORDER BY number DESC, part LIMIT :most",
        {"article": article_id, "most": most + MAX_PARTS},
    ).fetchall()
    return [CaptureCheck(**dict(row), fault=_fault(db, warc, row["capture_id"], row["payload_bytes"])) for row in rows]


def _fault(db: ReviewDb, warc: Path, capture_id: int, size: int) -> str | None:
    if size > MAX_BYTES:
        return TOO_LARGE
    try:
        CaptureStore(warc, db).read(capture_id)
    except CaptureError as error:
        return error.strerror or str(error)
    return None


async def download(request: Request, datasette: Any) -> Response:
    """Serve the payload as received, always as an attachment; refused if it was changed."""
    site = site_of(datasette)
    capture_id = int(request.url_vars["capture_id"])
    try:
        capture = await site.store.run(_capture, site.config.warc_directory, capture_id)
    except (KeyError, OverflowError):
        return await not_found(datasette, request)
    except CaptureError as error:
        message = language_of(request).text("The evidence can't be downloaded: {why}", why=error.strerror or error)
        return await render(datasette, request, "problem", status=409, message=message)
    headers = {"Content-Disposition": f'attachment; filename="capture-{capture_id}{_ending(capture)}"'}
    return Response(capture.payload, headers=headers, content_type="application/octet-stream")


def _capture(db: ReviewDb, warc: Path, capture_id: int) -> Capture:
    return CaptureStore(warc, db).read(capture_id)


def _ending(capture: Capture) -> str:
    """Return the file extension: `.html.gz` for a page received compressed, `.bin` if the type is unknown."""
    headers = {name.lower(): value for name, value in capture.response_headers}
    kind = mimetypes.guess_extension(headers.get("content-type", "").partition(";")[0].strip()) or ".bin"
    coding = {"gzip": ".gz", "br": ".br", "zstd": ".zst", "deflate": ".zz"}
    return kind + coding.get(headers.get("content-encoding", "").strip().lower(), "")
