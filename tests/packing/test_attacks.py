"""Somebody who knows the format forges a pack, brings every hash up to date, and hopes that verify.py trusts a name,
a title or an unsigned part. What an untouched pack holds is tested in test_pack.py.
"""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acca_crawler.i18n import catalogue
from acca_crawler.packing import verify_pack
from tests.packing.conftest import PackedArchive, unpacked
from tests.support.evidence import capture
from tests.support.packs import Forgery, drop_line, edit, relist, rezip, run_verify


def change_lines(name: str, change: Callable[[list[Any]], None]) -> Forgery:
    """Return a forgery that changes the values of a JSON Lines file."""

    def forge(folder: Path) -> None:
        lines = [json.loads(line) for line in (folder / name).read_text().splitlines()]
        change(lines)
        (folder / name).write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))
        relist(folder)

    return forge


def swap_versions(folder: Path) -> None:
    """Let each version's file hold the other's text, and the proofs lead to it."""
    one, other = (folder / f"texts/1-version-{number}.txt" for number in (1, 2))
    texts = one.read_bytes(), other.read_bytes()
    assert texts[0] != texts[1]
    other.write_bytes(texts[0])
    one.write_bytes(texts[1])

    def swap(lines: list[Any]) -> None:
        lines[0]["file"], lines[1]["file"] = lines[1]["file"], lines[0]["file"]

    change_lines("proof/revisions.jsonl", swap)(folder)


def link_elsewhere(folder: Path) -> None:
    """Add a link that shows a folder of the reader's computer as a part of the pack."""
    (folder / "more").symlink_to(folder.parent, target_is_directory=True)


def move_records(folder: Path) -> None:
    """Keep the records of the first file under a name that nobody checks, with more behind them."""

    def change(files: dict[str, bytes]) -> None:
        name = min(name for name in files if name.startswith("archive/"))
        files["data/more.warc.gz"] = files.pop(name) + gzip.compress(b"forged")
        package = json.loads(files["datapackage.json"])
        for one in package["resources"]:
            if one["path"] == name:
                one["path"], one["bytes"] = "data/more.warc.gz", len(files["data/more.warc.gz"])
        files["datapackage.json"] = json.dumps(package).encode()

    rezip(change)(folder)

    def lead_there(lines: list[Any]) -> None:
        first = min(line["file"] for line in lines)
        for line in lines:
            line["file"] = "data/more.warc.gz" if line["file"] == first else line["file"]

    change_lines("proof/captures.jsonl", lead_there)(folder)


def pages(old: str, new: str) -> Forgery:
    """Return a forgery of the list of pages."""

    def change(files: dict[str, bytes]) -> None:
        text = files["pages/pages.jsonl"].decode()
        assert old in text
        files["pages/pages.jsonl"] = text.replace(old, new, 1).encode()
        fit_size(files, "pages/pages.jsonl")

    return rezip(change)


def fit_size(files: dict[str, bytes], name: str) -> None:
    """Bring the size of a file in the WACZ up to date."""
    package = json.loads(files["datapackage.json"])
    for one in package["resources"]:
        if one["path"] == name:
            one["bytes"] = len(files[name])
    files["datapackage.json"] = json.dumps(package).encode()


def package_says(**said: str) -> Forgery:
    """Return a forgery that lets the WACZ say something about itself."""

    def change(files: dict[str, bytes]) -> None:
        files["datapackage.json"] = json.dumps(json.loads(files["datapackage.json"]) | said).encode()

    return rezip(change)


