"""A stranger unpacks a pack and runs verify.py: it holds as made, and no part can be changed without being noticed."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import warnings
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from acca_crawler.exceptions import PackError
from acca_crawler.packing import verify_pack, wacz
from storage.evidence import manifest
from storage.evidence.verify import verify
from storage.exceptions import CaptureError, NoProof
from tests.packing.conftest import MADE_AT, PackedArchive, two_runs, unpacked
from tests.support.packs import Forgery, drop_line, edit, relist, rezip, run_verify, write_about


def test_a_pack_holds_and_says_what_it_proves(archive: PackedArchive, tmp_path: Path) -> None:
    folder = unpacked(archive.pack(), tmp_path / "pack")
    done = run_verify(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "EVERYTHING HOLDS" in done.stdout
    assert "5 captures are byte for byte" in done.stdout
    assert "2 versions of 1 report" in done.stdout
    assert "Not proved" in done.stdout and "TLS leaves no signature" in done.stdout
    rows = [json.loads(line)["row"] for line in (folder / "proof/captures.jsonl").read_text().splitlines()]
    assert [row[4] for row in rows] == ["robots", "feed", "article", "article", "article"]
    assert [row[14] for row in rows] == [None, None, None, 3, None], "the repeated visit and its payload"


def names(folder: Path, word: bytes) -> list[str]:
    """The files of a pack that contain a word."""
    return [path.name for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def test_a_pack_names_nothing_else_that_its_runs_fetched(archive: PackedArchive, tmp_path: Path) -> None:
    folder = unpacked(archive.pack(), tmp_path / "pack")
    assert "blocks.jsonl" not in names(folder, b"khabar") and "captures.jsonl" in names(folder, b"khabar")
    assert names(folder, b"neighbour") == []
    blocks = [json.loads(line) for line in (folder / "proof/blocks.jsonl").read_text().splitlines()]
    assert {len(line) for block in blocks if block["table"] == "captures" for line in block["lines"]} == {64}


def test_a_pack_of_a_run_of_an_earlier_release_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "FORMAT", 2)
    (tmp_path / "old").mkdir()
    old = two_runs(tmp_path / "old")
    monkeypatch.undo()
    folder = unpacked(old.pack(), tmp_path / "pack")
    done = run_verify(folder)
    assert done.returncode == 0, done.stdout
    assert names(folder, b"neighbour") == ["blocks.jsonl"], "such a block can only be shown whole"
    edit("proof/captures.jsonl", "192.0.2.7", "192.0.2.8")(folder)
    assert "its row is not in the manifest" in run_verify(folder).stdout
    assert not [finding for finding in verify(old.evidence.db, old.evidence.warc) if finding.is_error]


def test_the_outcome_shows_in_any_terminal(archive: PackedArchive, tmp_path: Path) -> None:
    archive.evidence.close(archive.evidence.stored_run(1))
    folder = unpacked(archive.pack(), tmp_path / "pack")
    command = [sys.executable, "-I", "-S", "-X", "utf8=0", "verify.py"]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
        env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
    )
    assert done.returncode == 0, done.stderr
    assert b"report 1, version 1: " in done.stdout
    assert all(byte == 10 or 32 <= byte < 127 for byte in done.stdout)


def test_the_same_report_packs_to_the_same_bytes_but_for_the_date(archive: PackedArchive) -> None:
    assert archive.pack().data == archive.pack().data
    one, other = (zipfile.ZipFile(BytesIO(archive.pack(made_at=at).data)) for at in (MADE_AT, "2026-11-29T12:00:00Z"))
    differing = [name for name in one.namelist() if one.read(name) != other.read(name)]
    assert differing == ["captures.wacz", "cover.html", "cover.pdf", "pack.json"]
    assert one.read("cover.html").replace(b"2026-11-28T12", b"2026-11-29T12") == other.read("cover.html")


def test_the_cover_tells_a_reader_where_it_comes_from(archive: PackedArchive, tmp_path: Path) -> None:
    folder = unpacked(archive.pack(language="ru"), tmp_path / "pack")
    cover = (folder / "cover.html").read_text()
    for said in ("Пакет доказательств", "192.0.2.7", "Вершина цепочки", "https://khabar.example/feed"):
        assert said in cover
    assert (folder / "cover.pdf").read_bytes().startswith(b"%PDF-")
    readme = (folder / "README.txt").read_text()
    assert "ПАКЕТ ДОКАЗАТЕЛЬСТВ" in readme and "python3 verify.py" in readme


def edit_text_and_row(folder: Path) -> None:
    """Change a version's text, its row and the row's own hash."""
    edit("texts/1-version-1.txt", "мәтін", "өтірік")(folder)
    lines = [json.loads(line) for line in (folder / "proof/revisions.jsonl").read_text().splitlines()]
    lines[0]["columns"] |= {"title": "өтірік", "text": "өтірік"}
    body = json.dumps(lines[0]["columns"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    lines[0]["row_sha256"] = hashlib.sha256(body.encode()).hexdigest()
    (folder / "proof/revisions.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    relist(folder)


def flip_a_byte(files: dict[str, bytes]) -> None:
    """Change one byte near the end of the first WARC file."""
    name = min(name for name in files if name.startswith("archive/"))
    data = bytearray(files[name])
    data[-40] ^= 1
    files[name] = bytes(data)


def append_a_record(files: dict[str, bytes]) -> None:
    """Repeat a file's records behind them."""
    name = min(name for name in files if name.startswith("archive/"))
    files[name] += files[name][-400:]


