"""CPU time of reading pages made to be slow, of 1 and of 2 MB. Goal: at most 2.3 times as long for twice the size.

Each family is what once took quadratic time: parents of attributes, page numbers, tiny paragraphs, homonyms, names.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from acca_crawler.detect.detector import detect
from acca_crawler.extract import extract

GOAL = 2.3
MEGABYTE = 1_000_000
URL = "https://paper.example/news/1"
SENTENCE = "Суд в Бишкеке продлил арест журналиста, его адвокат говорит о пытках. "

FAMILIES: dict[str, Callable[[int], str]] = {
    "endless text in JSON-LD": lambda size: (
        '<script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "articleBody": SENTENCE * (size // 125)}, ensure_ascii=False)
        + "</script><p>Text"
    ),
    "bylines": lambda size: "<a rel=author href=/a>Ivan Petrov</a>" * (size // 38),
    "dates": lambda size: "<div itemscope itemtype=NewsArticle>" + "<b itemprop=datePublished>x</b>" * (size // 32),
    "page numbers": lambda size: "".join(f'<a href="{URL}?page={n}">{n}</a>' for n in range(size // 53)),
    "tiny paragraphs": lambda size: "<p>a</p>" * (size // 8),
    "capitals": lambda size: f"<p>{'СУД АРЕСТ ' * (size // 18)}</p>",
}


def seconds(page: str) -> float:
    """CPU time of extracting a page and judging its text."""
    start = time.process_time()
    found = extract(page, URL)
    detect(found.text, title=found.title)
    return time.process_time() - start


def main() -> None:
    """Read each family's pages in both sizes."""
    seconds(f"<p>{SENTENCE * 20}</p>")  # loads what the first text needs
    for name, page in FAMILIES.items():
        one, two = (seconds(page(size * MEGABYTE)) for size in (1, 2))
        print(f"{name:26} {one:6.2f} s {two:6.2f} s, ratio {two / one:5.2f} (goal: at most {GOAL})", flush=True)


if __name__ == "__main__":
    main()
