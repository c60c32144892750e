"""What every channel is: targets with opaque names, and a way to send a message to one of them."""

from __future__ import annotations

import hashlib
from typing import Protocol

from acca_crawler.alerts.message import Message


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
