"""One JSON request to a service, bounded in time and size."""

from __future__ import annotations

import json
import time
from typing import Any, cast

import requests

from acca_crawler import __version__
from acca_crawler.alerts.secrets import SecretScrubber, libraries_silenced
from acca_crawler.exceptions import ServiceError

MAX_ANSWER = 4 * 1024 * 1024
"""Maximum bytes of an answer: several times the longest text that we send."""

MAX_ERROR = 200
CONNECT_SECONDS = 10.0
_PIECE = 65_536


def post_json(url: str, key: str, document: dict[str, Any], seconds: float, *, secret: str = "") -> dict[str, Any]:
    """Post a JSON document and return the JSON object that answers it; redirects are not followed.

    `key` is sent as a bearer token unless it is empty; `seconds` limit the whole exchange, however slowly the answer
    arrives. Raises `ServiceError`, whose text never contains the key, nor a `secret` of the document.
    """
    scrubber = SecretScrubber.of([one for one in (key, secret) if one])
    deadline = time.monotonic() + seconds
    headers = {"User-Agent": f"acca-crawler/{__version__}", "Accept-Encoding": "identity"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        with (
            libraries_silenced(),
            requests.post(
                url, json=document, headers=headers, timeout=(min(CONNECT_SECONDS, seconds), seconds),
                allow_redirects=False, stream=True,
            ) as answer,
        ):  # fmt: skip
            body = _body(answer, deadline)
    except (requests.RequestException, OSError) as error:
        if isinstance(error, (requests.Timeout, TimeoutError)):
            raise ServiceError(f"no answer within {seconds:g} seconds") from None
        raise ServiceError(scrubber.clean(f"{type(error).__name__}: {error}")[:MAX_ERROR]) from None
    if answer.status_code != 200:
        raise ServiceError(scrubber.clean(f"HTTP {answer.status_code}{_reason(body)}")[:MAX_ERROR])
    found = _parsed(body)
    if not isinstance(found, dict):
        raise ServiceError("the answer is not a JSON object")
    return found


def _body(answer: requests.Response, deadline: float) -> bytes:
    """Read the body piece by piece, so that a service that drips its answer is left in time."""
    found = b""
    while piece := cast("bytes", answer.raw.read1(_PIECE)):
        found += piece
        if len(found) > MAX_ANSWER:
            raise ServiceError(f"the answer is longer than {MAX_ANSWER} bytes")
        if time.monotonic() > deadline:
            raise requests.Timeout
    return found


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _reason(body: bytes) -> str:
    """Return what the service says about an error: LibreTranslate a text, OpenAI an object with a message."""
    found = _parsed(body)
    error = found.get("error") if isinstance(found, dict) else None
    reason = error.get("message") if isinstance(error, dict) else error
    return f": {reason}" if isinstance(reason, str) and reason else ""
