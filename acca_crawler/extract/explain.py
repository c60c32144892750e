"""Explain why each block of a page was kept or dropped, as an HTML page with a colour per decision."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from lxml.html import HtmlElement

from acca_crawler.extract.document import parse
from acca_crawler.extract.generic import SetApart, read_page
from acca_crawler.extract.metadata import read_head, title
from acca_crawler.extract.page import extract
from acca_crawler.extract.paragraphs import inline
from acca_crawler.extract.scope import Scope
from acca_crawler.outlets import Outlet

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
    "p{margin:.3em 0;padding:.2em .6em;border-left:.4em solid;overflow-wrap:anywhere}"
    ".taken{background:#e3f4e3;border-color:#2a7d2a}.stripped{background:#fdeed5;border-color:#a86100}"
    ".left{background:#f3f3f3;border-color:#8a8a8a;color:#444}small{display:block;color:#444}"
)


@dataclass(frozen=True, slots=True)
class BlockDecision:
    """One block in document order: its text, the outcome ("taken", "stripped", "left") and the reason in one line."""

    text: str
    outcome: str
    reason: str


def decisions(html: str | bytes, url: str, outlet: Outlet | None = None) -> list[BlockDecision]:
    """Return the decision on each block of the page. Reasons in order of precedence: the text, the rules, the model."""
    got = extract(html, url, outlet=outlet)
    root = parse(html)
    body = root.find("body") if root is not None else None
    if root is None or body is None:
        return []
    head = read_head(root, url)
    reading = read_page(body, head, title(head, Scope(root), ""))
    layout, dense = reading.layout, reading.dense
    roles = dict(zip(got.paragraphs, got.roles, strict=False))
    rules = {piece.text: piece.rule for piece in got.stripped}
    menus = list(layout.menus)
    apart = list(reading.apart)
    found = []
    for number, block in enumerate(layout.blocks):
        while apart and apart[0].number <= number:
            found.append(_set_apart(apart.pop(0)))
        before = number + len(reading.apart) - len(apart)  # blocks of the page, not only of those that were read
        while menus and menus[0][0] <= before:
            found.append(_menu(menus.pop(0)[1]))
        dropped = dense.dropped[block.place]
        second = "yes" if number in dense.blocks else f"no ({dropped})" if dropped else "no"
        says = (
            f"<{block.tag}>, {len(block.text)} characters, {block.linked} in links, "
            f"model {reading.likely[number]:.2f}, density {second}"
        )
        if block.text in roles:
            found.append(BlockDecision(block.text, "taken", f"{got.method}, {roles[block.text]}: {says}"))
        elif layout.places[block.place].caption:
            found.append(BlockDecision(block.text, "stripped", f"caption: {says}"))
        elif rule := rules.get(block.text):
            found.append(BlockDecision(block.text, "stripped", f"{rule}: {says}"))
        else:
            found.append(BlockDecision(block.text, "left", says))
    return [*found, *map(_set_apart, apart), *(_menu(element) for _, element in menus)]


def _set_apart(one: SetApart) -> BlockDecision:
    block = one.block
    says = f"<{block.tag}>, {len(block.text)} characters, not examined"
    return BlockDecision(block.text, "stripped", f"{one.rule}: {says}")


def _menu(element: HtmlElement) -> BlockDecision:
    return BlockDecision(inline(element), "left", f"<{element.tag}>, a menu by its name, without prose: not examined")


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
