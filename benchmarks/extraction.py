"""Speed of reading a page, against floors and a peer measured in the same run.

    python -m benchmarks.extraction

Prints, for a page of about 100 KB made here: the time of a bare lxml parse (the floor), of `extract` with an outlet's
selectors, of `extract` without any, and of trafilatura on the same page, each as milliseconds and as a share of the
floor's speed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import lxml.html
import trafilatura

from acca_crawler.extract import extract
from acca_crawler.outlets import Outlet, Selectors

OUTLET = Outlet(
    title="Benchmark",
    home="https://outlet.example/",
    hosts=("outlet.example",),
    countries=("KZ",),
    languages=("en",),
    article_path="/",
    selectors=Selectors(
        scope="div[id^=post-]", title="h1.entry-title", body="div.entry-content", categories=".entry-categories a"
    ),
)
SENTENCE = (
    "The prosecutor’s office of an invented town has charged three guards – all officers – with torture, it said. "
)
ROUNDS = 3
PAGES = 60


def page() -> bytes:
    """An article of 16 paragraphs inside 80 KB of menus and cards."""
    menu = "".join(
        f'<div class="menu-item item-{n}"><a href="/section/{n}" title="Section">Section number {n}</a></div>\n'
        for n in range(900)
    )
    body = "".join(f"<p>{SENTENCE}{SENTENCE}Paragraph {n}.</p>\n" for n in range(16))
    head = '<meta charset="utf-8"><meta property="article:published_time" content="2024-04-28T07:00:00Z">'
    return (
        f"<!DOCTYPE html><html lang=en><head>{head}<title>Three guards charged</title></head><body><nav>{menu}</nav>"
        '<div id="post-1"><span class="entry-categories"><a href="/news">News</a></span>'
        f'<h1 class="entry-title">Three guards charged</h1><div class="entry-content">{body}</div>'
        '<div class="related-posts"><a href="/2">Another story</a></div></div></body></html>'
    ).encode()


def milliseconds(call: Callable[[], object]) -> float:
    """The best mean of several rounds: the least disturbed by others on the machine."""
    call()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(PAGES):
            call()
        best = min(best, (time.perf_counter() - start) / PAGES * 1000)
    return best


def main() -> None:
    """Measures and prints."""
    html = page()
    text = html.decode()
    url = "https://outlet.example/1"
    floor = milliseconds(lambda: lxml.html.document_fromstring(html))
    rows = {
        "bare lxml parse": floor,
        "extract, selectors": milliseconds(lambda: extract(html, url, outlet=OUTLET)),
        "extract, generic": milliseconds(lambda: extract(html, url)),
        "trafilatura": milliseconds(
            lambda: trafilatura.bare_extraction(text, url=url, with_metadata=True, include_comments=False)
        ),
    }
    print(f"page of {len(html)} bytes")
    for name, took in rows.items():
        print(f"{name:<20}{took:8.2f} ms{1000 / took:9.0f} pages/s{floor / took:7.2f} of the floor")


if __name__ == "__main__":
    main()
