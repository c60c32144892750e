"""What every channel is: targets with opaque names, and a way to send a message to one of them."""

from __future__ import annotations

import hashlib
from typing import Protocol

from acca_crawler.alerts.message import Message
from acca_crawler.exceptions import AccaError


class ChannelError(AccaError):
    """A channel can't be used as acca.toml and its secrets describe it: raised when it is opened."""


class DeliveryError(AccaError):
    """A try failed: raised by `Sender.send`. Its text holds no secret. `retry_after` is what the other side asked."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Sender(Protocol):
    """A channel opened for sending."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The opaque names of those who each get every message."""

    def send(self, message: Message, target: str) -> None:
        """Hand the message over to one target. Raises `DeliveryError`."""


def opaque(address: str) -> str:
    """A name for an address that says nothing about it and stays the same."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
