"""Peers that are not among our dependencies: installed in a throw-away environment, run on saved pages."""

from __future__ import annotations

import json
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
    read = lambda html: bool(getattr(NewsPlease.from_html(html, url="https://bench.example/page"), "maintext", None))
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
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        (directory / "pages").mkdir()
        for number, page in enumerate(pages):
            (directory / "pages" / f"{number:05}").write_bytes(page)
        python = directory / "venv" / "bin" / "python"
        try:
            venv.create(directory / "venv", with_pip=True)
            _run([str(python), "-m", "pip", "install", "-q", *PACKAGES])
        except (OSError, subprocess.SubprocessError) as error:
            return [Peer("news-please", error=_last_line(error)), Peer("Fundus", error=_last_line(error))]
        return [_peer(one, str(python), directory / "pages") for one in ("news-please", "Fundus")]


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
