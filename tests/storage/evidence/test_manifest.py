"""Each run ends with hashes of what it stored, chained to the run before it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from storage.evidence import manifest
from storage.evidence.manifest import close_run
from storage.exceptions import ManifestError
from tests.support.evidence import Evidence, capture

AT = "2026-11-22T12:00:00.000Z"


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path)


def test_the_body_can_be_recomputed_by_the_recipe(evidence: Evidence) -> None:
    run = evidence.stored_run(3)
    made = close_run(evidence.db, run, AT)
    body = json.loads(made.body)
    assert made.sha256 == hashlib.sha256(made.body.encode()).hexdigest()
    assert body["previous"] is None
    assert body["run"]["id"] == run
    (path,) = evidence.warc.iterdir()
    assert [(file["path"], file["bytes"], file["sha256"]) for file in body["files"]] == [
        (path.name, path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
    ]
    columns = (
        "id, run_id, outlet, url, kind, route, fetched_at, status, ip_address, payload_sha256, payload_bytes, "
        "warc_file, warc_offset, warc_length, revisit_of, record_bytes, record_sha256"
    )
    for table, selected in (("captures", columns), ("revisions", "id, row_sha256")):
        rows = evidence.rows(f"SELECT {selected} FROM {table} ORDER BY id")
        assert len(rows) == 3
        texts = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
        if table == "captures":
            texts = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        lines = "".join(f"{text}\n" for text in texts)
        assert body[table] == {
            "count": 3,
            "blocks": [
                {"count": 3, "first": 1, "last": 3, "sha256": hashlib.sha256(lines.encode()).hexdigest()},
            ],
        }


def test_manifests_form_a_chain(evidence: Evidence) -> None:
    made = [close_run(evidence.db, evidence.stored_run(1), AT) for _ in range(3)]
    assert [one.previous_sha256 for one in made] == [None, made[0].sha256, made[1].sha256]
    assert list(manifest.manifests(evidence.db)) == made
    assert manifest.head(evidence.db) == made[-1]


def test_closing_twice_changes_nothing(evidence: Evidence) -> None:
    run = evidence.stored_run(1)
    assert close_run(evidence.db, run, AT) == close_run(evidence.db, run, "2026-11-23T12:00:00.000Z")


def test_a_killed_run_is_closed_by_the_next(evidence: Evidence) -> None:
    killed = evidence.stored_run(2)
    evidence.db.execute("UPDATE runs SET status = 'killed'")
    following = evidence.stored_run(1)
    close_run(evidence.db, following, AT)
    made = list(manifest.manifests(evidence.db))
    assert [one.run_id for one in made] == [killed, following]
    assert made[1].previous_sha256 == made[0].sha256
    assert json.loads(made[0].body)["captures"]["count"] == 2


def test_a_run_with_an_open_file_is_not_closed(evidence: Evidence) -> None:
    run = evidence.run()
    store = evidence.store()
    store.write(capture(), run_id=run, outlet="khabar")
    with pytest.raises(ManifestError, match="open file: 20261122-1-0"):
        close_run(evidence.db, run, AT)
    store.close()
    close_run(evidence.db, run, AT)


def test_runs_are_closed_in_order(evidence: Evidence) -> None:
    early = evidence.stored_run(1)
    close_run(evidence.db, evidence.stored_run(1), AT)
    with pytest.raises(ManifestError, match="can no longer be closed"):
        close_run(evidence.db, early, AT)


def test_an_unknown_run_is_not_closed(evidence: Evidence) -> None:
    with pytest.raises(ManifestError, match="no run 7"):
        close_run(evidence.db, 7, AT)


def test_a_long_run_is_cut_into_blocks(evidence: Evidence) -> None:
    lines = [(number, f"line {number}") for number in range(1, 2502)]
    made = list(manifest.blocks(iter(lines)))
    assert [(one.first, one.last, len(one.ids)) for one in made] == [
        (1, 1000, 1000),
        (1001, 2000, 1000),
        (2001, 2501, 501),
    ]
    assert made[2].sha256 == hashlib.sha256("".join(f"{line}\n" for _, line in lines[2000:]).encode()).hexdigest()
