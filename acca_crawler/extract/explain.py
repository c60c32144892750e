"""Explain why each block of a page was kept or dropped, as an HTML page with a colour per decision."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from acca_crawler.extract.document import parse
from acca_crawler.extract.metadata import description, read_head, title
from acca_crawler.extract.model import chances
from acca_crawler.extract.page import extract
from acca_crawler.extract.segments import read_blocks
from acca_crawler.outlets import Outlet

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
    "p{margin:.3em 0;padding:.2em .6em;border-left:.4em solid;overflow-wrap:anywhere}"
    ".taken{background:#e3f4e3;border-color:#2a7d2a}.stripped{background:#fdeed5;border-color:#a86100}"
    ".left{background:#f3f3f3;border-color:#8a8a8a;color:#444}small{display:block;color:#444}"
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One block in document order: its text, the outcome ("taken", "stripped", "left") and the reason in one line."""

    text: str
    outcome: str
    reason: str


def decisions(html: str | bytes, url: str, outlet: Outlet | None = None) -> list[Decision]:
    """Return the decision on each block of the page. Reasons in order of precedence: the text, the rules, the model."""
    got = extract(html, url, outlet=outlet)
    root = parse(html)
    body = root.find("body") if root is not None else None
    if root is None or body is None:
        return []
    head = read_head(root, url)
    blocks = read_blocks(body)
    likely = chances(blocks, title(head, root, ""), description(head)).tolist()
    taken = set(got.paragraphs)
    rules = {piece.text: piece.rule for piece in got.stripped}
    captions = set(got.captions)
    found = []
    for block, chance in zip(blocks, likely, strict=True):
        says = f"<{block.tag}>, {len(block.text)} characters, {block.linked} in links, model {chance:.2f}"
        if block.text in taken:
            found.append(Decision(block.text, "taken", f"{got.method}: {says}"))
        elif block.text in captions:
            found.append(Decision(block.text, "stripped", f"caption: {says}"))
        elif rule := rules.get(block.text):
            found.append(Decision(block.text, "stripped", f"{rule}: {says}"))
        else:
            found.append(Decision(block.text, "left", says))
    return found


def explained(html: str | bytes, url: str, outlet: Outlet | None = None) -> str:
    """Render the decisions as a self-contained HTML page. All text from the page is escaped."""
    rows = "\n".join(
        f'<p class="{one.outcome}">{escape(one.text)}<small>{one.outcome}: {escape(one.reason)}</small></p>'
        for one in decisions(html, url, outlet)
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Blocks of {escape(url)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>Blocks of {escape(url)}</h1>\n{rows}\n</body></html>\n"
    )
