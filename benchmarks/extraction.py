"""Speed of reading a page, against floors and a peer measured in the same run.

    python -m benchmarks.extraction [--folder FOLDER [--set SET]] [--mutated PAGES]

Prints, for a page of about 100 KB made here: the time of a bare lxml parse (the floor), of `extract` with an outlet's
selectors, of `extract` without any, of the body alone without metadata, and of trafilatura on the same page, each as
milliseconds and as a share of the floor's speed; then word F1, the share of exact bodies and pages per processor second
on the sample newsroom's pages, some with more around their article, read without selectors and by the peers that are
installed (trafilatura, resiliparse), each as a share of the floor's speed on these pages, and ours minus each with the
95 % interval of paired differences. `--folder` compares on pages with their true text instead, laid out as
`acca_crawler.extract.fit` reads them. `--mutated` reads that many damaged pages instead: the slowest beside the median.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import lxml.html
import trafilatura

from acca_crawler.extract import extract, metadata
from acca_crawler.extract.boilerplate import RULES, StripLog, strip_paragraphs
from acca_crawler.extract.document import parse
from acca_crawler.extract.generic import generic_body
from acca_crawler.extract.paragraphs import join
from acca_crawler.extract.scope import Scope
from acca_crawler.newsroom import Newsroom
from acca_crawler.newsroom.sites import acca_pages, karlygash, kopuro, semdorog, tolkun
from acca_crawler.outlets import Outlet, Selectors
from tests.support.mutated import mutated

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
TEASERS = "".join(
    f'<div class="item"><h3><a href="/{n}">Another invented story, number {n}</a></h3>'
    f"<p>Its teaser is one sentence about the town of number {n}, and it ends here.</p></div>"
    for n in range(12)
)
PLEA = (
    '<section class="q"><p>We write about what others keep silent about, and we can only do so because you read us. '
    "Support an invented newsroom with a small donation today.</p></section>"
)
COMMENTS = "".join(
    f"<div class=c><b>Reader {n}</b><p>An invented opinion about this report, the {n}th of many.</p></div>"
    for n in range(8)
)
LAYOUTS = ("", TEASERS, PLEA, f'<div id="comments">{COMMENTS}</div>')
RESAMPLED = 2000
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


def newsroom_pages() -> Iterator[tuple[str, str, str]]:
    """(markup, address, true text) of the sample newsroom's articles on its second day."""
    sites = {"acca": acca_pages, "semdorog": semdorog, "kopuro": kopuro, "tolkun": tolkun, "karlygash": karlygash}
    with Newsroom() as newsroom:
        newsroom.set_day(2)
        for site, module in sites.items():
            for post in newsroom.posts(site):
                url = newsroom.sites[site].url + module.link(post)
                with urlopen(url) as answer:
                    yield answer.read().decode(), url, post.text


def in_layout(html: str, number: int) -> str:
    """A page with more around its article, as outlets have: teasers, a plea, rates, comments, in turn."""
    return html.replace("</body>", f"{LAYOUTS[number % len(LAYOUTS)]}</body>")


def word_f1(got: str, true: str) -> float:
    """F1 of the two texts' words, order aside."""
    a, b = (Counter(re.findall(r"\w+", text.lower())) for text in (got, true))
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def by_trafilatura(html: str, url: str, *, fast: bool = False) -> str:
    """The peer's text."""
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False, fast=fast)
    return str(getattr(found, "text", None) or "")


