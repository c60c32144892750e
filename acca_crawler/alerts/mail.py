"""Email over SMTP: text and HTML, with the same Message-ID on every attempt."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from acca_crawler.alerts import render
from acca_crawler.alerts.channels import opaque
from acca_crawler.alerts.message import Message
from acca_crawler.alerts.secrets import SecretScrubber
from acca_crawler.config.alerts import EmailChannel
from acca_crawler.exceptions import DeliveryError


class MailSender:
    """Sends to each recipient separately, so that recipients don't see each other."""

    def __init__(self, settings: EmailChannel, password: str) -> None:
        self._settings = settings
        self._password = password
        self._scrubber = SecretScrubber.of([password])
        self._receivers = {opaque(address): address for address in settings.to}

    @property
    def targets(self) -> tuple[str, ...]:
        """Return an opaque name for each recipient."""
        return tuple(self._receivers)

    def send(self, message: Message, target: str) -> None:
        """Send the email to the server. Raises `DeliveryError`."""
        mail = as_mail(message, self._settings.sender, self._receivers[target])
        try:
            with self._connection() as server:
                server.send_message(mail, self._settings.sender, [self._receivers[target]])
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(self._scrubber.clean(f"{type(error).__name__}: {error}")) from None

    def _connection(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout, context=context
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
        try:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def as_mail(message: Message, sender: str, receiver: str) -> EmailMessage:
    """Return the message as an email. Its Message-ID combines the message's key and the sender's domain."""
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("acca", addr_spec=sender)
    mail["To"] = Address(addr_spec=receiver)
    _set_subject(mail, render.subject(message))
    mail["Date"] = format_datetime(datetime.fromisoformat(message.composed_at))
    mail["Message-ID"] = f"<{message.key}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(render.text(message))
    mail.add_alternative(render.html(message), subtype="html")
    return mail


def _set_subject(mail: EmailMessage, subject: str) -> None:
    """Set the subject; encoded as a whole, since Python before 3.13 loses spaces where it folds a mixed one."""
    if subject.isascii():
        mail["Subject"] = subject
    else:
        mail.set_raw("Subject", Header(subject, "utf-8", header_name="Subject").encode())
