"""Serves ReplayWeb.page's own files, and one WACZ, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from tests.support.local import NOTHING, Answer, Asked, served
from tests.support.programs import EVIDENCE_TOOLS

_SCRIPT = "text/javascript; charset=utf-8"


@contextmanager
def replaying(wacz: bytes, url: str) -> Iterator[str]:
    """Serve a page that shows `url` from the WACZ; yields its address."""
    files = {
        name: (EVIDENCE_TOOLS / "replaywebpage" / name).read_bytes() for name in ("ui.js", "sw.js")
    }  # fmt: skip
    inner = '<!doctype html><script src="./ui.js"></script><replay-app-main></replay-app-main>'
    outer = (
        '<!doctype html><meta charset="utf-8"><script src="/replay/ui.js"></script><replay-web-page '
        f'source="/captures.wacz" url="{escape(url)}" replayBase="/replay/" style="display:block;height:860px"/>'
    )
    answers = {
        "/": Answer(outer),
        "/captures.wacz": Answer(wacz, "application/zip"),
        "/replay/": Answer(inner),
        "/replay/ui.js": Answer(files["ui.js"], _SCRIPT),
        "/replay/sw.js": Answer(files["sw.js"], _SCRIPT),
    }

    def answer(asked: Asked) -> Answer:
        return answers.get(asked.path, NOTHING)

    with served(answer) as site:
        yield site.home
