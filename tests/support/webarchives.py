"""Servers on loopback that answer like the Wayback Machine and like Common Crawl: paging, 429, gaps, byte ranges."""

from __future__ import annotations

import hashlib
import io
import json
from base64 import b32encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from acca_crawler.archives.listed_captures import stamp_of
from tests.support.local import Answer, Asked, LocalSite, served

FILE = "crawl-data/CC-MAIN-2026-05/segments/1/warc/CC-MAIN-1.warc.gz"


@dataclass(frozen=True)
class Kept:
    """One capture that an archive holds. A `lost` one is listed, but can't be served."""

    url: str
    timestamp: str
    html: str
    status: int = 200
    mime: str = "text/html"
    lost: bool = False

    @property
    def digest(self) -> str:
        """SHA-1 of the payload in base 32, as both archives write it."""
        return b32encode(hashlib.sha1(self.html.encode(), usedforsecurity=False).digest()).decode()


@dataclass
class Archive:
    """An archive on loopback. `busy` is the number of 429 answers still to give, with this Retry-After."""

    kept: list[Kept]
    busy: int = 0
    retry_after: str = "0"
    page: int = 3
    site: LocalSite = field(init=False)

    @property
    def home(self) -> str:
        """Its address without a trailing slash."""
        return self.site.home.rstrip("/")

    def queries(self) -> list[dict[str, list[str]]]:
        """The queries sent to the index, in order."""
        asked = [urlsplit(one.target) for one in self.site.asked]
        return [parse_qs(one.query) for one in asked if "url=" in one.query]

    def throttled(self, answer: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
        """Wrap a handler so that it is busy as often as it should be."""

        def reply(asked: Asked) -> Answer:
            if self.busy > 0:
                self.busy -= 1
                return Answer("slow down", "text/plain", 429, {"Retry-After": self.retry_after})
            return answer(asked)

        return reply

    def matching(self, query: dict[str, list[str]]) -> list[Kept]:
        """The captures that a query asks for, sorted as indexes are: by address, then by time."""
        (url,) = query["url"]
        host = query.get("matchType") == ["host"]
        found = [one for one in self.kept if (urlsplit(one.url).hostname == url if host else one.url == url)]
        for rule in query.get("filter", []):
            name, _, value = rule.lstrip("=").partition(":")
            found = [one for one in found if str(one.status if "status" in name else one.mime) == value]
        return sorted(found, key=lambda one: (one.url, one.timestamp))


@contextmanager
def wayback(kept: Sequence[Kept], **settings: object) -> Iterator[Archive]:
    """Run a server like web.archive.org."""
    archive = Archive(list(kept), **settings)  # type: ignore[arg-type]

    def answer(asked: Asked) -> Answer:
        if asked.path == "/cdx/search/cdx":
            return _cdx(archive, parse_qs(urlsplit(asked.target).query))
        return _played_back(archive, asked.target)

    with served(archive.throttled(answer)) as archive.site:
        yield archive


def _cdx(archive: Archive, query: dict[str, list[str]]) -> Answer:
    found: list[Kept] = []
    for one in archive.matching(query):
        if not (query.get("collapse") == ["digest"] and found and found[-1].digest == one.digest):
            found.append(one)
    start = int(query.get("resumeKey", ["0"])[0])
    size = min(archive.page, int(query["limit"][0]))
    fields = query["fl"][0].split(",")
    values = [
        {
            "timestamp": one.timestamp, "original": one.url, "mimetype": one.mime, "statuscode": str(one.status),
            "digest": one.digest,
        }
        for one in found[start : start + size]
    ]  # fmt: skip
    rows: list[list[str]] = [fields, *([row[name] for name in fields] for row in values)] if values else []
    if start + size < len(found):
        rows += [[], [str(start + size)]]
    return Answer(json.dumps(rows), "application/json")


def _played_back(archive: Archive, target: str) -> Answer:
    timestamp, _, url = target.removeprefix("/web/").partition("id_/")
    found = [one for one in archive.kept if one.url == url]
    exact = next((one for one in found if one.timestamp == timestamp), None)
    if exact is None or exact.lost:
        others = [one for one in found if not one.lost and one is not exact]
        if exact is None and others:
            nearest = min(others, key=lambda one: abs(int(one.timestamp) - int(timestamp)))
            return Answer(status=302, headers={"Location": f"/web/{nearest.timestamp}id_/{url}"})
        return Answer("<h1>Wayback Machine has not archived that URL.</h1>", status=404)
    headers = {
        "Memento-Datetime": stamp_of(exact.timestamp),
        "X-Archive-Orig-Content-Type": "text/html; charset=utf-8",
        "X-Archive-Orig-Server": "nginx",
        "X-Archive-Orig-Content-Length": "1",
    }
    return Answer(exact.html, status=exact.status, headers=headers)


@contextmanager
def common_crawl(kept: Sequence[Kept], **settings: object) -> Iterator[Archive]:
    """Run a server like index.commoncrawl.org and data.commoncrawl.org in one."""
    archive = Archive(list(kept), **settings)  # type: ignore[arg-type]
    data, places = warc_of(kept)

    def answer(asked: Asked) -> Answer:
        if asked.path == "/collinfo.json":
            return Answer(json.dumps([{"id": "CC-MAIN-2026-05"}, {"id": "CC-MAIN-2026-01"}]), "application/json")
        if asked.path == "/CC-MAIN-2026-05-index":
            return _cdxj(archive, parse_qs(urlsplit(asked.target).query), places)
        if asked.path == f"/{FILE}":
            return _range(data, asked)
        return Answer("no such file", "text/plain", 404)

    with served(archive.throttled(answer)) as archive.site:
        yield archive


def _cdxj(archive: Archive, query: dict[str, list[str]], places: dict[Kept, tuple[int, int]]) -> Answer:
    found = archive.matching(query)
    if not found:
        return Answer('{"message": "No Captures found for: x"}', "application/json", 404)
    pages = -(-len(found) // archive.page)
    if "showNumPages" in query:
        return Answer(json.dumps({"pages": pages, "pageSize": 5, "blocks": 9}), "application/json")
    start = int(query["page"][0]) * archive.page
    lines = [
        json.dumps(
            {
                "urlkey": "x)/", "timestamp": one.timestamp, "url": one.url, "mime": one.mime,
                "status": str(one.status), "digest": one.digest, "filename": "lost.warc.gz" if one.lost else FILE,
                "offset": str(places[one][0]), "length": str(places[one][1]),
            }
        )
        for one in found[start : start + archive.page]
    ]  # fmt: skip
    return Answer("\n".join(lines), "application/json")


def _range(data: bytes, asked: Asked) -> Answer:
    first, _, last = asked.headers["Range"].removeprefix("bytes=").partition("-")
    return Answer(data[int(first) : int(last) + 1], "application/octet-stream", 206)


def warc_of(kept: Sequence[Kept]) -> tuple[bytes, dict[Kept, tuple[int, int]]]:
    """Return a compressed WARC file of the captures, and the offset and length of each one's record."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    places: dict[Kept, tuple[int, int]] = {}
    for one in kept:
        start = stream.tell()
        head = StatusAndHeaders(
            f"{one.status} OK",
            [("Content-Type", one.mime), ("X-Crawler-Transfer-Encoding", "chunked")],
            protocol="HTTP/1.1",
        )
        record = writer.create_warc_record(
            one.url,
            "response",
            payload=io.BytesIO(one.html.encode()),
            http_headers=head,
            warc_headers_dict={"WARC-Date": stamp_of(one.timestamp)},
        )
        writer.write_record(record)
        places[one] = (start, stream.tell() - start)
    return stream.getvalue(), places
