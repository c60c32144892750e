"""Interface of a channel: targets with opaque names, and a method to send a message to one of them."""

from __future__ import annotations

import hashlib
from typing import Protocol

from acca_crawler.alerts.message import Message


class Sender(Protocol):
    """A channel opened for sending."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Return the opaque names of the targets; each gets every message."""

    def send(self, message: Message, target: str) -> None:
        """Send the message to one target. Raises `DeliveryError`."""


def opaque(address: str) -> str:
    """Return a stable name for an address that reveals nothing about it."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]
