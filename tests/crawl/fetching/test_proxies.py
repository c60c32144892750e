"""The last route: an outlet's proxy by every protocol, to sites with and without TLS, over real sockets on loopback."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest

from tests.support.desk import Desk
from tests.support.local import NOTHING, Answer, Asked, LocalSite, article, outlet, rss


def site(asked: Asked) -> Answer:
    """A site of one article; who comes directly is known by the door, not here."""
    scheme = "https" if asked.headers["Host"].startswith("localhost") else "http"
    if asked.path == "/feed/":
        return rss([f"{scheme}://{asked.headers['Host']}/news/the-road-and-the-school"])
    return Answer(article("The road and the school")) if asked.path.startswith("/news/") else NOTHING


class Proxy(StreamRequestHandler):
    """One exchange or tunnel: HTTP with absolute addresses, CONNECT, or SOCKS5 without a password (RFC 1928)."""

    server: ProxyServer

    def handle(self) -> None:
        """Look at the first byte: SOCKS5 begins with a 5."""
        first = self.rfile.read(1)
        if first == b"\x05":
            self._socks()
        elif first:
            self._http(first)

    def _socks(self) -> None:
        self.rfile.read(self.rfile.read(1)[0])
        self.wfile.write(b"\x05\x00")
        kind = self.rfile.read(4)[3]
        raw = self.rfile.read(4 if kind == 1 else self.rfile.read(1)[0])
        host = socket.inet_ntoa(raw) if kind == 1 else raw.decode()
        port = int.from_bytes(self.rfile.read(2), "big")
        self.server.reached.append(f"socks5 {host}")
        self.wfile.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        self._through(port, b"")

    def _http(self, first: bytes) -> None:
        line = first + self.rfile.readline()
        head = b""
        while (field := self.rfile.readline()) not in (b"\r\n", b""):
            head += b"" if field.lower().startswith((b"proxy-", b"connection:")) else field
        method, target, version = line.split()
        if method == b"CONNECT":
            self.server.reached.append("connect")
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            self._through(int(target.rpartition(b":")[2]), b"")
            return
        self.server.reached.append("forward")
        host, _, path = target.removeprefix(b"http://").partition(b"/")
        request = b"%s /%s %s\r\n%sConnection: close\r\n\r\n" % (method, path, version, head)
        self._through(int(host.rpartition(b":")[2]), request)

    def _through(self, port: int, first: bytes) -> None:
        """Pass everything to the open door of the site that stands behind a closed one."""
        with socket.create_connection(("127.0.0.1", self.server.doors[port]), timeout=20) as through:
            through.sendall(first)
            upward = threading.Thread(target=_copy, args=(self.connection, through), daemon=True)
            upward.start()
            _copy(through, self.connection)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


class ProxyServer(ThreadingTCPServer):
    """A proxy; `doors` says which open port stands behind which closed one, `reached` what it was asked to do."""

    daemon_threads = True

    def __init__(self, doors: dict[int, int], tls: ssl.SSLContext | None) -> None:
        self.doors = doors
        self.tls = tls
        self.reached: list[str] = []
        super().__init__(("127.0.0.1", 0), Proxy)

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]
        """With TLS, the handshake comes first, in the request's own thread."""
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up is not an error."""


@contextmanager
def running(server: ThreadingTCPServer) -> Iterator[int]:
    """The server's port while it runs."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own for this machine, with its key."""
    file = tmp_path_factory.mktemp("tls") / "own.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(file) + ".key", "-out", str(file)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return file