def move_the_index(files: dict[str, bytes]) -> None:
    """Let the index show the page under another address."""
    index = gzip.decompress(files["indexes/index.cdx.gz"]).replace(
        b"example,khabar)/robots.txt", b"example,khabar)/news/1"
    )
    files["indexes/index.cdx.gz"] = gzip.compress(index, mtime=0)


def rename_a_page(files: dict[str, bytes]) -> None:
    """Let the list of pages name another date."""
    files["pages/pages.jsonl"] = files["pages/pages.jsonl"].replace(b"2026-11-22T", b"2025-11-22T")


def add_an_index(files: dict[str, bytes]) -> None:
    """Add a second index, which replay would read too, and list it."""
    files["indexes/more.cdx.gz"] = files["indexes/index.cdx.gz"]
    package = json.loads(files["datapackage.json"])
    package["resources"].append({"name": "more", "path": "indexes/more.cdx.gz", "hash": "", "bytes": 1})
    files["datapackage.json"] = json.dumps(package).encode()


def repeat_a_part(folder: Path) -> None:
    """Put another list of pages before the true one: programs differ in which of them they read."""
    with zipfile.ZipFile(folder / "captures.wacz") as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(folder / "captures.wacz", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in [("pages/pages.jsonl", b"{}\n{}"), *files]:
            archive.writestr(name, data)
    relist(folder)


def list_another_file(folder: Path) -> None:
    """Add a text that no version has, and list it in pack.json."""
    (folder / "texts/1-version-3.txt").write_text("өтірік")
    about = json.loads((folder / "pack.json").read_text())
    about["files"].append({"path": "texts/1-version-3.txt"})
    write_about(folder, about)
    relist(folder)


def claim_another_report(folder: Path) -> None:
    """Let pack.json name a report that is not there."""
    about = json.loads((folder / "pack.json").read_text())
    write_about(folder, about | {"reports": [1, 2]})


def empty_the_index(files: dict[str, bytes]) -> None:
    """Leave nothing in the index."""
    files["indexes/index.cdx.gz"] = gzip.compress(b"", mtime=0)


@pytest.mark.parametrize(
    ("forge", "noticed"),
    [
        (lambda folder: (folder / "cover.html").write_text("<h1>Another</h1>"), "cover.html: size or SHA-256"),
        (lambda folder: (folder / "more.html").write_text("more"), "more.html: is not a file of this pack"),
        (lambda folder: (folder / "cover.pdf").unlink(), "cover.pdf: is missing"),
        (edit("texts/1-version-1.txt", "мәтін", "өтірік"), "is not the text of version 1"),
        (edit_text_and_row, "version 1 of report 1: is not in the manifest of run 1"),
        (edit("proof/captures.jsonl", "192.0.2.7", "192.0.2.8"), "its row is not in the manifest"),
        (edit("proof/blocks.jsonl", '"lines":["', '"lines":["0'), "is not in the manifest"),
        (edit("proof/manifests.jsonl", "2026-11-22T12", "2026-11-21T12"), "its body does not have its hash"),
        (drop_line("proof/manifests.jsonl", 1), "the chain does not end at the head"),
        (drop_line("proof/captures.jsonl", 4), "the capture it was read from is missing"),
        (rezip(flip_a_byte), "its records are not those that were stored"),
        (rezip(append_a_record), "that no capture accounts for"),
        (rezip(empty_the_index), "its index does not lead to exactly the captures"),
        (lambda folder: (folder / "pack.json").write_text("{"), "the pack can't be read"),
        (rezip(move_the_index), "its index does not lead to exactly the captures"),
        (rezip(rename_a_page), "its list of pages has https://khabar.example/"),
        (rezip(add_an_index), "indexes/more.cdx.gz is not part of a pack of these captures"),
        (repeat_a_part, "contains pages/pages.jsonl more than once"),
        (list_another_file, "texts/1-version-3.txt: is listed in pack.json, but is not part"),
        (claim_another_report, "report 2: a version is missing"),
        (drop_line("proof/revisions.jsonl", 0), "report 1: a version is missing"),
        (drop_line("proof/blocks.jsonl", 0), "its row is not in the manifest"),
    ],
)  # fmt: skip
def test_a_forged_pack_is_noticed(archive: PackedArchive, tmp_path: Path, forge: Forgery, noticed: str) -> None:
    folder = unpacked(archive.pack(), tmp_path / "pack")
    forge(folder)
    done = run_verify(folder)
    assert done.returncode == 1
    assert noticed in done.stdout
    assert "Nothing is proved" in done.stdout


def test_a_file_that_ends_early_is_noticed(archive: PackedArchive, tmp_path: Path) -> None:
    folder = unpacked(archive.pack(), tmp_path / "pack")
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole = file.read_bytes()
        for length in (len(whole) - 1, len(whole) // 2, 0):
            file.write_bytes(whole[:length])
            assert verify_pack.verify(folder).failures, f"{file.name}: {length} of {len(whole)} bytes"
        file.write_bytes(whole)
    assert not verify_pack.verify(folder).failures


def test_what_can_not_be_proved_is_not_packed(archive: PackedArchive) -> None:
    with pytest.raises(LookupError, match="no article 7"):
        archive.pack(7)
    with pytest.raises(PackError, match="1 to 200 reports, these are 201"):
        archive.pack(*range(1, 202))
    run = archive.evidence.stored_run(1)
    with pytest.raises(NoProof, match=f"run {run} has no manifest yet"):
        archive.pack(2)
    archive.evidence.close(run)
    archive.pack(2)
    (file,) = archive.evidence.warc.glob(f"*-{run}-0.warc.gz")
    data = bytearray(file.read_bytes())
    data[-30] ^= 1
    file.write_bytes(bytes(data))
    with pytest.raises(CaptureError, match="not those that were stored"):
        archive.pack(2)


def test_a_pruned_capture_is_named_and_its_hashes_stay(archive: PackedArchive, tmp_path: Path) -> None:
    name = archive.evidence.db.execute("SELECT path, bytes, sha256 FROM warc_files ORDER BY run_id").fetchone()
    archive.evidence.insert(
        "pruned", path=name[0], pruned_at="2026-11-24T00:00:00Z", rule="older than x", captures=3, bytes=name[1],
        sha256=name[2],
    )  # fmt: skip
    (archive.evidence.warc / name[0]).unlink()
    folder = unpacked(archive.pack(), tmp_path / "pack")
    done = run_verify(folder)
    assert done.returncode == 0, done.stdout
    assert "the pack has only its hashes, since retention removed its file, it says" in done.stdout
    assert "removed by retention" in (folder / "cover.html").read_text()


def decided(archive: PackedArchive, tmp_path: Path) -> Path:
    """Unpack a pack with one decision that the chain contains, and a later one."""
    archive.decide("confirmed by his sister")
    archive.close(archive.evidence.stored_run(1))
    archive.decide("still in custody")
    return unpacked(archive.pack(), tmp_path / "pack")


def test_decisions_are_proved_once_a_run_has_ended(archive: PackedArchive, tmp_path: Path) -> None:
    folder = decided(archive, tmp_path)
    done = run_verify(folder)
    assert done.returncode == 0, done.stdout
    assert "1 decisions are those that were stored before the newest run ended" in done.stdout
    assert "decision 2 by asel of 2026-11-22T11:00:00Z: was made after the newest run" in done.stdout
    assert "asel added a note “confirmed by his sister”" in (folder / "cover.html").read_text()
    folder = unpacked(archive.pack(language="ru"), tmp_path / "russian")
    assert "добавлена заметка (asel) “confirmed by his sister”" in (folder / "cover.html").read_text()


@pytest.mark.parametrize(
    ("forge", "noticed"),
    [
        (edit("proof/decisions.jsonl", "his sister", "nobody"), "is not the one in its journal entry"),
        (edit("proof/journal.jsonl", '"id":1', '"id":2'), "does not lead to the entry"),
        (drop_line("proof/journal.jsonl", 0), "decision 1 by asel of 2026-11-22T11:00:00Z: is not in the journal"),
    ],
)
def test_a_forged_decision_is_noticed(archive: PackedArchive, tmp_path: Path, forge: Forgery, noticed: str) -> None:
    folder = decided(archive, tmp_path)
    forge(folder)
    done = run_verify(folder)
    assert done.returncode == 1
    assert noticed in done.stdout


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Khabar.example/News?b=2&a=1", "example,khabar)/news?a=1&b=2"),
        ("http://www2.khabar.example:8080/", "example,khabar:8080)/"),
        ("https://khabar.example", "example,khabar)/"),
        ("https://khabar.example:443/x", "example,khabar)/x"),
        ("https://www.example/", "example)/"),
        ("urn:sha256:AB", "urn:sha256:AB"),
    ],
)
def test_the_index_is_sorted_as_replay_looks_it_up(url: str, key: str) -> None:
    assert wacz.surt(url) == key
