"""Our own webhook: JSON, signed with HMAC-SHA256, with a key that is the same on every try."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from urllib.parse import urlsplit

import requests

from acca_crawler import __version__
from acca_crawler.alerts.channels import opaque
from acca_crawler.alerts.message import Message
from acca_crawler.alerts.secrets import SecretScrubber, libraries_silenced
from acca_crawler.config.alerts import WebhookChannel
from acca_crawler.exceptions import DeliveryError

FORM = 1
"""Of the JSON: raised when a field changes its meaning or goes."""

_MAX_WAIT = 86_400.0


class WebhookSender:
    """Posts to one address and takes any 2xx for an answer; redirects are not followed."""

    def __init__(self, settings: WebhookChannel, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._secret = secret
        self._clock = clock
        url = urlsplit(settings.url)
        self._scrubber = SecretScrubber.of([secret, settings.url, f"{url.path}?{url.query}", url.path, url.query])

    @property
    def targets(self) -> tuple[str, ...]:
        """One name: the address's."""
        return (opaque(self._settings.url),)

    def send(self, message: Message, target: str) -> None:
        """Post the message. Raises `DeliveryError`."""
        body = as_json(message)
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"acca-crawler/{__version__}",
            "Idempotency-Key": message.key,
            "Acca-Timestamp": timestamp,
            "Acca-Signature": signature(self._secret, timestamp, body),
        }
        try:
            with libraries_silenced():
                answer = requests.post(
                    self._settings.url,
                    data=body,
                    headers=headers,
                    timeout=self._settings.timeout,
                    allow_redirects=False,
                    stream=True,
                )
                answer.close()
        except requests.RequestException as error:
            raise DeliveryError(self._scrubber.clean(f"{type(error).__name__}: {error}")) from None
        if not 200 <= answer.status_code < 300:
            raise DeliveryError(f"HTTP {answer.status_code}", _seconds(answer.headers.get("Retry-After")))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256, in hexadecimal, of the timestamp, a full stop and the body."""
    signed = timestamp.encode() + b"." + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def as_json(message: Message) -> bytes:
    """The message as UTF-8 JSON, the same bytes on every try."""
    document = {"form": FORM, **asdict(message)}
    del document["listed"]
    if message.digest:
        document["digest"]["told_stories"] = sorted(message.digest.told_stories)
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def _seconds(retry_after: str | None) -> float | None:
    """What a Retry-After in seconds asks, at most a day; its other form, a date, is not heeded."""
    return min(float(retry_after), _MAX_WAIT) if retry_after and retry_after.isdecimal() else None
