"""What goes through Redis: requests to the workers and reports back. All of it is JSON: nothing can be executed."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from acca_crawler.crawl.recording import FetchOutcome
from acca_crawler.ingest.reading_version import reading_version
from acca_crawler.items import Article, Capture, Page
from storage.ledger.addresses import Pending


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """What a worker did for one address of an outlet.

    `url` is the address in its canonical form, empty if the report only has captures and counts. It has an article
    and its page (without markup), or an outcome. Negative capture IDs in them number the report's own captures: -1 is
    the first. `ended` is why the worker gave the outlet up, as a spider's close reason; `wait_until` (a UTC stamp)
    until when a host asked to wait.
    """

    outlet: str
    worker: str
    url: str = ""
    captures: tuple[Capture, ...] = ()
    outcome: FetchOutcome | None = None
    article: Article | None = None
    page: Page | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    ended: str = ""
    wait_until: str | None = None

    def numbered(self, ids: tuple[int, ...]) -> WorkerReport:
        """Return the report with the archive's IDs of its captures in place of its own numbers."""

        def real(number: int | None) -> int | None:
            return ids[-number - 1] if number is not None and number < 0 else number

        article, page, outcome = self.article, self.page, self.outcome
        if article is not None:
            parts = tuple(replace(part, capture_id=real(part.capture_id)) for part in article.parts)
            article = replace(article, capture_id=real(article.capture_id), parts=parts)
        if page is not None:
            page = replace(page, capture_id=real(page.capture_id))
        if outcome is not None:
            outcome = replace(outcome, capture_id=real(outcome.capture_id))
        return replace(self, article=article, page=page, outcome=outcome)


@cache
def _reports() -> TypeAdapter[WorkerReport]:
    return TypeAdapter(WorkerReport)


@cache
def _pending() -> TypeAdapter[Pending]:
    return TypeAdapter(Pending)


def packed(report: WorkerReport) -> dict[bytes, bytes]:
    """Return a report as a stream's entry; payloads, a profile and the release are fields of their own."""
    captures = tuple(replace(capture, payload=b"") for capture in report.captures)
    page = report.page and replace(
        report.page, html=b"", parts=tuple(replace(part, html=b"") for part in report.page.parts)
    )
    document = _reports().dump_json(replace(_with_profile(report, b""), captures=captures, page=page))
    payloads = {b"payload%d" % number: capture.payload for number, capture in enumerate(report.captures)}
    prepared = report.article and report.article.prepared
    profile = prepared.profile if prepared else b""
    return {b"report": document, b"profile": profile, b"release": reading_version().encode(), **payloads}


def _with_profile(report: WorkerReport, profile: bytes) -> WorkerReport:
    """Return the report with another profile of its article, if that is prepared."""
    article = report.article
    if article is None or article.prepared is None:
        return report
    return replace(report, article=replace(article, prepared=replace(article.prepared, profile=profile)))


def unpacked(fields: Mapping[bytes, bytes]) -> WorkerReport:
    """Return the report in a stream's entry. Raises `ValueError` (pydantic's too) or `KeyError` if it is not one.

    What other code or other words prepared is left out: reports wait in the stream while the writer is updated, and
    profiles, keys and index words of two releases don't fit together.
    """
    report = _reports().validate_json(fields[b"report"])
    if report.article is not None and fields.get(b"release") != reading_version().encode():
        report = replace(report, article=replace(report.article, prepared=None))
    captures = (
        replace(capture, payload=fields[b"payload%d" % number]) for number, capture in enumerate(report.captures)
    )
    return replace(_with_profile(report, fields.get(b"profile", b"")), captures=tuple(captures))


def dumps(request: dict[str, Any]) -> bytes:
    """Return a request's dictionary as JSON: the serializer of scrapy-redis in place of pickle."""
    headers = {
        name.decode("latin-1"): [value.decode("latin-1") for value in values]
        for name, values in request["headers"].items()
    }
    body = base64.b64encode(request["body"]).decode()
    arguments = {
        name: _pending().dump_python(value, mode="json") if isinstance(value, Pending) else value
        for name, value in request["cb_kwargs"].items()
    }
    return json.dumps({**request, "headers": headers, "body": body, "cb_kwargs": arguments}).encode()


def loads(document: bytes) -> dict[str, Any]:
    """Return the dictionary of a request. Raises `ValueError` if it is not one."""
    request: dict[str, Any] = json.loads(document)
    request["body"] = base64.b64decode(request["body"])
    if "pending" in request["cb_kwargs"]:
        request["cb_kwargs"]["pending"] = _pending().validate_python(request["cb_kwargs"]["pending"])
    return request
