"""Every exchange is written as standard records, found again, and survives whatever stops the writer."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from acca_crawler.items import Capture
from storage.evidence import records
from storage.evidence.recovery import Recovered
from storage.evidence.verify import verify
from storage.exceptions import CaptureError
from tests.support.desk import ROOT
from tests.support.evidence import PAGE, URL, Evidence, capture, compressed

OTHER = "https://khabar.example/2026/11/other"


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path)


def several() -> list[Capture]:
    """Captures of every shape: plain, compressed, repeated, empty, odd headers, odd address."""
    return [
        capture(),
        compressed(OTHER, "<p>Айтылғандай</p>" * 100),
        capture(fetched_at="2026-11-22T11:00:00.500Z"),
        capture("https://khabar.example/feed", b"", kind="feed", status=304, reason="Not Modified"),
        capture("https://khabar.example/wp-json/?a=1&b=[2]", b"{}", kind="rest", route="mirror:tor"),
        capture("https://khabar.example/бет бір", b"\r\n\r\nWARC/1.1\r\n", reason=""),
        capture("https://khabar.example/robots.txt", b"\x1f\x8b\x00not gzip", kind="robots", ip_address="2001:db8::1"),
        capture("https://khabar.example/odd", b"x", response_headers=(("X-Odd", "\xe9 \xff: :"), ("Set-Cookie", "a"))),
        capture("https://khabar.example/gone", b"gone", status=410, reason="Gone"),
    ]


def test_what_was_written_is_read_back(evidence: Evidence) -> None:
    run = evidence.run()
    with evidence.store() as store:
        ids = [store.write(one, run_id=run, outlet="khabar") for one in several()]
        assert [store.read(one) for one in ids] == several()
    assert [evidence.store().read(one) for one in ids] == several()


def test_a_large_payload_that_was_compressed_ahead_makes_the_same_record(evidence: Evidence) -> None:
    large = random.Random(4).randbytes(150_000).hex().encode()
    answers = [capture(OTHER, large), compressed(URL, large.decode())]
    assert all(len(one.payload) > 100_000 for one in answers)
    run = evidence.run()
    with evidence.store() as store:
        packed = [records.pack(one, 3) for one in answers]
        assert store.pack(answers[0]) and not store.pack(capture())
        ids = [
            store.write(one, run_id=run, outlet="khabar", packed=ahead)
            for one, ahead in zip([*answers, answers[0]], [*packed, packed[0]], strict=True)
        ]
        assert [store.read(one) for one in ids] == [*answers, answers[0]]
    assert [row[0] for row in evidence.rows("SELECT revisit_of FROM captures")] == [None, None, ids[0]]
    (file,) = evidence.warc.iterdir()
    with file.open("rb") as stream:
        types = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.raw_stream.read()
            types.append(record.rec_type)
    assert types == ["warcinfo", "response", "request", "response", "request", "revisit", "request"]
    assert [finding for finding in verify(evidence.db, evidence.warc) if finding.is_error] == []


def test_the_index_says_what_was_fetched_and_where_it_lies(evidence: Evidence) -> None:
    with evidence.store() as store:
        number = store.write(capture(), run_id=evidence.run(), outlet="khabar")
    assert evidence.rows(
        "SELECT id, run_id, outlet, url, kind, route, fetched_at, status, ip_address, payload_sha256, payload_bytes, "
        "revisit_of FROM captures"
    ) == [
        (
            number,
            1,
            "khabar",
            URL,
            "article",
            "origin",
            "2026-11-22T10:00:00.123Z",
            200,
            "192.0.2.7",
            hashlib.sha256(PAGE).hexdigest(),
            len(PAGE),
            None,
        )
    ]
    ((name, offset, length),) = evidence.rows("SELECT warc_file, warc_offset, warc_length FROM captures")
    with (evidence.warc / str(name)).open("rb") as stream:
        found = [
            (records.get_record_offset(), records.get_record_length())
            for records in [ArchiveIterator(stream)]
            for record in records
            if record.rec_type == "response"
        ]
    assert found == [(offset, length)]


def test_a_repeated_payload_is_stored_once(evidence: Evidence) -> None:
    run = evidence.run()
    with evidence.store() as store:
        first = store.write(capture(), run_id=run, outlet="khabar")
        second = store.write(capture(fetched_at="2026-11-23T10:00:00.000Z", status=203), run_id=run, outlet="khabar")
        changed = store.write(capture(payload=PAGE + b"!"), run_id=run, outlet="khabar")
        back = store.write(capture(fetched_at="2026-11-25T10:00:00.000Z"), run_id=run, outlet="khabar")
        elsewhere = store.write(capture(OTHER), run_id=run, outlet="khabar")
        assert store.read(second) == capture(fetched_at="2026-11-23T10:00:00.000Z", status=203)
    assert evidence.rows("SELECT id, revisit_of FROM captures") == [
        (first, None),
        (second, first),
        (changed, None),
        (back, first),
        (elsewhere, None),
    ]


def test_a_revisit_record_refers_to_the_record_with_the_payload(evidence: Evidence) -> None:
    with evidence.store() as store:
        run = evidence.run()
        store.write(capture(), run_id=run, outlet="khabar")
        store.write(capture(fetched_at="2026-11-23T10:00:00.000Z"), run_id=run, outlet="khabar")
    with (evidence.warc / evidence.files()[0]).open("rb") as stream:
        headers = [(record.rec_type, record.rec_headers) for record in ArchiveIterator(stream)]
    original = next(header for kind, header in headers if kind == "response")
    revisit = next(header for kind, header in headers if kind == "revisit")
    assert revisit["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit["WARC-Refers-To"] == original["WARC-Record-ID"]
    assert revisit["WARC-Refers-To-Target-URI"] == original["WARC-Target-URI"] == URL
    assert revisit["WARC-Refers-To-Date"] == original["WARC-Date"] == "2026-11-22T10:00:00.123Z"
    assert revisit["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
    concurrent = [header["WARC-Concurrent-To"] for kind, header in headers if kind == "request"]
    assert concurrent == [original["WARC-Record-ID"], revisit["WARC-Record-ID"]]


def test_record_identities_are_unique(evidence: Evidence) -> None:
    with evidence.store() as store:
        run = evidence.run()
        for _ in range(20):
            store.write(capture(payload=b""), run_id=run, outlet="khabar")
    with (evidence.warc / evidence.files()[0]).open("rb") as stream:
        identities = [record.rec_headers["WARC-Record-ID"] for record in ArchiveIterator(stream)]
    assert len(identities) == len(set(identities)) == 41


def test_heads_describe_the_bytes_that_are_there(evidence: Evidence) -> None:
    sent = (("Transfer-Encoding", "chunked"), ("content-length", "9999"), ("X-Break", "a\r\n\r\nb"))
    asked = (("Proxy-Authorization", "Basic c2VjcmV0"), ("Accept", "*/*"))
    with evidence.store() as store:
        one = capture(response_headers=sent, request_headers=asked)
        got = store.read(store.write(one, run_id=evidence.run(), outlet="khabar"))
    assert got.response_headers == (
        ("X-Orig-Transfer-Encoding", "chunked"),
        ("X-Orig-content-length", "9999"),
        ("X-Break", "a b"),
        ("Content-Length", str(len(PAGE))),
    )
    assert got.request_headers == (("Host", "khabar.example"), ("Accept", "*/*"))
    assert got.payload == PAGE


def test_a_payload_shorter_than_announced_is_marked_as_cut(evidence: Evidence) -> None:
    with evidence.store() as store:
        run = evidence.run()
        store.write(capture(response_headers=(("Content-Length", "9999"),)), run_id=run, outlet="khabar")
        store.write(capture(OTHER), run_id=run, outlet="khabar")
    with (evidence.warc / evidence.files()[0]).open("rb") as stream:
        cut = [r.rec_headers["WARC-Truncated"] for r in ArchiveIterator(stream) if r.rec_type == "response"]
    assert cut == ["unspecified", None]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    payload=st.binary(max_size=400),
    headers=st.lists(
        st.tuples(
            st.text("abcXYZ-", min_size=1, max_size=8).map(lambda name: f"x{name}"),
            st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=20),
        ),
        max_size=5,
    ),
    path=st.text(max_size=20),
    encoding=st.sampled_from([None, "gzip", "br", "zstd"]),
)
def test_any_payload_and_header_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    payload: bytes,
    headers: list[tuple[str, str]],
    path: str,
    encoding: str | None,
) -> None:
    evidence = Evidence(tmp_path_factory.mktemp("any"))
    url = f"https://khabar.example/{path.encode('utf-8', 'replace').decode()}"
    sent = tuple(headers) + ((("Content-Encoding", encoding),) if encoding else ())
    one = capture(url, payload, response_headers=sent)
    with evidence.store() as store:
        number = store.write(one, run_id=evidence.run(), outlet="khabar")
    got = evidence.store().read(number)
    assert replace(got, response_headers=()) == replace(one, response_headers=())
    assert got.response_headers == sent
    with next(evidence.warc.glob("*.gz")).open("rb") as stream:
        assert [record.rec_type for record in ArchiveIterator(stream)] == ["warcinfo", "response", "request"]


# Standard tools


@pytest.fixture
def filled(evidence: Evidence) -> Evidence:
    with evidence.store() as store:
        run = evidence.run()
        for one in several():
            store.write(one, run_id=run, outlet="khabar")
    return evidence


def test_warcio_check_passes(filled: Evidence) -> None:
    command = [str(Path(sys.executable).with_name("warcio")), "check", "-v", *map(str, filled.warc.iterdir())]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout
    assert result.stdout.count("digest pass") == 1 + 2 * len(several()) - 1  # a revisit's is not checked
    assert result.stderr == ""


def test_fastwarc_reads_every_record(filled: Evidence) -> None:
    with (filled.warc / filled.files()[0]).open("rb") as stream:
        records = [
            (record.record_type, record.reader.read(), record.http_headers)
            for record in FastIterator(stream, parse_http=True)
        ]
    answers = [one for one in records if one[0] in (WarcRecordType.response, WarcRecordType.revisit)]
    assert len(records) == 1 + 2 * len(several())
    assert [head.status_code for _, _, head in answers] == [one.status for one in several()]
    payloads = [b"" if kind == WarcRecordType.revisit else payload for kind, payload, _ in answers]
    assert payloads == [b"" if number == 2 else one.payload for number, one in enumerate(several())]


def test_fastwarc_agrees_with_the_block_digests(filled: Evidence) -> None:
    with (filled.warc / filled.files()[0]).open("rb") as stream:
        checked = [record.verify_block_digest() for record in FastIterator(stream, parse_http=False)]
    assert checked == [True] * (1 + 2 * len(several()))


# Files


def test_files_rotate_by_size_day_and_run(evidence: Evidence) -> None:
    first = evidence.run()
    with evidence.store(max_bytes=3000) as store:
        for number in range(4):
            store.write(capture(f"{URL}/{number}", random.Random(number).randbytes(900)), run_id=first, outlet="khabar")
        evidence.clock.moment += timedelta(days=1)
        store.write(capture(f"{URL}/next-day"), run_id=first, outlet="khabar")
        store.write(capture(f"{URL}/next-run"), run_id=evidence.run(), outlet="khabar")
    assert evidence.files() == [
        "20261122-1-0.warc.gz",
        "20261122-1-1.warc.gz",
        "20261123-1-0.warc.gz",
        "20261123-2-0.warc.gz",
    ]
    sizes = [(evidence.warc / name).stat().st_size for name in evidence.files()]
    digests = [hashlib.sha256((evidence.warc / name).read_bytes()).hexdigest() for name in evidence.files()]
    rows = evidence.rows("SELECT bytes, sha256 FROM warc_files ORDER BY path")
    assert rows == list(zip(sizes, digests, strict=True))


def test_a_closed_file_is_never_opened_again(evidence: Evidence) -> None:
    run = evidence.run()
    for _ in range(3):
        with evidence.store() as store:
            store.write(capture(), run_id=run, outlet="khabar")
    assert evidence.files() == [f"20261122-1-{serial}.warc.gz" for serial in range(3)]
    assert evidence.store().read(3) == capture()


def test_a_store_that_only_reads_touches_nothing(filled: Evidence) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in filled.warc.iterdir()}
    (filled.warc / "20261122-1-9.warc.gz").write_bytes(b"torn")
    with filled.store() as store:
        store.read(1)
    after = {path.name: path.stat().st_mtime_ns for path in filled.warc.iterdir()}
    assert after.pop("20261122-1-9.warc.gz")
    assert after == before


def test_a_capture_is_not_written_inside_a_transaction(evidence: Evidence) -> None:
    run = evidence.run()
    with (
        evidence.store() as store,
        evidence.db.atomic(),
        pytest.raises(RuntimeError, match="before a transaction"),
    ):
        store.write(capture(), run_id=run, outlet="khabar")


def test_an_unknown_capture_is_a_key_error(evidence: Evidence) -> None:
    with pytest.raises(KeyError):
        evidence.store().read(1)


def test_a_damaged_capture_is_not_handed_out(filled: Evidence) -> None:
    path = filled.warc / filled.files()[0]
    data = bytearray(path.read_bytes())
    ((offset,),) = filled.rows("SELECT warc_offset FROM captures WHERE id = 2")
    data[int(str(offset)) + 5] ^= 1
    path.write_bytes(data)
    with pytest.raises(CaptureError, match="capture 2"):
        filled.store().read(2)
    path.unlink()
    with pytest.raises(CaptureError, match="capture 1"):
        filled.store().read(1)


# What stops a writer


def test_a_torn_tail_costs_the_record_being_written_wherever_it_is_cut(evidence: Evidence) -> None:
    with evidence.store() as store:
        run = evidence.run()
        store.write(capture(), run_id=run, outlet="khabar")
        store.write(compressed(OTHER, "екінші"), run_id=run, outlet="khabar")
    path = evidence.warc / evidence.files()[0]
    whole = path.read_bytes()
    ((start, answer_length, size),) = evidence.rows(
        "SELECT warc_offset, warc_length, record_bytes FROM captures WHERE id = 2"
    )
    answer_end = int(str(start)) + int(str(answer_length))
    first = int(str(start))
    assert first + int(str(size)) == len(whole)
    borders = {first, first + 1, answer_end - 1, answer_end, answer_end + 1, len(whole) - 1, len(whole)}
    for cut in sorted(borders | set(range(first, len(whole), 7))):
        evidence.db.execute("DELETE FROM captures WHERE id = 2")
        evidence.db.execute("UPDATE warc_files SET sha256 = NULL, bytes = NULL, closed_at = NULL")
        path.write_bytes(whole[:cut])
        (found,) = evidence.store().recover()
        kept = len(whole) if cut == len(whole) else answer_end if cut >= answer_end else first
        assert path.stat().st_size == kept
        assert found.indexed == ((2,) if cut >= answer_end else ())
        assert found.torn_bytes == cut - kept
        if found.torn_file:
            torn = evidence.warc / found.torn_file
            assert torn.read_bytes() == whole[kept:cut]
            torn.unlink()
        if found.indexed:
            got = evidence.store().read(2)
            assert got.payload == compressed(OTHER, "екінші").payload
        assert evidence.store().recover() == []


def test_recovered_rows_equal_the_lost_ones(filled: Evidence) -> None:
    before = filled.rows("SELECT * FROM captures")
    filled.db.execute("DELETE FROM captures")
    filled.db.execute("UPDATE warc_files SET sha256 = NULL")
    filled.store().recover()
    after = filled.rows("SELECT * FROM captures")
    odd = 5  # an address with letters beyond ASCII comes back percent-encoded, the same address
    assert after[:odd] + after[odd + 1 :] == before[:odd] + before[odd + 1 :]
    assert [filled.store().read(number).payload for number in range(1, len(several()) + 1)] == [
        one.payload for one in several()
    ]


def test_a_file_torn_in_its_first_record_is_set_aside_whole(evidence: Evidence) -> None:
    evidence.warc.mkdir()
    (evidence.warc / "20261122-1-0.warc.gz").write_bytes(b"\x1f\x8b\x08")
    (found,) = evidence.store().recover()
    assert (found.torn_bytes, found.torn_file) == (3, "20261122-1-0.warc.gz.torn-1")
    assert evidence.files() == ["20261122-1-0.warc.gz.torn-1"]


def test_a_file_of_an_unknown_run_is_reported_and_left_alone(filled: Evidence, tmp_path: Path) -> None:
    other = Evidence(tmp_path / "restored")
    shutil.copytree(filled.warc, other.warc)
    (found,) = other.store().recover()
    assert found.problem is not None
    assert "knows no run 1" in found.problem
    with other.store() as store:
        store.write(capture(), run_id=other.run(), outlet="khabar")
    assert other.files() == ["20261122-1-0.warc.gz", "20261122-1-1.warc.gz"]


WRITER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from tests.support.evidence import Evidence, capture
    evidence = Evidence(Path(sys.argv[2]))
    run = evidence.run()
    seed = sys.argv[3]
    with evidence.store(max_bytes=200_000) as store:
        for number in range(10**6):
            payload = (f"{seed} {number} " * 4000).encode()[: 20_000 + number % 7 * 5_000]
            page = capture(f"https://khabar.example/{seed}/{number}", payload)
            print(store.write(page, run_id=run, outlet="khabar"), flush=True)
    """
)


