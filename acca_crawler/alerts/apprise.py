"""Delivery through Apprise: Telegram, Slack, Matrix, Signal gateways, ntfy and other services."""

from __future__ import annotations

import logging

import apprise

from acca_crawler.alerts import render
from acca_crawler.alerts.channels import opaque
from acca_crawler.alerts.message import Message
from acca_crawler.alerts.secrets import SecretScrubber, libraries_silenced
from acca_crawler.config.alerts import AppriseChannel
from acca_crawler.exceptions import ChannelError, DeliveryError

MAX_CHARACTERS = 3500
"""Maximum characters per message: Telegram allows 4096, most others as many or more; Apprise truncates for the rest."""


class AppriseSender:
    """Sends to each Apprise URL separately, so that one failure does not repeat the others."""

    def __init__(self, settings: AppriseChannel, addresses: str) -> None:
        self._services: dict[str, tuple[apprise.Apprise, SecretScrubber]] = {}
        for number, address in enumerate(addresses.split(), start=1):
            service = apprise.Apprise(asset=apprise.AppriseAsset(app_id="acca", app_desc="", app_url=""))
            with libraries_silenced():
                known = service.add(address)
            if not known:
                raise ChannelError(f"channel {settings.name}: Apprise does not know the form of address {number}")
            self._services[opaque(address)] = (service, SecretScrubber.of_address(address))

    @property
    def targets(self) -> tuple[str, ...]:
        """Return an opaque name for each URL."""
        return tuple(self._services)

    def send(self, message: Message, target: str) -> None:
        """Send the message through Apprise. Raises `DeliveryError` with Apprise's error, but without the URL."""
        service, redactor = self._services[target]
        capture = apprise.LogCapture(level=logging.WARNING, fmt="%(message)s")  # type: ignore[no-untyped-call]
        with libraries_silenced(), capture as log:
            sent = service.notify(
                title=render.subject(message),
                body=render.text(message, MAX_CHARACTERS),
                body_format=apprise.NotifyFormat.TEXT,
            )
            said = log.getvalue()
        if not sent:
            raise DeliveryError(redactor.clean(said) or "Apprise could not send it and does not say why")
