"""One request to a service: bounded in time and size, and never with its key in an error."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from acca_crawler.assist import service
from acca_crawler.assist.service import post_json
from acca_crawler.exceptions import ServiceError
from tests.support.local import Answer, served


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of a server that sends a byte now and then, and ends only when the test has ended."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            while not ended.wait(0.02):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        def log_message(self, format: str, *arguments: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    ended.set()
    server.shutdown()
    server.server_close()


def test_an_answer_that_drips_is_left_in_time(dripping: str) -> None:
    with pytest.raises(ServiceError, match=r"no answer within 0\.4 seconds"):
        post_json(dripping, "", {}, 0.4)


def test_an_endless_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_ANSWER", 1000)
    with served(lambda asked: Answer("x" * 5000)) as site, pytest.raises(ServiceError, match="longer than 1000 bytes"):
        post_json(site.home, "", {}, 30)


def test_an_error_never_holds_the_key() -> None:
    echoing = Answer('{"error": {"message": "the key sk-very-secret is wrong"}}', "application/json", 401)
    with served(lambda asked: echoing) as site, pytest.raises(ServiceError) as caught:
        post_json(site.home, "sk-very-secret", {}, 30)
    assert str(caught.value) == "HTTP 401: the key *** is wrong"
    with pytest.raises(ServiceError) as caught:
        post_json("http://127.0.0.1:1/sk-very-secret", "", {}, 5, secret="sk-very-secret")
    assert "sk-very-secret" not in str(caught.value)
