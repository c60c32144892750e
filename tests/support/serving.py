"""`acca serve` in its own process on loopback."""

from __future__ import annotations

import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import warm
from tests.support.desk import TIMEOUT


@dataclass(frozen=True)
class ReviewServer:
    """A running server of the archive below an operator's directory."""

    directory: Path
    port: int
    process: warm.Started

    @property
    def archive(self) -> Path:
        """The path of the archive's file."""
        return self.directory / "archive" / "acca.db"

    @property
    def address(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        """Wait until it answers; fail the test if it exits first."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(urllib.request.Request(f"{self.address}/sign-in"), timeout=30):
                    return
            except urllib.request.HTTPError:  # it answers, though not for this host name
                return
            except OSError:
                assert self.process.poll() is None, f"the server ended: {self.process.communicate()}"
                time.sleep(0.05)
        raise AssertionError("the server did not answer in time")


@contextmanager
def serving(directory: Path) -> Iterator[ReviewServer]:
    """Run a server with the acca.toml in this directory; its output can be read after it has ended."""
    port = free_port()
    process = warm.Started(["serve", "--port", str(port)], directory, {"ACCA_CONFIG": str(directory / "acca.toml")})
    server = ReviewServer(directory, port, process)
    try:
        server.wait()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT)


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
