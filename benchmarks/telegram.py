"""How well posts are judged as posts: `python benchmarks/telegram.py`.

The labelled posts of real channels (`../shared/data/detection/natural.jsonl.gz`) are put into Telegram's markup, read
as a crawl reads them (title from the first sentence, tails stripped) and judged by weights that saw no post of any
channel, beside the same posts as plain text without a title. Then the judged pairs of posts
(`../shared/data/stories/pairs.jsonl`): of each judgement, the share of pairs that share a story.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

from acca_crawler.config.loading import Config
from acca_crawler.crawl.spider_loader import family_outlets
from acca_crawler.detect.dataset import Labelled
from acca_crawler.detect.fit import example_of, fit_model
from acca_crawler.detect.rules import read_rules
from acca_crawler.extract.telegram import read_post
from acca_crawler.items import Extraction
from benchmarks.dedup import judged_pairs, ours
from benchmarks.detection import judge, labelled, line

PAIRS = Path(__file__).parents[2] / "shared" / "data" / "stories" / "pairs.jsonl"
_ADDRESS = re.compile(r"https?://\S+")


def main() -> int:
    """Print the tables; exits 0 whatever they say."""
    sets = labelled()
    if "natural" not in sets:
        print("needs ../shared/data/detection")
        return 0
    posts = [item for item in sets["natural"] if "Telegram" in item.outlet]
    stripped: Counter[str] = Counter()
    for item in posts:
        stripped.update(piece.rule for piece in as_post(item.text).stripped)
    print(f"{len(posts)} posts; stripped: " + ", ".join(f"{rule} {count}" for rule, count in stripped.most_common()))
    book = read_rules()
    others = [item for group in sets.values() for item in group if "Telegram" not in item.outlet]
    model = fit_model([example_of(item, book) for item in others], read_rules())
    for name, change in FORMS.items():
        print(line(name, [judge(example_of(change(item), book), model) for item in posts]))
    if PAIRS.exists():
        stories()
    return 0


def as_post(text: str) -> Extraction:
    """Return a post as it is read from Telegram's markup."""
    shown = _ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(text, quote=False))
    body = shown.replace("\n", "<br/>")
    markup = (
        '<div class="tgme_widget_message" data-post="channel/1"><div class="tgme_widget_message_text js-message_text">'
        f"{body}</div></div>"
    )
    return read_post(markup, "https://t.me/channel/1", family_outlets(Config())["telegram"])


def _read(item: Labelled) -> Labelled:
    found = as_post(item.text)
    return replace(item, title=found.title, text=found.text or item.text)


def _without_its_title(item: Labelled) -> Labelled:
    found = as_post(item.text)
    rest = found.text.removeprefix(found.title).strip()
    return replace(item, title=found.title, text=rest or found.text or item.text)


FORMS: dict[str, Callable[[Labelled], Labelled]] = {
    "plain text, no title": lambda item: item,
    "post: title, kept in the text": _read,
    "post: title, taken from the text": _without_its_title,
    "post: no title": lambda item: replace(_read(item), title=""),
}


def stories() -> None:
    """Of each judgement, the share of pairs that come into one story, as plain texts and as posts."""
    pairs = list(judged_pairs(PAIRS))
    for name, as_read in (("plain text", False), ("read as posts", True)):
        joined: Counter[str] = Counter()
        for pair in pairs:
            a, b = pair.a, pair.b
            if as_read:
                a, b = (replace(one, title=(found := as_post(one.text)).title, text=found.text) for one in (a, b))
            joined[pair.how] += ours(a, b)
        shown = ", ".join(f"{how} {joined[how] / sum(p.how == how for p in pairs):.3f}" for how in sorted(joined))
        print(f"pairs in one story, {name}: {shown}")


if __name__ == "__main__":
    sys.exit(main())
