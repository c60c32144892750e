"""Opens a channel for sending, with its secrets."""

from __future__ import annotations

from uuid import UUID

from acca_crawler.alerts.atom import AtomFeeds
from acca_crawler.alerts.channels import Sender
from acca_crawler.alerts.mail import MailSender
from acca_crawler.alerts.secrets import read_secret
from acca_crawler.alerts.webhook import WebhookSender
from acca_crawler.config.alerts import AppriseChannel, AtomChannel, Channel, EmailChannel
from acca_crawler.config.loading import Config


def open_sender(channel: Channel, config: Config, archive: UUID) -> Sender:
    """Open the channel with its secrets. Raises `ChannelError`, `SecretMissing`."""
    owner, base = f"channel {channel.name}", config.base_directory
    if isinstance(channel, EmailChannel):
        return MailSender(channel, read_secret(owner, channel.password_env, channel.password_file, base))
    if isinstance(channel, AppriseChannel):
        from acca_crawler.alerts.apprise import AppriseSender  # takes most of a second to import

        return AppriseSender(channel, read_secret(owner, channel.urls_env, channel.urls_file, base))
    if isinstance(channel, AtomChannel):
        return AtomFeeds(channel, base / channel.directory, archive)
    return WebhookSender(channel, read_secret(owner, channel.secret_env, channel.secret_file, base))