def test_a_killed_writer_loses_nothing_it_had_reported(tmp_path: Path) -> None:
    moments = random.Random(20261122)
    reported: list[int] = []
    for seed in range(12):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(ROOT), str(tmp_path), str(seed)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            reported.append(int(writer.stdout.readline()))
            time.sleep(moments.uniform(0, 0.1))
            writer.send_signal(signal.SIGKILL)
            reported += [int(line) for line in writer.stdout if line.endswith("\n")]
    evidence = Evidence(tmp_path)
    store = evidence.store()
    store.recover()
    held = [int(str(number)) for (number,) in evidence.rows("SELECT id FROM captures ORDER BY id")]
    assert set(reported) <= set(held)
    assert 0 <= len(held) - len(reported) <= 2 * 12  # stored, but killed before it could say so
    urls = [store.read(number).url for number in held]
    assert len(urls) == len(set(urls))
    assert evidence.rows("SELECT path FROM warc_files WHERE sha256 IS NULL") == []
    assert [finding for finding in verify(evidence.db, evidence.warc) if finding.is_error] == []
    check = [str(Path(sys.executable).with_name("warcio")), "check", *map(str, evidence.warc.glob("*.warc.gz"))]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0


def test_a_write_that_fails_half_way_leaves_nothing_torn(evidence: Evidence) -> None:
    run = evidence.run()
    with evidence.store() as store:
        store.write(capture(), run_id=run, outlet="khabar")
        path = evidence.warc / evidence.files()[0]
        before = path.read_bytes()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 1000, hard))
        try:
            with pytest.raises(CaptureError, match="not stored") as caught:
                store.write(capture(OTHER, random.Random(1).randbytes(5000)), run_id=run, outlet="khabar")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert caught.value.errno == errno.EFBIG
        assert path.read_bytes() == before
        assert evidence.rows("SELECT count(*) FROM captures") == [(1,)]
        number = store.write(capture(OTHER), run_id=run, outlet="khabar")
        assert store.read(number) == capture(OTHER)
    assert evidence.store().recover() == []


