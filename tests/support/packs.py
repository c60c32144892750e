"""What a forger does to an unpacked pack, and the stranger who checks it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from acca_crawler.packing import wacz

Forgery = Callable[[Path], None]


def run_verify(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the pack's own verify.py with a bare interpreter: no site packages, no code of ours."""
    command = [sys.executable, "-I", "-S", "verify.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def relist(folder: Path) -> None:
    """Bring the plain hashes of pack.json up to date, as a forger would."""
    about = json.loads((folder / "pack.json").read_text())
    for one in about["files"]:
        data = (folder / one["path"]).read_bytes()
        one |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    write_about(folder, about)


def write_about(folder: Path, about: dict[str, Any]) -> None:
    """Write pack.json in the form that a pack has it."""
    (folder / "pack.json").write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n")


def edit(name: str, old: str, new: str) -> Forgery:
    """Return a forgery that replaces a text in a file and its plain hash in pack.json."""

    def forge(folder: Path) -> None:
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        relist(folder)

    return forge


def drop_line(name: str, number: int) -> Forgery:
    """Return a forgery that takes a line out of a file."""

    def forge(folder: Path) -> None:
        lines = (folder / name).read_text().splitlines(keepends=True)
        del lines[number]
        (folder / name).write_text("".join(lines))
        relist(folder)

    return forge


def rezip(change: Callable[[dict[str, bytes]], None]) -> Forgery:
    """Return a forgery that changes files in the WACZ and makes its own hashes fit."""

    def forge(folder: Path) -> None:
        with zipfile.ZipFile(folder / "captures.wacz") as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        change(files)
        package = json.loads(files["datapackage.json"])
        for one in package["resources"]:
            one["hash"] = f"sha256:{hashlib.sha256(files[one['path']]).hexdigest()}"
        files["datapackage.json"] = json.dumps(package).encode()
        digest = f"sha256:{hashlib.sha256(files['datapackage.json']).hexdigest()}"
        files["datapackage-digest.json"] = json.dumps({"path": "datapackage.json", "hash": digest}).encode()
        (folder / "captures.wacz").write_bytes(wacz.zipped(files))
        relist(folder)

    return forge
