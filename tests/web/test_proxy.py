"""Behind a real reverse proxy, in processes of their own: whose address counts, and what a client makes up."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest

from acca_crawler.config.loading import ArchiveSection, Config
from tests.support.archive import BEATEN, build
from tests.support.local import Answer, Asked, served
from tests.support.serving import serving
from tests.web.conftest import PASSWORD, TOKEN, make_users

HOST = "review.example"


def passing_to(port: int) -> Callable[[Asked], Answer]:
    """As nginx with proxy_add_x_forwarded_for: appends the client, says https, passes the rest on."""

    def proxy(asked: Asked) -> Answer:
        headers = {name: value for name, value in asked.headers.items() if name.lower() != "connection"}
        before = headers.pop("X-Forwarded-For", "")
        headers["X-Forwarded-For"] = f"{before}, {asked.client}" if before else asked.client
        headers["X-Forwarded-Proto"] = "https"
        upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        upstream.request(asked.method, asked.target, asked.body, headers)
        answer = upstream.getresponse()
        passed: dict[str, str] = {}
        for name, value in answer.getheaders():
            if name.lower() not in ("content-type", "content-length", "transfer-encoding", "connection"):
                passed[name] = f"{passed[name]}\n{value}" if name in passed else value
        return Answer(answer.read(), answer.headers.get("Content-Type", ""), answer.status, passed)

    return proxy


@dataclass
class Client:
    """A client at an address of its own on this machine; keeps cookies."""

    port: int
    address: str = "127.0.0.2"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of an answer; of several cookies each is kept."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        sent = {"Host": HOST, "Accept": "text/html", **{name.replace("_", "-"): text for name, text in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, sent)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text

    def sign_in(self, password: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Try a password."""
        token = TOKEN.findall(self.ask("GET", "/sign-in", **headers)[2])[0]
        form = urlencode({"csrftoken": token, "name": "monitor", "password": password})
        return self.ask("POST", "/sign-in", form, **headers)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], tuple[int, int]]]:
    """Starts the server and a proxy before it; gives the ports of the proxy and of the server."""
    build(tmp_path / "archive" / "acca.db", BEATEN)
    make_users(Config(archive=ArchiveSection(directory=tmp_path / "archive")))
    with ExitStack() as stack:

        def start(web: str) -> tuple[int, int]:
            (tmp_path / "acca.toml").write_text(f'[web]\nurl = "https://{HOST}"\n{web}', encoding="utf-8")
            server = stack.enter_context(serving(tmp_path))
            proxy = stack.enter_context(served(passing_to(server.port)))
            return int(proxy.host.rpartition(":")[2]), server.port

        yield start


TRUSTED = 'trusted_proxies = ["127.0.0.1"]\n'


def test_a_configured_proxy_is_believed(start: Callable[[str], tuple[int, int]]) -> None:
    proxy, _ = start(TRUSTED)
    client = Client(proxy)
    status, headers, _ = client.sign_in(PASSWORD)
    assert (status, headers["location"]) == (303, "/")
    assert "max-age" in headers["strict-transport-security"]
    assert headers["set-cookie"].startswith("__Host-acca=")
    assert "Secure" in headers["set-cookie"]
    assert client.ask("GET", "/queue")[0] == 200
    assert Client(proxy).ask("GET", "/sign-in", Host="evil.example")[0] == 421


def test_a_made_up_address_does_not_dodge_the_slowing_down(start: Callable[[str], tuple[int, int]]) -> None:
    proxy, _ = start(TRUSTED)
    client = Client(proxy)
    statuses = [client.sign_in("guess", X_Forwarded_For=f"10.0.0.{number}, 10.1.1.{number}")[0] for number in range(5)]
    assert statuses[:3] == [401, 401, 401]
    assert 429 in statuses[3:]
    assert Client(proxy, "127.0.0.3").sign_in(PASSWORD)[0] == 303  # her own address is not the guesser's


def test_without_a_configured_proxy_its_headers_are_air(start: Callable[[str], tuple[int, int]]) -> None:
    proxy, server = start("")
    for port in (proxy, server):
        _, headers, _ = Client(port).ask("GET", "/sign-in", X_Forwarded_Proto="https")
        assert "strict-transport-security" not in headers
    client = Client(server)
    statuses = [client.sign_in("guess", X_Forwarded_For=f"10.0.0.{number}")[0] for number in range(5)]
    assert 429 in statuses[3:]


def test_who_comes_past_the_proxy_is_not_believed(start: Callable[[str], tuple[int, int]]) -> None:
    _, server = start(TRUSTED)
    client = Client(server, "127.0.0.9")  # not the proxy's address
    _, headers, _ = client.ask("GET", "/sign-in", X_Forwarded_Proto="https", X_Forwarded_For="10.0.0.1")
    assert "strict-transport-security" not in headers
    statuses = [client.sign_in("guess", X_Forwarded_For=f"10.0.0.{number}")[0] for number in range(5)]
    assert 429 in statuses[3:]
    assert not re.search("10.0.0", str(headers))
