"""After a run an authority and a calendar date its manifest; what they gave is checked, the rest is asked for again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acca_crawler.exceptions import TimestampError
from acca_crawler.newsroom import Newsroom
from acca_crawler.packing import verify_pack
from acca_crawler.timestamping.rfc3161 import check_stamp, request_stamp
from tests.support.authority import OutsideWorld, outside_world
from tests.support.desk import Desk
from tests.support.packs import relist


@pytest.fixture
def world(tmp_path: Path) -> Iterator[OutsideWorld]:
    """An authority and a calendar."""
    with outside_world(tmp_path / "authority") as world:
        yield world


@contextmanager
def dating_desk(directory: Path, world: OutsideWorld) -> Iterator[Desk]:
    """A desk whose manifests both date, and a newsroom to crawl."""
    with Newsroom(sites=["acca"]) as newsroom:
        desk = Desk(directory)
        home = newsroom.sites["acca"].url
        desk.configure(f'[crawl]\ndelay = 0\n[outlets.acca]\nhome = "{home}/en/"\n{world.config}')
        yield desk


@pytest.fixture
def desk(tmp_path: Path, world: OutsideWorld) -> Iterator[Desk]:
    """Such a desk for one test."""
    with dating_desk(tmp_path, world) as desk:
        yield desk


def states(desk: Desk) -> list[tuple[object, ...]]:
    """Return run, kind and status of every time-stamp."""
    return desk.tuples("SELECT run_id, kind, status FROM timestamps ORDER BY run_id, kind DESC")


def test_a_manifest_is_dated_and_a_promise_is_completed_later(desk: Desk, world: OutsideWorld) -> None:
    desk.acca("crawl", "acca", "--limit", "2")
    assert states(desk) == [(1, "rfc3161", "complete"), (1, "opentimestamps", "pending")]
    assert world.submitted == [bytes.fromhex(desk.value("SELECT sha256 FROM manifests"))]
    assert "time-stamps: 1 complete, 1 pending, 0 waiting\n" in desk.acca("status")
    out = desk.acca("verify")
    assert "everything matches" in out and "has promised to date run 1" in out
    world.block = 800_000
    desk.acca("crawl", "acca", "--limit", "2")
    assert states(desk)[1] == (1, "opentimestamps", "complete")
    assert desk.value("SELECT block FROM timestamps WHERE run_id = 1 AND block IS NOT NULL") == 800_000
    assert json.loads(desk.acca("status", "--json"))["timestamps"]["complete"] >= 3


def test_no_network_is_no_failure_and_is_asked_again(desk: Desk, world: OutsideWorld) -> None:
    world.down = True
    desk.acca("crawl", "acca", "--limit", "2")
    assert {status for _, _, status in states(desk)} == {"waiting"}
    status = desk.acca("status")
    assert "2 waiting; the last try failed" in status and "503" in status
    assert "has not dated run 1 yet" in desk.acca("verify")
    world.down = False
    desk.acca("crawl", "acca", "--limit", "2")
    assert [row for row in states(desk) if row[1] == "rfc3161"] == [
        (1, "rfc3161", "complete"), (2, "rfc3161", "complete"),
    ]  # fmt: skip
    assert "the last try failed" not in desk.acca("status")


FORGERIES = {
    "UPDATE timestamps SET stamped_at = '2020-01-01T00:00:00Z' WHERE kind = 'rfc3161'": "the token's time is",
    "UPDATE timestamps SET token = CAST(substr(token, 1, length(token) - 8) || 'forged!!' AS BLOB) "
    "WHERE kind = 'rfc3161'": "its time-stamp is not valid",
    "UPDATE timestamps SET manifest_sha256 = 'x'": "dated another manifest of run 1",
    "UPDATE timestamps SET block = 7 WHERE kind = 'opentimestamps'": "the proof leads to block None",
    "UPDATE timestamps SET token = x'00' WHERE kind = 'opentimestamps'": "not an OpenTimestamps proof",
}


def test_a_changed_time_stamp_is_noticed(desk: Desk) -> None:
    desk.acca("crawl", "acca", "--limit", "1")
    kept = desk.directory / "kept"
    desk.acca("backup", "kept")
    for sql, noticed in FORGERIES.items():
        desk.execute(sql)
        assert noticed in desk.acca("verify", code=1)
        shutil.copy(kept / "acca.db", desk.directory / "archive" / "acca.db")
    assert "everything matches" in desk.acca("verify")


def test_an_authority_whose_answers_are_not_der_is_asked_without_certificates(tmp_path: Path) -> None:
    with outside_world(tmp_path / "authority", certificates="root.pem") as world:
        with pytest.raises(TimestampError, match="InvalidSetOrdering"):
            request_stamp(f"{world.url}/tsr", b"body", world.root.read_text())
        both = world.root.read_text() + (world.directory / "tsa.pem").read_text()
        stamp = request_stamp(f"{world.url}/tsr", b"body", both)
    assert check_stamp(stamp.token, b"body", both) == stamp.stamped_at
    with pytest.raises(TimestampError, match="Mismatch between messages"):
        check_stamp(stamp.token, b"another", both)


def test_another_authority_is_refused(desk: Desk, world: OutsideWorld, tmp_path: Path) -> None:
    with outside_world(tmp_path / "stranger") as stranger:
        world.root.write_bytes(stranger.root.read_bytes())
        desk.acca("crawl", "acca", "--limit", "1")
    assert states(desk)[0] == (1, "rfc3161", "waiting")
    assert "its time-stamp is not valid" in desk.value("SELECT error FROM timestamps WHERE kind = 'rfc3161'")


def test_a_time_stamp_by_a_stranger_under_the_name_of_an_authority_is_noted(
    desk: Desk, world: OutsideWorld, tmp_path: Path
) -> None:
    desk.acca("crawl", "acca", "--limit", "1")
    assert "other-certificate" not in desk.acca("verify")
    with outside_world(tmp_path / "stranger") as stranger:
        root = stranger.root.read_text()
        forged = request_stamp(f"{stranger.url}/tsr", desk.value("SELECT body FROM manifests").encode(), root)
    desk.execute(
        f"UPDATE timestamps SET token = x'{forged.token.hex()}', certificate = '{root}', "
        f"stamped_at = '{forged.stamped_at}' WHERE kind = 'rfc3161'"
    )
    out = desk.acca("verify")
    assert f"was checked against another certificate than the one of {world.url}/tsr in acca.toml" in out


def verify_pack_at(folder: Path, path: str = "/usr/bin:/bin") -> subprocess.CompletedProcess[str]:
    """Run the pack's verify.py, by default with `openssl` on its path."""
    command = [sys.executable, "-I", "-S", "verify.py"]
    return subprocess.run(
        command, cwd=folder, env={"PATH": path}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An unpacked pack with a complete proof and an authority's time-stamp; change a copy of it."""
    directory = tmp_path_factory.mktemp("packed")
    with outside_world(directory / "authority") as world, dating_desk(directory, world) as desk:
        desk.acca("crawl", "acca", "--limit", "2")
        world.block = 800_000
        desk.acca("crawl", "acca", "--limit", "1")
        desk.acca("pack", "1", "-o", "pack.zip")
    with zipfile.ZipFile(directory / "pack.zip") as archive:
        archive.extractall(directory / "pack")
    return directory / "pack"


@pytest.fixture
def folder(packed: Path, tmp_path: Path) -> Path:
    """A copy of the pack."""
    return Path(shutil.copytree(packed, tmp_path / "pack"))


def test_a_pack_proves_when_it_existed(folder: Path) -> None:
    done = verify_pack_at(folder)
    assert done.returncode == 0, done.stdout
    authority = re.search(r"signed by (http://\S+/tsr)", done.stdout)
    assert authority
    assert "leads to Bitcoin block 800000" in done.stdout and "merkle root is" in done.stdout
    assert f"Run 1 dated by</dt><dd>{authority[1]}: 20" in (folder / "cover.html").read_text()


def test_without_openssl_a_pack_says_what_is_not_checked(folder: Path) -> None:
    done = verify_pack_at(folder, path="/nonexistent")
    assert done.returncode == 0, done.stdout
    assert "signature was NOT checked" in done.stdout
    assert "signed by" not in done.stdout


def test_a_pack_with_another_token_or_certificate_fails(folder: Path) -> None:
    for kind, noticed in (("tsr", "its signature is not valid"), ("ots", ""), ("pem", "its signature is not valid")):
        path = next((folder / "proof/stamps").glob(f"*.{kind}"))
        kept = path.read_bytes()
        data = bytearray(kept)
        data[len(data) - 20 if kind == "tsr" else len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
        done = verify_pack_at(folder)
        assert done.returncode == 1
        assert path.name in done.stdout and noticed in done.stdout
        path.write_bytes(kept)
    assert verify_pack_at(folder).returncode == 0


def test_what_dates_are_missing_is_said_in_a_pack(desk: Desk) -> None:
    desk.acca("crawl", "acca", "--limit", "1")
    desk.execute("DELETE FROM timestamps")
    desk.acca("pack", "1", "-o", "pack.zip")
    with zipfile.ZipFile(desk.directory / "pack.zip") as archive:
        archive.extractall(desk.directory / "pack")
    done = verify_pack_at(desk.directory / "pack")
    assert done.returncode == 0
    assert "the pack has no outside time-stamp" in done.stdout


def der(tag: int, *parts: bytes) -> bytes:
    """Return a DER element."""
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 0x80 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def test_the_unsigned_part_of_an_answer_dates_nothing(folder: Path) -> None:
    path = next((folder / "proof/stamps").glob("*.tsr"))
    honest = path.read_bytes()
    claimed = datetime.now(UTC) + timedelta(days=10)  # the authority's certificate is valid then
    algorithm = der(0x30, verify_pack.SHA256_OID, b"\x05\x00")
    digest = bytes.fromhex(json.loads((folder / "proof/manifests.jsonl").read_text().splitlines()[0])["sha256"])
    claim = der(
        0x30, b"\x02\x01\x01", b"\x06\x01\x2a", der(0x30, algorithm, der(0x04, digest)), b"\x02\x01\x01",
        der(0x18, claimed.strftime("%Y%m%d%H%M%SZ").encode()),
    )  # fmt: skip
    forged = verify_pack.TST_INFO + der(0xA0, der(0x04, claim))
    assert honest[4:9] == bytes.fromhex("3003020100"), "the answer begins with the status"
    status = der(0x30, b"\x02\x01\x00", der(0x30, der(0x0C, forged)))
    path.write_bytes(der(0x30, status, honest[9:]))
    relist(folder)
    done = verify_pack_at(folder)
    assert "its signature is not valid" not in done.stdout, "the forgery is worth something only if it passes OpenSSL"
    assert f"{claimed:%Y-%m-%d}" not in done.stdout
    assert re.search(r"existed on 20\d\d-\d\d-\d\d .* signed by http", done.stdout)
