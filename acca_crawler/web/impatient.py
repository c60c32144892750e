"""Drops connections that take too long to send a request or to take an answer: each holds memory and a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class ImpatientProtocol(H11Protocol):
    """uvicorn's HTTP protocol, which itself limits only the pause between two requests.

    `request_seconds` is the time for a whole request, headers and body; `answer_seconds` that in which a client has to
    take what is waiting to be sent.
    """

    request_seconds = 20.0
    answer_seconds = 60.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._request: asyncio.TimerHandle | None = None
        self._answer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start waiting for the first request."""
        super().connection_made(transport)
        self._request = self.loop.call_later(self.request_seconds, self._drop)

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request; the first piece starts its time, the last one ends it."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._request = self._request or self.loop.call_later(self.request_seconds, self._drop)
        elif self._request:
            self._request.cancel()
            self._request = None

    def pause_writing(self) -> None:
        """Start waiting for the client to take what was sent."""
        super().pause_writing()
        self._answer = self._answer or self.loop.call_later(self.answer_seconds, self._drop)

    def resume_writing(self) -> None:
        """Stop waiting: the client took it."""
        super().resume_writing()
        if self._answer:
            self._answer.cancel()
            self._answer = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        for timer in (self._request, self._answer):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def _drop(self) -> None:
        self.transport.abort()