def interval(differences: list[float]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean of paired differences."""
    chance = random.Random(0)
    means = sorted(statistics.fmean(chance.choices(differences, k=len(differences))) for _ in range(RESAMPLED))
    return means[int(0.025 * RESAMPLED)], means[int(0.975 * RESAMPLED)]


def body_alone(html: str, url: str) -> str:
    """Our text without the metadata that it does not need."""
    root = parse(html)
    if root is None:
        return ""
    head, log = metadata.read_head(root, url), StripLog()
    body = generic_body(root, head, metadata.title(head, Scope(root), ""), log)
    return join(strip_paragraphs(body.paragraphs, RULES, log))


def peers() -> dict[str, Callable[[str, str], str]]:
    """Ours and the readers that it is compared with, those that are installed."""
    found: dict[str, Callable[[str, str], str]] = {
        "extract, generic": lambda html, url: extract(html, url).text,
        "extract, body alone": body_alone,
        "trafilatura": by_trafilatura,
        "trafilatura, fast": lambda html, url: by_trafilatura(html, url, fast=True),
    }
    if importlib.util.find_spec("resiliparse"):
        from resiliparse.extract.html2text import extract_plain_text

        found["resiliparse"] = lambda html, url: str(extract_plain_text(html, main_content=True))
    return found


def pages_in(folder: Path, kind: str) -> Iterator[tuple[str, str, str]]:
    """(markup, address, true text) of the pages in a folder, of one set if `kind` names one."""
    for row in map(json.loads, (folder / "truth.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")):
        if row["text"] and kind in ("", row.get("set", "")):
            with gzip.open(folder / "pages" / f"{row['id']}.html.gz", "rt", encoding="utf-8", errors="replace") as page:
                yield page.read(), row["url"], row["text"]


def compare(pages: list[tuple[str, str, str]]) -> None:
    """Prints what each reader makes of the pages, and ours minus each peer with its 95 % interval."""
    start = time.process_time()
    for html, _, _ in pages:
        lxml.html.document_fromstring(html.encode())
    floor = time.process_time() - start
    scores: dict[str, list[float]] = {}
    for name, read in peers().items():
        read(*pages[0][:2])
        start = time.process_time()
        texts = [read(html, url) for html, url, _ in pages]
        took = time.process_time() - start
        scores[name] = [word_f1(got, true) for got, (_, _, true) in zip(texts, pages, strict=True)]
        exact = statistics.fmean(got.split() == true.split() for got, (_, _, true) in zip(texts, pages, strict=True))
        f1 = statistics.fmean(scores[name])
        speed = f"{len(pages) / took:.0f} pages/s, {floor / took:.2f} of the floor"
        print(f"{name:<20} word F1 {f1:.4f}, exact {exact:.1%}, {speed}")
    ours, _, *others = scores
    for name in others:
        differences = [a - b for a, b in zip(scores[ours], scores[name], strict=True)]
        low, high = interval(differences)
        print(f"ours - {name:<18} word F1 {statistics.fmean(differences):+.4f} [{low:+.4f}, {high:+.4f}]")


def measure_mutated(count: int) -> None:
    """Prints how much longer the slowest damaged page takes than the median one."""
    taken = []
    extract("<p>A first page, so that no other pays for imports.</p>", "https://outlet.example/1")
    extract("<title>x</title>", "https://outlet.example/1")
    for html in mutated([html for html, _, _ in newsroom_pages()], count):
        start = time.thread_time()
        extract(html, "https://outlet.example/1")
        taken.append(time.thread_time() - start)
    median = statistics.median(taken)
    print(f"{count} damaged pages, none raised; slowest {max(taken) / median:.1f} times the median")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutated", type=int, default=0, metavar="PAGES")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--set", default="", help="only pages of this set")
    given = parser.parse_args()
    if given.mutated:
        measure_mutated(given.mutated)
    elif given.folder:
        pages = list(pages_in(given.folder, given.set))
        print(f"{len(pages)} pages of {given.folder.name} {given.set}, without selectors")
        compare(pages)
    else:
        measure_speed()
        pages = [(in_layout(html, number), url, true) for number, (html, url, true) in enumerate(newsroom_pages())]
        print(f"{len(pages)} pages of the sample newsroom in {len(LAYOUTS)} layouts, without selectors, with metadata")
        compare(pages)


def measure_speed() -> None:
    """Prints the time of each reader on one page."""
    html = page()
    text = html.decode()
    url = "https://outlet.example/1"
    floor = milliseconds(lambda: lxml.html.document_fromstring(html))
    rows = {
        "bare lxml parse": floor,
        "extract, selectors": milliseconds(lambda: extract(html, url, outlet=OUTLET)),
        "extract, generic": milliseconds(lambda: extract(html, url)),
        "body alone": milliseconds(lambda: body_alone(text, url)),
        "trafilatura": milliseconds(
            lambda: trafilatura.bare_extraction(text, url=url, with_metadata=True, include_comments=False)
        ),
    }
    print(f"page of {len(html)} bytes")
    for name, took in rows.items():
        print(f"{name:<20}{took:8.2f} ms{1000 / took:9.0f} pages/s{floor / took:7.2f} of the floor")


if __name__ == "__main__":
    main()
