"""Real servers on loopback, one for mail and one for webhooks; each fails on request."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword

from tests.support.local import Answer, Asked, LocalSite, served


@dataclass
class Hook:
    """A webhook receiver. `answer` chooses the status (and a Retry-After) of the nth request, counted from 1."""

    site: LocalSite = field(init=False)
    answer: Callable[[int], tuple[int, str | None]] = lambda number: (200, None)

    @property
    def url(self) -> str:
        """The URL to post to."""
        return f"{self.site.home}hook"

    @property
    def posted(self) -> list[Asked]:
        """The posted requests, in order; may be cleared."""
        return self.site.asked

    def reply(self, asked: Asked) -> Answer:
        """Return the answer to the sender."""
        status, wait = self.answer(len(self.posted))
        headers = {"Retry-After": wait} if wait else {}
        if status // 100 == 3:
            headers["Location"] = f"{self.url}/elsewhere"
        return Answer(status=status, headers=headers)


@contextmanager
def hook() -> Iterator[Hook]:
    """Run a webhook receiver."""
    state = Hook()
    with served(state.reply) as state.site:
        yield state


@dataclass
class Post:
    """An SMTP server. Recipients in `refused` get 451; a user can sign in only with `password`."""

    port: int = 0
    password: str = ""
    refused: set[str] = field(default_factory=set)
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    passwords: list[bytes] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """The received mails, parsed."""
        return [message_from_bytes(raw, policy=default) for _, raw in self.arrived]

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: object, session: object, envelope: Envelope, address: str, options: object
    ) -> str:
        """Accept or refuse a recipient."""
        if address in self.refused:
            return "451 4.3.0 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802
        """Store the mail."""
        assert isinstance(envelope.content, bytes)
        self.arrived.extend((address, envelope.content) for address in envelope.rcpt_tos)
        return "250 OK"

    def let_in(self, server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        """Check the password."""
        self.passwords += [data.password] if isinstance(data, LoginPassword) else []
        right = isinstance(data, LoginPassword) and data.password.decode() == self.password
        return AuthResult(success=right, handled=False, message=None if right else f"535 no, {data!r} is wrong")


class AnyPort(Controller):
    """A server on a port chosen by the system; aiosmtpd connects to itself to check that it is ready."""

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class AnyPortTls(AnyPort):
    """The same, with TLS from the first byte; `Controller` would otherwise check it over a plain connection."""

    def _trigger_server(self) -> None:
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        with socket.create_connection(("127.0.0.1", self.port), 5) as plain:
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            with trusting.wrap_socket(plain) as talking:
                talking.recv(1024)


@contextmanager
def post_office(
    password: str = "", starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Post]:
    """Run a mail server; with `starttls` it accepts passwords and mail only after STARTTLS, with `tls` all is
    encrypted."""
    state = Post(password=password)
    extra: dict[str, Any] = {"authenticator": state.let_in, "auth_require_tls": bool(starttls)} if password else {}
    if starttls:
        extra |= {"tls_context": starttls, "require_starttls": True}
    kind = AnyPortTls if tls else AnyPort
    controller = kind(state, hostname="127.0.0.1", port=0, ssl_context=tls, **extra)
    controller.start()
    state.port = controller.port
    try:
        yield state
    finally:
        controller.stop()
