"""Builds the bytes on the wire: a site's response after faults, encoding, validators and compression."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from email.utils import format_datetime
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from acca_crawler.newsroom.exchange import Kind, Request, Response, html, redirect
from acca_crawler.newsroom.faults import Faults
from acca_crawler.newsroom.sites.base import Edition, NewsroomSite, challenge, html_shell

BOMB_BYTES = 64 * 1024 * 1024
_META_CHARSET = re.compile(r'<meta charset="[^"]*">', re.IGNORECASE)
_COMPRESSIBLE = ("text/", "application/json", "application/xml", "application/rss+xml")
_GZIP_FROM_BYTES = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as sent. `sent_bytes` below the body's length truncates it."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    sent_bytes: int | None = None
    cut: Literal["", "hang", "reset"] = ""
    close: bool = False


def answer_to(
    request: Request, kind: Kind, edition: Edition, site: NewsroomSite, respond: Callable[[Edition], Response]
) -> Answer:
    """Answer a request; `respond` gives the response of the site without faults."""
    broken = _broken(request, kind, edition, site)
    if isinstance(broken, Answer):
        return broken
    answer = _on_the_wire(request, broken or respond(edition), edition.faults)
    if edition.faults.happens("truncate", request.path):
        return replace(answer, sent_bytes=len(answer.body) // 2, close=True)
    return answer


def _broken(request: Request, kind: Kind, edition: Edition, site: NewsroomSite) -> Response | Answer | None:
    """Return a fault's answer in place of the page, or None."""
    faults, path = edition.faults, request.path
    if faults.happens("timeout", path):
        return Answer(0, cut="hang")
    if faults.happens("reset", path):
        return Answer(0, cut="reset")
    if faults.happens("bomb", path):
        return Answer(200, (("Content-Type", "text/html"), ("Content-Encoding", "gzip")), _bomb())
    if faults.happens("redirect_loop", path):
        turn = int(request.query.get("turn", "0")) + 1
        return redirect(f"{edition.url}{path}?turn={turn}", 302)
    challenge_status = faults.challenge_status(path)
    if challenge_status is not None:
        return challenge(urlsplit(edition.url).netloc, challenge_status)
    status = faults.path_status(path) or faults.way_status(kind)
    if status is not None:
        return _status_page(status, kind, faults)
    if faults.happens("not_found_as_200", path):
        return replace(site.not_found(request, edition), status=200)
    return _dead_way(request, kind, edition, site)


def _dead_way(request: Request, kind: Kind, edition: Edition, site: NewsroomSite) -> Response | None:
    """Return the answer, with status 200, of a dead way of discovery, or None."""
    faults = edition.faults
    if kind == "sitemap" and faults.sitemap_html:
        return html(html_shell(site.title))
    if kind == "rest" and faults.rest_json_error:
        return Response(
            b'{"code":"internal_server_error","message":"There has been a critical error.","data":null}',
            "application/json; charset=UTF-8",
        )
    if kind != "feed" or faults.feed_dead is None:
        return None
    if faults.feed_dead == "empty":
        return site.empty_feed(edition)
    if faults.feed_dead == "404-as-200":
        return replace(site.not_found(request, edition), status=200)
    return html(html_shell(site.title))


def _status_page(status: int, kind: Kind, faults: Faults) -> Response:
    headers: tuple[tuple[str, str], ...] = ()
    if status in (429, 503) and faults.retry_after is not None:
        headers = (("Retry-After", str(faults.retry_after)),)
    if kind == "rest":
        code = {401: "rest_not_logged_in", 403: "rest_forbidden", 404: "rest_no_route"}.get(status, "rest_error")
        body = f'{{"code":"{code}","message":"REST API restricted.","data":{{"status":{status}}}}}'
        return Response(body.encode(), "application/json; charset=UTF-8", status, headers)
    page = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return Response(page.encode(), status=status, headers=headers)


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(BOMB_BYTES), mtime=0)


def _on_the_wire(request: Request, response: Response, faults: Faults) -> Answer:
    """Apply encoding, validators, conditional requests and compression."""
    response = _recoded(response, faults)
    validators = _validators(response, faults)
    if response.status == 200 and _not_modified(request.headers, validators):
        return Answer(304, tuple(validators.items()))
    headers = [("Content-Type", response.content_type), *response.headers, *validators.items()]
    body = response.body
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    if accepts and len(body) >= _GZIP_FROM_BYTES and response.content_type.startswith(_COMPRESSIBLE):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
    return Answer(response.status, tuple(headers), body)


def _recoded(response: Response, faults: Faults) -> Response:
    """Return the page in the configured encoding; characters it lacks become character references."""
    if faults.charset is None or not response.content_type.startswith("text/html"):
        return response
    text = response.body.decode()
    if faults.charset_declared == "wrong":
        content_type = response.content_type
    elif faults.charset_declared == "none":
        text, content_type = _META_CHARSET.sub("", text), "text/html"
    else:
        text = _META_CHARSET.sub(f'<meta charset="{faults.charset}">', text)
        content_type = f"text/html; charset={faults.charset}"
    return replace(response, body=text.encode(faults.charset, "xmlcharrefreplace"), content_type=content_type)


def _validators(response: Response, faults: Faults) -> dict[str, str]:
    if faults.validators == "off" or response.status != 200:
        return {}
    if faults.validators == "changing":
        return {"ETag": f'W/"{time.monotonic_ns():x}"'}
    if faults.validators == "stuck":
        return {"ETag": 'W/"0"', "Last-Modified": "Sat, 01 Jan 2022 00:00:00 GMT"}
    validators = {"ETag": response.etag}
    if response.last_modified is not None:
        validators["Last-Modified"] = format_datetime(response.last_modified, usegmt=True)
    return validators


def _not_modified(headers: Message, validators: Mapping[str, str]) -> bool:
    """Whether to answer 304; If-Modified-Since counts only without If-None-Match (RFC 9110, 13.2.2)."""
    asked = headers.get("If-None-Match")
    if asked is not None:
        return validators.get("ETag") in [tag.strip() for tag in asked.split(",")]
    since = headers.get("If-Modified-Since")
    return since is not None and since == validators.get("Last-Modified")
