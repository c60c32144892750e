"""Datasette's CSV with cells that no spreadsheet runs as formulas: article texts come from strangers.

Datasette writes cells as they are and has no hook for them, so its rows are rewritten on their way out, whole rows at a
time: a stream of any length passes through little memory.
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
    """ASGI middleware over the answers of addresses that end in `.csv`."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        """Pass the request on; rewrite what comes back as CSV."""
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
    """Takes CSV (UTF-8) in pieces and gives it back in whole rows, each cell harmless."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""

    def take(self, piece: bytes, *, last: bool) -> bytes:
        """The rows that are whole with this piece; with the last one, all that is left."""
        text = self._rest + self._decoder.decode(piece, final=last)
        end = len(text) if last else _end_of_rows(text)
        self._rest = text[end:]
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        for row in csv.reader(io.StringIO(text[:end], newline="")):
            writer.writerow([inert(cell) for cell in row])
        return out.getvalue().encode("utf-8")


def _end_of_rows(text: str) -> int:
    """Where the last whole row ends: behind a line's end that no quotes enclose."""
    end = start = quotes = 0
    while (line := text.find("\n", start)) >= 0:
        quotes += text.count('"', start, line)
        start = line + 1
        if quotes % 2 == 0:
            end = start
    return end