def test_an_index_that_does_not_take_the_row_leaves_no_record(evidence: Evidence) -> None:
    run = evidence.run()
    with evidence.store() as store:
        store.write(capture(), run_id=run, outlet="khabar")
        before = (evidence.warc / evidence.files()[0]).read_bytes()
        evidence.db.execute("PRAGMA busy_timeout = 10")
        with sqlite3.connect(evidence.path) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(CaptureError, match="index"):
                store.write(capture(OTHER), run_id=run, outlet="khabar")
        other.close()
        assert (evidence.warc / evidence.files()[0]).read_bytes() == before
        assert store.read(store.write(capture(OTHER), run_id=run, outlet="khabar")) == capture(OTHER)


def test_a_directory_that_can_not_be_made_is_a_clear_error(evidence: Evidence) -> None:
    evidence.warc.write_bytes(b"")
    with pytest.raises(CaptureError, match="no file can be begun"):
        evidence.store().write(capture(), run_id=evidence.run(), outlet="khabar")


FULL_DISK = textwrap.dedent(
    """
    import errno, random, subprocess, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from storage.evidence.captures import CaptureError, CaptureStore
    from tests.support.evidence import Evidence, capture
    mount = Path(sys.argv[2]) / "disk"
    mount.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount], check=True)
    evidence = Evidence(Path(sys.argv[2]))
    evidence.warc = mount / "warc"
    run, numbers, store = evidence.run(), random.Random(1), evidence.store()
    stored = []
    try:
        while True:
            page = capture(f"https://khabar.example/{len(stored)}", numbers.randbytes(10_000))
            stored.append(store.write(page, run_id=run, outlet="khabar"))
    except CaptureError as error:
        assert error.errno == errno.ENOSPC, error
    assert 10 < len(stored) < 30, stored
    for number in stored:
        store.read(number)
    subprocess.run(["mount", "-o", "remount,size=1m", mount], check=True)
    stored.append(store.write(capture("https://khabar.example/after"), run_id=run, outlet="khabar"))
    store.close()
    assert evidence.store().recover() == []
    assert len(evidence.files()) == 1
    subprocess.run([str(Path(sys.executable).with_name("warcio")), "check", *evidence.warc.iterdir()], check=True)
    subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
    try:
        evidence.store().write(capture("https://khabar.example/ro"), run_id=run, outlet="khabar")
    except CaptureError as error:
        assert error.errno == errno.EROFS, error
    else:
        raise AssertionError("written to a read-only disk")
    print("done")
    """
)