def index_says_type(files: dict[str, bytes]) -> None:
    """Let the index call the page a picture, which replay does not show as a page; its summary fits."""
    index = gzip.decompress(files["indexes/index.cdx.gz"]).replace(b"text/html", b"image/png")
    files["indexes/index.cdx.gz"] = gzip.compress(index, mtime=0)
    first = index.decode().split(" ", 2)[:2]
    digest = f"sha256:{hashlib.sha256(files['indexes/index.cdx.gz']).hexdigest()}"
    place = {"offset": 0, "length": len(files["indexes/index.cdx.gz"]), "digest": digest, "filename": "index.cdx.gz"}
    summary = f"{verify_pack.INDEX_HEAD}\n{' '.join(first)} {json.dumps(place)}\n"
    files["indexes/index.idx"] = summary.encode()
    fit_size(files, "indexes/index.cdx.gz")
    fit_size(files, "indexes/index.idx")


def summary_leads_elsewhere(files: dict[str, bytes]) -> None:
    """Let the index's summary name another file in its first line."""
    files["indexes/index.idx"] = files["indexes/index.idx"].replace(b"index.cdx.gz", b"other.cdx.gz", 1)


def hide_in_the_zip(folder: Path) -> None:
    """Put a page before the WACZ: what opens it from the front sees that one."""
    path = folder / "captures.wacz"
    path.write_bytes(b"<h1>Another page</h1>" + path.read_bytes())
    relist(folder)


def differ_in_the_zip(folder: Path) -> None:
    """Let an entry's own header say another length than the directory: programs differ in which of them they read."""
    data = bytearray((folder / "captures.wacz").read_bytes())
    data[22] ^= 1
    (folder / "captures.wacz").write_bytes(bytes(data))
    relist(folder)


def call_pruned(folder: Path) -> None:
    """Take the first file's records out, and call it removed by retention in a name of our own making."""
    change_lines("proof/captures.jsonl", lambda lines: lines[0].update(file="archive/x.warc.gz"))(folder)


ATTACKS: list[tuple[str, Forgery, str]] = [
    ("swapped versions", swap_versions, "version 1 of report 1: its text is in texts/1-version-2.txt"),
    ("a link", link_elsewhere, "more: is a link to another place"),
    ("records elsewhere", move_records, "its records are in another file"),
    ("records in a file of no manifest", call_pruned, "its records are in another file"),
    ("a page's title", pages('"title": "мәтін', '"title": "өтірік'), "under a title that no version has"),
    ("a page's words for search", pages('"ts"', '"text": "өтірік", "ts"'), "under a title that no version has"),
    ("a page named twice", pages('"title": "м', '"title": "өтірік", "title": "м'), "has a name twice"),
    ("the list's head", pages("All Pages", "Confession"), "its list of pages has another first line"),
    ("the WACZ's title", package_says(title="Confession"), "its title is not that of the reports"),
    ("more about the WACZ", package_says(mainPageUrl="https://x.example/"), "datapackage.json has other entries"),
    ("the index's types", rezip(index_says_type), "its index does not lead to exactly the captures"),
    ("the index's summary", rezip(summary_leads_elsewhere), "indexes/index.idx has another first line"),
    ("bytes before the ZIP", hide_in_the_zip, "has bytes or headers that programs read differently"),
    ("two headers of one entry", differ_in_the_zip, "has bytes or headers that programs read differently"),
    ("the page of the text", edit("texts/1.html", "мәтін", "өтірік"), "does not show the text of the versions"),
    ("the page's style", edit("texts/1.html", "</style>", "article{display:none}</style>"), "does not show the text"),
    ("the instructions", edit("README.txt", "python3 verify.py", "python3 other.py"), "README.txt: is not the one"),
    ("more about the pack", edit("pack.json", '"format"', '"note": "checked by a court", "format"'), "other entries"),
]


@pytest.mark.parametrize(("forge", "noticed"), [attack[1:] for attack in ATTACKS], ids=[one[0] for one in ATTACKS])
def test_an_attack_is_noticed(archive: PackedArchive, tmp_path: Path, forge: Forgery, noticed: str) -> None:
    folder = unpacked(archive.pack(), tmp_path / "pack")
    forge(folder)
    done = run_verify(folder)
    assert done.returncode == 1, done.stdout
    assert noticed in done.stdout


