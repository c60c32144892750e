"""Protects Datasette's CSV against formula injection, because article texts are untrusted.

Datasette writes cells unchanged and has no hook for them, so the response is rewritten row by row: a stream of any
length needs little memory.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any

from acca_crawler.reports.spreadsheet import inert

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Callable[[], Awaitable[Message]], Send], Awaitable[None]]


class InertCsv:
    """ASGI middleware that rewrites the responses of paths ending in `.csv`."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        """Pass the request on and rewrite a CSV response."""
        if scope["type"] != "http" or not scope["path"].endswith(".csv"):
            await self._app(scope, receive, send)
            return
        rows = RowRewriter()
        rewriting = True

        async def rewritten(message: Message) -> None:
            nonlocal rewriting
            if message["type"] == "http.response.start":
                rewriting = message["status"] == 200
                headers = [(name, value) for name, value in message["headers"] if name.lower() != b"content-length"]
                message = {**message, "headers": headers if rewriting else message["headers"]}
            elif rewriting and message["type"] == "http.response.body":
                last = not message.get("more_body", False)
                message = {**message, "body": rows.take(message.get("body", b""), last=last)}
            await send(message)

        await self._app(scope, receive, rewritten)


class RowRewriter:
    """Takes CSV (UTF-8) in chunks and returns it in complete rows, each cell escaped."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def take(self, piece: bytes, *, last: bool) -> bytes:
        """Return the rows completed by this chunk; with the last chunk, everything left."""
        text = self._rest + self._decoder.decode(piece, final=last)
        end = len(text) if last else _end_of_rows(text)
        self._rest = text[end:]
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        for row in csv.reader(io.StringIO(text[:end], newline="")):
            writer.writerow([inert(cell) for cell in row])
        return out.getvalue().encode("utf-8")


def _end_of_rows(text: str) -> int:
    """Return the end of the last complete row: after a line break outside quotes."""
    end = start = quotes = 0
    while (line := text.find("\n", start)) >= 0:
        quotes += text.count('"', start, line)
        start = line + 1
        if quotes % 2 == 0:
            end = start
    return end
