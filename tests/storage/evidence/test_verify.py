"""Whatever is changed behind the archive's back is found and named; what is as it was is not complained of."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.evidence.manifest import canonical, sha256_of
from storage.evidence.rowhash import REVISION_COLUMNS, revision_sha256
from storage.evidence.verify import verify
from storage.evidence.verify_findings import Finding
from storage.schema.database import open_read_only
from tests.support.evidence import Evidence, capture

CAPTURE_EDITS = {
    "run_id": 2,
    "outlet": "'another'",
    "url": "'https://elsewhere.example/'",
    "kind": "'feed'",
    "route": "'proxy:x'",
    "fetched_at": "'2026-11-21T10:00:00.123Z'",
    "status": 404,
    "ip_address": "NULL",
    "payload_sha256": "hex(zeroblob(32))",
    "payload_bytes": "payload_bytes + 1",
    "warc_offset": "warc_offset + 1",
    "warc_length": "warc_length - 1",
    "record_bytes": "record_bytes - 1",
    "record_sha256": "hex(zeroblob(32))",
    "revisit_of": 1,
}


def build(directory: Path) -> Evidence:
    """Two closed runs: of three captures with a revision each, and of two more, the second one a revisit."""
    made = Evidence(directory)
    made.close(made.stored_run(3))
    run = made.stored_run(1)
    with made.store() as store:
        again = store.read(1)
        store.write(again, run_id=run, outlet="khabar")
    made.close(run)
    return made


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of this file, closed, to be copied."""
    directory = tmp_path_factory.mktemp("template")
    build(directory).db.close()
    return directory


