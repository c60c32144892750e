"""Webhook delivery: JSON signed with HMAC-SHA256, with the same key on every attempt."""

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
from acca_crawler.retry_after import seconds_asked_for

FORM = 1
"""Version of the JSON format: incremented when a field changes its meaning or is removed."""

MAX_WAIT = 86_400.0
"""Longest wait (seconds) of a receiving service that is respected."""


class WebhookSender:
    """Posts to one URL and accepts any 2xx response; redirects are not followed."""

    def __init__(self, settings: WebhookChannel, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._secret = secret
        self._clock = clock
        url = urlsplit(settings.url)
        self._scrubber = SecretScrubber.of([secret, settings.url, f"{url.path}?{url.query}", url.path, url.query])

    @property
    def targets(self) -> tuple[str, ...]:
        """Return one opaque name, for the URL."""
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
            wait = seconds_asked_for(answer.headers.get("Retry-After"))
            raise DeliveryError(f"HTTP {answer.status_code}", None if wait is None else min(wait, MAX_WAIT))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return `v1=` and the hexadecimal HMAC-SHA256 of the timestamp, a full stop and the body."""
    signed = timestamp.encode() + b"." + body
    return f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def as_json(message: Message) -> bytes:
    """Return the message as UTF-8 JSON, identical bytes on every attempt."""
    document = {"form": FORM, **asdict(message)}
    del document["listed"]
    if message.digest:
        document["digest"]["told_stories"] = sorted(message.digest.told_stories)
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()