@pytest.mark.mount
def test_a_full_and_a_read_only_disk(tmp_path: Path) -> None:
    result = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", FULL_DISK, str(ROOT), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.endswith("done\n"), result.stderr


@pytest.mark.parametrize(
    "tail",
    [b"\0" * 5000, b"not gzip", gzip.compress(b"no record", mtime=0), gzip.compress(b"WARC/1.1\r\n\r\n", mtime=0)],
)
def test_any_other_tail_is_set_aside(evidence: Evidence, tail: bytes) -> None:
    store = evidence.store()
    store.write(capture(), run_id=evidence.run(), outlet="khabar")
    path = evidence.warc / evidence.files()[0]
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    (found,) = evidence.store().recover()
    assert found == Recovered(path.name, (), len(tail), f"{path.name}.torn-1")
    assert path.read_bytes() == whole
    assert (evidence.warc / f"{path.name}.torn-1").read_bytes() == tail


@pytest.mark.parametrize("within_request", [True, False])
def test_what_a_power_cut_took_is_named(evidence: Evidence, within_request: bool) -> None:
    store = evidence.store(sync_every=100)
    run = evidence.run()
    for number in range(3):
        store.write(capture(f"{URL}/{number}"), run_id=run, outlet="khabar")
    path = evidence.warc / evidence.files()[0]
    ((offset, length),) = evidence.rows("SELECT warc_offset, warc_length FROM captures WHERE id = 3")
    size = int(str(offset)) + int(str(length)) + (10 if within_request else -10)
    path.write_bytes(path.read_bytes()[:size])
    (found,) = evidence.store().recover()
    assert found.torn_bytes > 0
    errors = [finding for finding in verify(evidence.db, evidence.warc) if finding.is_error]
    if within_request:  # the answer is whole, its request is gone
        assert found.problem is None
        assert evidence.store().read(3).payload == PAGE
        assert errors == []
    else:
        assert found.problem == "1 indexed captures lie beyond the file's end"
        assert [(finding.kind, finding.row) for finding in errors] == [("missing-bytes", 3)]


