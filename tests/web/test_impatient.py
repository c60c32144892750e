"""Connections that send or take too slowly are dropped; others are answered all the while."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from acca_crawler.web.impatient import ImpatientProtocol

DEADLINE = 30.0
"""Seconds after which a connection that is still open fails its test."""
LARGE = b"x" * 50_000_000


class Quick(ImpatientProtocol):
    """The same, for tests."""

    request_seconds = 0.5
    answer_seconds = 0.5


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer with the body's length, or with much."""
    length, more = 0, True
    while more:
        event = await receive()
        length += len(event.get("body", b""))
        more = event.get("more_body", False)
    body = LARGE if scope["path"] == "/large" else str(length).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def port() -> Iterator[int]:
    """A server's port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, http=Quick, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(DEADLINE)


def opened(port: int, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
    connection.sendall(sent)
    return connection


def taken(connection: socket.socket) -> bytes:
    """All that comes until the other side closes the connection. Fails after `DEADLINE`."""
    found = b""
    try:
        while piece := connection.recv(1 << 20):
            found += piece
    except ConnectionResetError:
        pass
    return found


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
    ],
)
def test_a_request_without_an_end_is_dropped(port: int, sent: bytes) -> None:
    assert taken(opened(port, sent)) == b""


def test_a_second_request_without_an_end_is_dropped_too(port: int) -> None:
    whole = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    assert taken(opened(port, whole + b"GET / HTTP/1.1\r\n")).count(b"200 OK") == 1


def test_a_whole_request_is_answered(port: int) -> None:
    slow = [opened(port, b"GET /") for _ in range(20)]
    asked = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc"
    assert taken(opened(port, asked)).endswith(b"\r\n\r\n3")
    assert [taken(connection) for connection in slow] == [b""] * 20


def test_a_client_that_takes_nothing_is_dropped_and_one_that_does_gets_all(port: int) -> None:
    asked = b"GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert taken(opened(port, asked)).endswith(LARGE[:1000])
    idle = opened(port, asked)
    time.sleep(3)
    assert len(taken(idle)) < len(LARGE)