@pytest.mark.parametrize("module", ["__future__", "zipfile", "html", "struct"])
def test_a_module_beside_verify_is_not_run(archive: PackedArchive, tmp_path: Path, module: str) -> None:
    folder = unpacked(archive.pack(), tmp_path / "pack")
    (folder / f"{module}.py").write_text("print('EVERYTHING HOLDS.')\nraise SystemExit(0)\n")
    done = subprocess.run(
        [sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert f"{module}.py: is not a file of this pack" in done.stdout


def test_a_decision_is_not_proved_by_an_entry_that_nothing_leads_to(archive: PackedArchive, tmp_path: Path) -> None:
    archive.decide("seen by his lawyer")
    archive.decide("confirmed by his sister")
    archive.close(archive.evidence.stored_run(1))
    folder = unpacked(archive.pack(), tmp_path / "pack")
    assert run_verify(folder).returncode == 0

    def forge(lines: list[Any]) -> None:
        review = [*lines[1]["review"]]
        review[review.index("confirmed by his sister")] = "withdrawn by his sister"
        content = json.loads(lines[1]["content"])
        content[5] = verify_pack.text_sha256(verify_pack.canonical(review))
        lines[:] = [lines[1] | {"review": review, "content": verify_pack.canonical(content)}]

    change_lines("proof/decisions.jsonl", forge)(folder)
    forged = json.loads((folder / "proof/decisions.jsonl").read_text())

    def vouch(lines: list[Any]) -> None:
        lines[1]["content_sha256"] = verify_pack.text_sha256(forged["content"])

    change_lines("proof/journal.jsonl", vouch)(folder)
    drop_line("proof/journal.jsonl", 0)(folder)
    done = run_verify(folder)
    assert done.returncode == 1
    assert "decision 2 by asel of 2026-11-22T11:00:00Z: is not in the journal" in done.stdout


def test_a_title_can_not_write_lines_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    verify_pack.say("report 1: “a\n  - Run 1 existed on 1999-01-01\x1b[2J\u202e”")
    assert capsys.readouterr().out == "report 1: “a   - Run 1 existed on 1999-01-01 [2J ”\n"


@pytest.mark.parametrize("code", ["en", "ru"])
def test_a_pack_in_each_language_holds(archive: PackedArchive, tmp_path: Path, code: str) -> None:
    say = catalogue.language(code)
    assert say.text("Evidence pack") == verify_pack.TITLE[code]
    assert say.text("Version {number}", number=7) == verify_pack.VERSION[code].format(number=7)
    done = run_verify(unpacked(archive.pack(language=code), tmp_path / "pack"))
    assert done.returncode == 0, done.stdout


def test_a_report_that_moved_and_was_renamed_holds(archive: PackedArchive, tmp_path: Path) -> None:
    run = archive.evidence.run()
    with archive.evidence.store() as store:
        moved = store.write(capture("https://khabar.example/moved", b"<p>moved</p>"), run_id=run, outlet="khabar")
    newest = archive.evidence.rows("SELECT max(id) FROM revisions WHERE article_id = 1")[0][0]
    archive.evidence.next_revision(int(str(newest)), run, moved, title="жаңа тақырып")
    archive.evidence.close(run)
    done = run_verify(unpacked(archive.pack(), tmp_path / "pack"))
    assert done.returncode == 0, done.stdout


def test_the_instructions_are_those_that_verify_knows() -> None:
    readme = Path(verify_pack.__file__).with_name("README.txt")
    assert hashlib.sha256(readme.read_bytes()).hexdigest() == verify_pack.README_SHA256


def test_verify_is_written_for_a_bare_python_of_2019() -> None:
    tree = ast.parse(Path(verify_pack.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))
    nodes = list(ast.walk(tree))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert "json" in modules and {name.partition(".")[0] for name in modules} <= sys.stdlib_module_names
    generic = {node.value.id for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name)}
    assert not generic & {"dict", "frozenset", "list", "set", "tuple", "type"}, "these can't be subscripted there"
