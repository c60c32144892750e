"""A time-stamp authority (OpenSSL's `ts`) and an OpenTimestamps calendar on loopback."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import Timestamp

CONFIG = """
[tsa]
default_tsa = example
[example]
serial = {directory}/serial
crypto_device = builtin
signer_cert = {directory}/tsa.pem
certs = {directory}/{certificates}
signer_key = {directory}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
"""


@dataclass
class OutsideWorld:
    """Who dates our manifests: `root` is the authority's certificate. `down` makes every request fail."""

    directory: Path
    url: str = ""
    down: bool = False
    block: int | None = None
    submitted: list[bytes] = field(default_factory=list)

    @property
    def root(self) -> Path:
        """The PEM file of the authority's root certificate."""
        return self.directory / "root.pem"

    @property
    def config(self) -> str:
        """The lines of acca.toml that turn both on."""
        return (
            f'[evidence]\ncalendars = ["{self.url}"]\n'
            f'[[evidence.authority]]\nurl = "{self.url}/tsr"\ncertificate = "{self.root}"\n'
        )

    def dated(self, query: bytes) -> bytes:
        """Return the authority's response to a query."""
        (self.directory / "query").write_bytes(query)
        openssl(self.directory, "ts -reply -config tsa.cnf -queryfile query -out reply")
        return (self.directory / "reply").read_bytes()

    def promise(self, digest: bytes) -> bytes:
        """Return the calendar's promise for a digest."""
        self.submitted.append(digest)
        proof = Timestamp(digest)
        proof.ops.add(OpAppend(b"nonce")).ops.add(OpSHA256()).attestations.add(PendingAttestation(self.url))
        return serialised(proof)

    def completion(self, commitment: bytes) -> bytes | None:
        """Return the rest of the proof once there is a block, else None."""
        if self.block is None:
            return None
        proof = Timestamp(commitment)
        proof.ops.add(OpAppend(b"the other leaf")).ops.add(OpSHA256()).attestations.add(
            BitcoinBlockHeaderAttestation(self.block)
        )
        return serialised(proof)


def serialised(proof: Timestamp) -> bytes:
    """Return a proof as a calendar sends it."""
    out = BytesSerializationContext()
    proof.serialize(out)
    found: bytes = out.getbytes()
    return found


def openssl(directory: Path, command: str) -> None:
    """Run OpenSSL in a directory."""
    subprocess.run(["openssl", *command.split()], cwd=directory, check=True, capture_output=True, timeout=60)


@cache
def make_keys(name: str) -> Path:
    """Make a root certificate and one for time-stamping below it, once for all authorities of a name."""
    home = tempfile.TemporaryDirectory(prefix=f"acca-{name}-")
    atexit.register(home.cleanup)
    directory = Path(home.name)
    (directory / "serial").write_text("01\n")
    (directory / "extensions").write_text(
        "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"
    )
    make = "req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=Example-Root"
    openssl(directory, f"{make} -keyout root.key -out root.pem -addext keyUsage=critical,keyCertSign,cRLSign")
    openssl(directory, "req -newkey rsa:2048 -nodes -subj /CN=Example-Authority -keyout tsa.key -out tsa.csr")
    sign = "x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -out tsa.pem"
    openssl(directory, f"{sign} -extfile extensions")
    return directory


@contextmanager
def outside_world(directory: Path, certificates: str = "tsa.pem") -> Iterator[OutsideWorld]:
    """Serve both on loopback until the block ends.

    The authority has the keys of the directory's name; its answers contain the certificates in the file `certificates`.
    """
    shutil.copytree(make_keys(directory.name), directory)
    (directory / "tsa.cnf").write_text(CONFIG.format(directory=directory, certificates=certificates))
    world = OutsideWorld(directory)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/tsr":
                self.answer("application/timestamp-reply", None if world.down else world.dated(body))
            else:
                self.answer("application/octet-stream", None if world.down else world.promise(body))

        def do_GET(self) -> None:
            commitment = bytes.fromhex(self.path.removeprefix("/timestamp/"))
            self.answer("application/octet-stream", world.completion(commitment), missing=404)

        def answer(self, kind: str, body: bytes | None, missing: int = 503) -> None:
            self.send_response(missing if body is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    world.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