@pytest.fixture
def evidence(template: Path, tmp_path: Path) -> Evidence:
    """A copy of it."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Evidence(tmp_path)


def errors(evidence: Evidence) -> list[Finding]:
    return [finding for finding in verify(evidence.db, evidence.warc) if finding.is_error]


def notes(evidence: Evidence) -> list[tuple[str, object]]:
    return [(one.kind, one.row or one.file) for one in verify(evidence.db, evidence.warc) if not one.is_error]


def edit(evidence: Evidence, sql: str) -> None:
    """Change a row the way somebody would who has the file: no constraint in the way."""
    evidence.db.execute("PRAGMA foreign_keys = OFF")
    evidence.db.execute(sql)


def test_nothing_is_found_in_an_untouched_archive(evidence: Evidence) -> None:
    assert list(verify(evidence.db, evidence.warc)) == []
    assert list(verify(open_read_only(evidence.path), evidence.warc)) == []


# Bytes


def first_file(evidence: Evidence) -> Path:
    return evidence.warc / "20261122-1-0.warc.gz"


def owner(evidence: Evidence, offset: int) -> int | None:
    """The capture that a byte of the first run's file belongs to; None for the file's first record."""
    within = f"warc_offset <= {offset} AND {offset} < warc_offset + record_bytes"
    rows = evidence.rows(f"SELECT id FROM captures WHERE run_id = 1 AND {within}")
    return int(str(rows[0][0])) if rows else None


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_is_found_and_its_record_named(template: Path, data: st.DataObject) -> None:
    evidence = Evidence(template)
    path = first_file(evidence)
    whole = path.read_bytes()
    offset = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[offset] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(changed)
    try:
        found = errors(evidence)
        expected = owner(evidence, offset)
    finally:
        path.write_bytes(whole)
        evidence.db.close()
    assert {(one.kind, one.file, one.row) for one in found} == {("changed-bytes", path.name, expected)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=20, unique_by=lambda f: f[0]
    )
)
def test_many_changed_bytes_are_found(template: Path, flips: list[tuple[int, int]]) -> None:
    evidence = Evidence(template)
    path = first_file(evidence)
    whole = path.read_bytes()
    changed = bytearray(whole)
    for offset, mask in flips:
        changed[offset % len(whole)] ^= mask
    path.write_bytes(changed)
    try:
        assert bool(errors(evidence)) == (changed != whole)
    finally:
        path.write_bytes(whole)
        evidence.db.close()


def test_a_recompressed_record_is_found(evidence: Evidence) -> None:
    path = first_file(evidence)
    whole = path.read_bytes()
    ((offset, length),) = evidence.rows("SELECT warc_offset, warc_length FROM captures WHERE id = 2")
    start, end = int(str(offset)), int(str(offset)) + int(str(length))
    plain = zlib.decompress(whole[start:end], 31)
    for level in range(10):
        compressor = zlib.compressobj(level, zlib.DEFLATED, 31)
        again = compressor.compress(plain) + compressor.flush()
        path.write_bytes(whole[:start] + again + whole[end:])
        assert bool(errors(evidence)) == (again != whole[start:end])


@pytest.mark.parametrize("size", [0, 5, 200, 400, -1])
def test_a_shortened_file_is_found(evidence: Evidence, size: int) -> None:
    path = first_file(evidence)
    path.write_bytes(path.read_bytes()[:size])
    found = errors(evidence)
    assert "missing-bytes" in {one.kind for one in found}
    assert {one.file for one in found} == {path.name}


def test_bytes_at_the_end_are_found(evidence: Evidence) -> None:
    path = first_file(evidence)
    size = path.stat().st_size
    with path.open("ab") as stream:
        stream.write(b"\0")
    (found,) = errors(evidence)
    assert (found.kind, found.file, found.offset) == ("extra-bytes", path.name, size)


def test_bytes_put_in_between_are_found(evidence: Evidence) -> None:
    path = first_file(evidence)
    whole = path.read_bytes()
    path.write_bytes(whole[:300] + b"x" + whole[300:])
    assert {one.kind for one in errors(evidence)} >= {"changed-bytes", "extra-bytes"}


def test_a_missing_file_is_found(evidence: Evidence) -> None:
    first_file(evidence).unlink()
    (found,) = errors(evidence)
    assert (found.kind, found.file) == ("missing-file", "20261122-1-0.warc.gz")


def test_exchanged_files_are_found(evidence: Evidence) -> None:
    one, other = first_file(evidence), evidence.warc / "20261122-2-0.warc.gz"
    one_bytes, other_bytes = one.read_bytes(), other.read_bytes()
    one.write_bytes(other_bytes)
    other.write_bytes(one_bytes)
    assert {found.file for found in errors(evidence)} == {one.name, other.name}


def test_a_file_that_nobody_wrote_is_found(evidence: Evidence) -> None:
    shutil.copy(first_file(evidence), evidence.warc / "20261122-9-0.warc.gz")
    (found,) = errors(evidence)
    assert (found.kind, found.file) == ("unknown-file", "20261122-9-0.warc.gz")


# Rows


@pytest.mark.parametrize("column", CAPTURE_EDITS)
def test_an_edited_capture_is_named(evidence: Evidence, column: str) -> None:
    edit(evidence, f"UPDATE captures SET {column} = {CAPTURE_EDITS[column]} WHERE id = 2")
    found = errors(evidence)
    assert ("edited-row", "captures", 2) in {(one.kind, one.table, one.row) for one in found}
    assert {one.kind for one in found} <= {"edited-row", "missing-row", "added-row"}
    assert not {one.row for one in found if one.table == "captures"} & {1, 3}


def test_a_capture_moved_to_another_file_is_named(evidence: Evidence) -> None:
    edit(evidence, "UPDATE captures SET warc_file = '20261122-2-0.warc.gz' WHERE id = 2")
    assert 2 in {one.row for one in errors(evidence) if one.table == "captures"}


def test_an_edited_revisit_is_named(evidence: Evidence) -> None:
    edit(evidence, "UPDATE captures SET revisit_of = 2 WHERE id = 5")
    assert ("edited-row", "captures", 5) in {(one.kind, one.table, one.row) for one in errors(evidence)}


@pytest.mark.parametrize("column", CAPTURE_EDITS)
def test_every_edit_shows_in_the_manifest_too(evidence: Evidence, column: str) -> None:
    edit(evidence, f"UPDATE captures SET {column} = {CAPTURE_EDITS[column]} WHERE id = 2")
    messages = [one.message for one in errors(evidence) if one.table == "captures"]
    assert any("when run 1 was closed" in message or "manifest of run 1" in message for message in messages)


def test_an_edited_record_with_its_rows_edited_to_match_is_found(evidence: Evidence, tmp_path: Path) -> None:
    """Somebody rewrites the whole first run, files and rows, but leaves the manifest as it is."""
    forged = Evidence(tmp_path / "forged")
    run = forged.run()
    with forged.store() as store:
        for number in (1, 2, 3):
            true = evidence.store().read(number)
            store.write(capture(true.url, b"<p>nobody was held</p>"), run_id=run, outlet="khabar")
    shutil.copy(first_file(forged), first_file(evidence))
    for row in forged.db.query("SELECT * FROM captures"):
        assignments = ", ".join(f"{column} = :{column}" for column in row)
        evidence.db.execute(f"UPDATE captures SET {assignments} WHERE id = :id", row)
    for row in forged.db.query("SELECT * FROM warc_files"):
        assignments = ", ".join(f"{column} = :{column}" for column in row)
        evidence.db.execute(f"UPDATE warc_files SET {assignments} WHERE path = :path", row)
    found = errors(evidence)
    assert {(one.kind, one.table, one.row) for one in found} >= {("edited-row", "captures", "1-3")}


@pytest.mark.parametrize("column", [*REVISION_COLUMNS, "row_sha256"])
def test_an_edited_revision_is_named(evidence: Evidence, column: str) -> None:
    value = {"article_id": "99", "number": "9", "run_id": "2", "capture_id": "1", "rest_agreement": "0.5"}
    edit(evidence, f"UPDATE revisions SET {column} = {value.get(column, repr('x'))} WHERE id = 2")
    assert ("edited-row", "revisions", 2) in {(one.kind, one.table, one.row) for one in errors(evidence)}


def test_an_edited_revision_with_a_new_hash_is_found(evidence: Evidence) -> None:
    (row,) = evidence.db.query("SELECT * FROM revisions WHERE id = 2")
    row["text"] = "Ештеңе болған жоқ"
    edit(evidence, f"UPDATE revisions SET text = '{row['text']}', row_sha256 = '{revision_sha256(row)}' WHERE id = 2")
    (found,) = errors(evidence)
    assert (found.kind, found.table, found.row) == ("edited-row", "revisions", "1-3")


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_deleted_capture_is_named(evidence: Evidence, number: int) -> None:
    ((file, offset),) = evidence.rows(f"SELECT warc_file, warc_offset FROM captures WHERE id = {number}")
    edit(evidence, f"DELETE FROM captures WHERE id = {number}")
    found = errors(evidence)
    assert ("missing-row", "captures", number) in {(one.kind, one.table, one.row) for one in found}
    assert ("missing-row", file, offset) in {(one.kind, one.file, one.offset) for one in found}


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_deleted_revision_is_named(evidence: Evidence, number: int) -> None:
    edit(evidence, f"DELETE FROM revisions WHERE id = {number}")
    assert ("missing-row", "revisions", number) in {(one.kind, one.table, one.row) for one in errors(evidence)}


def test_a_whole_runs_rows_deleted_are_named(evidence: Evidence) -> None:
    edit(evidence, "DELETE FROM captures WHERE run_id = 1")
    rows = {one.row for one in errors(evidence) if one.table == "captures" and one.kind == "missing-row"}
    assert {1, 2, 3} <= rows


def test_a_row_added_to_a_closed_run_is_named(evidence: Evidence) -> None:
    number = evidence.revision(1, 5)
    assert ("added-row", "revisions", number) in {(one.kind, one.table, one.row) for one in errors(evidence)}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("run_id", "2"),
        ("opened_at", "'2020-01-01T00:00:00.000Z'"),
        ("head_bytes", "head_bytes + 1"),
        ("head_bytes", "-1"),
        ("head_sha256", "'0'"),
        ("closed_at", "NULL"),
        ("bytes", "bytes + 1"),
        ("bytes", "bytes - 1"),
        ("sha256", "'0'"),
        ("sha256", "NULL"),
        ("path", "'20261122-1-7.warc.gz'"),
    ],
)
def test_an_edited_file_row_is_named(evidence: Evidence, column: str, value: str) -> None:
    edit(evidence, f"UPDATE warc_files SET {column} = {value} WHERE path = '20261122-1-0.warc.gz'")
    assert ("warc_files", "20261122-1-0.warc.gz") in {(one.table, one.row) for one in errors(evidence)}


def test_a_deleted_file_row_is_named(evidence: Evidence) -> None:
    edit(evidence, "DELETE FROM warc_files WHERE path = '20261122-1-0.warc.gz'")
    assert ("missing-row", "20261122-1-0.warc.gz") in {(one.kind, one.row) for one in errors(evidence)}


@pytest.mark.parametrize("column", ["kind", "started_at", "arguments", "version"])
def test_an_edited_run_is_named(evidence: Evidence, column: str) -> None:
    edit(evidence, f"UPDATE runs SET {column} = 'import' WHERE id = 1")
    (found,) = errors(evidence)
    assert (found.kind, found.table, found.row) == ("edited-row", "runs", 1)


# The chain


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("closed_at", "'2026-01-01T00:00:00.000Z'"),
        ("previous_sha256", "'0'"),
        ("body", "replace(body, '\"count\":3', '\"count\":2')"),
        ("body", "'[]'"),
        ("body", "'{'"),
        ("sha256", "'0'"),
    ],
)
def test_an_edited_manifest_is_named(evidence: Evidence, column: str, value: str) -> None:
    edit(evidence, f"UPDATE manifests SET {column} = {value} WHERE run_id = 1")
    found = errors(evidence)
    assert ("manifests", 1) in {(one.table, one.row) for one in found}


def test_a_remade_manifest_breaks_the_chain(evidence: Evidence) -> None:
    ((text,),) = evidence.rows("SELECT body FROM manifests WHERE run_id = 1")
    body = json.loads(str(text)) | {"closed_at": "2026-11-22T11:00:00.000Z"}
    forged = canonical(body)
    evidence.db.execute(
        "UPDATE manifests SET body = ?, sha256 = ?, closed_at = ? WHERE run_id = 1",
        [forged, sha256_of(forged), body["closed_at"]],
    )
    (found,) = errors(evidence)
    assert (found.kind, found.table, found.row) == ("broken-chain", "manifests", 2)


@pytest.mark.parametrize("number", [1, 2])
def test_a_deleted_manifest_is_named(evidence: Evidence, number: int) -> None:
    edit(evidence, f"DELETE FROM manifests WHERE run_id = {number}")
    found = errors(evidence)
    assert ("no-manifest", "runs", number) in {(one.kind, one.table, one.row) for one in found}
    assert ("broken-chain" in {one.kind for one in found}) == (number == 1)


def test_a_damaged_database_is_said_so(evidence: Evidence) -> None:
    evidence.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ((root,),) = evidence.rows("SELECT rootpage FROM sqlite_master WHERE name = 'revisions'")
    ((size,),) = evidence.rows("PRAGMA page_size")
    evidence.db.close()
    with evidence.path.open("r+b") as stream:
        stream.seek((int(str(root)) - 1) * int(str(size)))
        stream.write(b"\xff" * int(str(size)))
    damaged = sqlite3.connect(evidence.path)
    evidence.db = type(evidence.db)(damaged)
    assert "damaged-database" in {one.kind for one in errors(evidence)}


# What is not an error


def test_an_open_run_is_a_note(evidence: Evidence) -> None:
    run = evidence.run()
    store = evidence.store()
    store.write(capture(), run_id=run, outlet="khabar")
    assert errors(evidence) == []
    assert notes(evidence) == [("open-run", run), ("open-file", "20261122-3-0.warc.gz")]
    store.close()


def test_a_killed_run_is_a_note_and_so_is_what_it_left(evidence: Evidence) -> None:
    run = evidence.run()
    store = evidence.store()
    store.write(capture(), run_id=run, outlet="khabar")
    with (evidence.warc / f"20261122-{run}-0.warc.gz").open("ab") as stream:
        stream.write(b"\x1f\x8b\x08\x00")
    evidence.db.execute("UPDATE runs SET status = 'killed' WHERE id = ?", [run])
    assert errors(evidence) == []
    assert notes(evidence) == [("unclosed-run", run), ("open-file", "20261122-3-0.warc.gz")]
    evidence.store().recover()
    assert errors(evidence) == []
    assert notes(evidence) == [("unclosed-run", run), ("torn-tail", "20261122-3-0.warc.gz.torn-1")]
    evidence.close(evidence.stored_run(1))
    assert errors(evidence) == []
    assert notes(evidence) == [("torn-tail", "20261122-3-0.warc.gz.torn-1")]
    edit(evidence, f"UPDATE captures SET status = 500 WHERE run_id = {run}")
    assert len(errors(evidence)) == 2


def test_a_changed_byte_in_a_killed_runs_file_is_found(evidence: Evidence) -> None:
    run = evidence.run()
    evidence.store().write(capture(), run_id=run, outlet="khabar")
    path = evidence.warc / f"20261122-{run}-0.warc.gz"
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    assert {one.kind for one in errors(evidence)} == {"changed-bytes"}


def test_a_crawl_that_writes_meanwhile_does_not_disturb(evidence: Evidence) -> None:
    run = evidence.run()
    reader = open_read_only(evidence.path)
    with evidence.store(max_bytes=3000) as store:
        store.write(capture("https://khabar.example/0"), run_id=run, outlet="khabar")
        found = []
        for number, finding in enumerate(verify(reader, evidence.warc), start=1):
            found.append(finding)
            for page in range(5):
                url = f"https://khabar.example/{number}/{page}"
                store.write(capture(url, url.encode() * 50), run_id=run, outlet="khabar")
    assert [one for one in found if one.is_error] == []
    assert found


def test_findings_read_like_sentences(evidence: Evidence) -> None:
    evidence.db.execute("UPDATE captures SET status = 404 WHERE id = 2")
    first = next(str(one) for one in errors(evidence) if one.file)
    assert first.startswith("edited-row: 20261122-1-0.warc.gz, offset ")
    assert first.endswith(", captures row 2: status is 404, the record says 200")