def context(certificate: Path) -> ssl.SSLContext:
    """A server's side of TLS with that certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, f"{certificate}.key")
    return made


def closed(asked: Asked) -> Answer:
    """The door at which everybody is turned away."""
    return NOTHING if asked.path == "/robots.txt" else Answer("<title>Access denied</title>", status=403)


@pytest.mark.parametrize(
    ("proxy", "site_has_tls", "reached"),
    [
        ("http", False, "forward"),
        ("http", True, "connect"),
        ("https", False, "forward"),
        ("https", True, "connect"),
        ("socks5", False, "socks5 127.0.0.1"),
        ("socks5", True, "socks5 localhost"),
    ],
)
def test_an_outlet_is_read_through_its_proxy(
    tmp_path: Path,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    proxy: str,
    site_has_tls: bool,
    reached: str,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    front, behind = LocalSite(closed), LocalSite(site)
    if site_has_tls:
        for door in (front, behind):
            door.server.socket = context(certificate).wrap_socket(door.server.socket, server_side=True)
            door.host = door.host.replace("127.0.0.1", "localhost")
            door.home = f"https://{door.host}/"
    doors = {front.server.server_address[1]: behind.server.server_address[1]}
    server = ProxyServer(doors, context(certificate) if proxy == "https" else None)
    desk = Desk(tmp_path)
    with running(front.server), running(behind.server), running(server) as port:  # type: ignore[arg-type]
        desk.configure(outlet(front, 'feeds = ["/feed/"]', f'proxy = "{proxy}://127.0.0.1:{port}"'))
        desk.acca("crawl", "paper")
    assert reached in server.reached
    captures = desk.tuples("SELECT DISTINCT route, kind, status FROM captures WHERE kind != 'robots'")
    assert set(captures) == {
        ("origin", "feed", 403), ("proxy", "feed", 200), ("origin", "article", 403), ("proxy", "article", 200),
    }  # fmt: skip
    assert desk.value("SELECT count(*) FROM articles") == 1


@pytest.mark.parametrize("proxy", ["http", "socks5"])
def test_an_outlet_that_can_be_reached_only_through_its_proxy_keeps_its_rules(tmp_path: Path, proxy: str) -> None:
    def behind_rules(asked: Asked) -> Answer:
        if asked.path == "/robots.txt":
            return Answer("User-agent: *\nDisallow: /news/private", "text/plain")
        if asked.path == "/feed/":
            return rss(f"http://{asked.headers['Host']}/news/{slug}" for slug in ("private-matters", "the-road"))
        return site(asked)

    front, behind = LocalSite(closed), LocalSite(behind_rules)
    front.server.server_close()  # connections are refused
    server = ProxyServer({front.server.server_address[1]: behind.server.server_address[1]}, None)
    desk = Desk(tmp_path)
    with running(behind.server), running(server) as port:  # type: ignore[arg-type]
        desk.configure(outlet(front, 'feeds = ["/feed/"]', f'proxy = "{proxy}://127.0.0.1:{port}"'))
        desk.acca("crawl", "paper")
    captures = desk.tuples("SELECT route, kind, status FROM captures ORDER BY id")
    assert captures == [("proxy", "robots", 200), ("proxy", "feed", 200), ("proxy", "article", 200)]
    assert behind.paths() == ["/robots.txt", "/feed/", "/news/the-road"]
    assert desk.tuples("SELECT status FROM addresses ORDER BY url") == [("refused",), ("stored",)]


def test_a_proxy_of_one_outlet_is_not_asked_for_another(tmp_path: Path) -> None:
    front, other = LocalSite(closed), LocalSite(site)
    server = ProxyServer({}, None)
    desk = Desk(tmp_path)
    with running(front.server), running(other.server), running(server) as port:  # type: ignore[arg-type]
        proxied = outlet(front, 'feeds = ["/feed/"]', f'proxy = "socks5://127.0.0.1:{port}"', name="walled")
        desk.configure(proxied + outlet(other, 'feeds = ["/feed/"]', name="open"))
        desk.acca("crawl", "walled", "open", code=1)
    assert desk.tuples("SELECT outlet, count(*) FROM articles GROUP BY outlet") == [("open", 1)]
    assert {row[0] for row in desk.tuples("SELECT route FROM captures WHERE outlet = 'open'")} == {"origin"}


def test_a_proxy_whose_certificate_nobody_vouches_for_is_not_spoken_to(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    front, behind = LocalSite(closed), LocalSite(site)
    doors = {front.server.server_address[1]: behind.server.server_address[1]}
    server = ProxyServer(doors, context(certificate))
    desk = Desk(tmp_path)
    with running(front.server), running(behind.server), running(server) as port:  # type: ignore[arg-type]
        desk.configure(outlet(front, 'feeds = ["/feed/"]', f'proxy = "https://127.0.0.1:{port}"'))
        output = desk.acca("crawl", "paper", code=1)
    assert "certificate" in output.lower()
    assert server.reached == []
