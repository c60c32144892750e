"""Peers that are not among our dependencies: installed once in an environment of their own, run on saved pages."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("news-please", "fundus", "curl_cffi<0.14")
"""Fundus 0.5 fails to import with later releases of curl_cffi."""

_SCRIPT = """
import json, sys, time, warnings
from pathlib import Path
warnings.simplefilter("ignore")
pages = [path.read_text(encoding="utf-8") for path in sorted(Path(sys.argv[2]).iterdir())]
if sys.argv[1] == "news-please":
    from newsplease import NewsPlease
    url = "https://bench.example/page"
    read = lambda html: bool(getattr(NewsPlease.from_html(html, url=url, fetch_images=False), "maintext", None))
else:
    from fundus import PublisherCollection
    parser = PublisherCollection.us.APNews.parser()
    read = lambda html: bool(parser.parse(html, "suppress").get("body"))
read(pages[0])
began, found = time.perf_counter(), 0
for html in pages:
    found += read(html)
print(json.dumps([len(pages) / (time.perf_counter() - began), found]))
"""


@dataclass(frozen=True)
class Peer:
    """A peer's pages per second, and of how many pages it returned a text; or why it could not be run."""

    name: str
    rate: float = 0.0
    found: int = 0
    error: str = ""


def peers(pages: Sequence[bytes]) -> list[Peer]:
    """Run news-please and Fundus on these pages, one process each, without their downloading."""
    try:
        python = _environment()
    except (OSError, subprocess.SubprocessError) as error:
        return [Peer("news-please", error=_last_line(error)), Peer("Fundus", error=_last_line(error))]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for number, page in enumerate(pages):
            (directory / f"{number:05}").write_bytes(page)
        return [_peer(one, python, directory) for one in ("news-please", "Fundus")]


def _environment() -> str:
    """Return the interpreter of the peers' environment; installing them takes minutes, so it is kept for the next run.

    It is in the user's cache directory, under a name that changes with the packages and the interpreter.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    made_of = hashlib.sha256(" ".join((*PACKAGES, sys.version)).encode()).hexdigest()[:12]
    directory = cache / "acca-crawler" / f"peers-{made_of}"
    python, whole = directory / "bin" / "python", directory / "whole"
    if not whole.exists():
        print(f"installing {' '.join(PACKAGES)} in {directory}", flush=True)
        venv.create(directory, with_pip=True)
        _run([str(python), "-m", "pip", "install", "-q", *PACKAGES])
        whole.touch()
    return str(python)


def _peer(name: str, python: str, pages: Path) -> Peer:
    try:
        rate, found = json.loads(_run([python, "-c", _SCRIPT, name, str(pages)]).splitlines()[-1])
    except (OSError, subprocess.SubprocessError) as error:
        return Peer(name, error=_last_line(error))
    return Peer(name, rate, found)


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=900).stdout


def _last_line(error: Exception) -> str:
    printed = (getattr(error, "stderr", "") or str(error)).strip()
    return printed.splitlines()[-1][:200] if printed else type(error).__name__


if __name__ == "__main__":
    sys.exit("run benchmarks/crawl.py")