def test_a_disk_that_does_not_take_the_bytes_gets_no_more_into_that_file(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = evidence.run()
    with evidence.store() as store:
        store.write(capture(), run_id=run, outlet="khabar")
        with monkeypatch.context() as broken:
            broken.setattr("os.fsync", fail_with_eio)
            with pytest.raises(CaptureError, match="not on the disk"):
                store.write(capture(OTHER), run_id=run, outlet="khabar")
        assert evidence.rows("SELECT count(*) FROM captures") == [(1,)]
        assert store.read(store.write(capture(OTHER), run_id=run, outlet="khabar")) == capture(OTHER)
    assert evidence.rows("SELECT warc_file FROM captures") == [("20261122-1-0.warc.gz",), ("20261122-1-1.warc.gz",)]
    assert list(verify(evidence.db, evidence.warc))[1:] == []  # but for the note that the run is open


def fail_with_eio(descriptor: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_captures_may_share_an_fsync(evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    run = evidence.run()
    store = evidence.store(sync_every=3)
    store.write(capture(f"{URL}/first"), run_id=run, outlet="khabar")
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    for number in range(4):
        store.write(capture(f"{URL}/{number}"), run_id=run, outlet="khabar")
    assert len(synced) == 1
    store.close()
    assert len(synced) == 2
