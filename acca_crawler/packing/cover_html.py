"""Lays out a pack's cover as HTML."""

from __future__ import annotations

from html import escape

from acca_crawler.i18n.catalogue import Language
from acca_crawler.packing.cover import Cover, CoverSection
from acca_crawler.packing.verify_pack import html_page
from acca_crawler.reports.worddiff import Changed


def cover_html(cover: Cover, say: Language) -> bytes:
    """Return the cover as a page."""
    parts = [f"<h1>{escape(cover.title)}</h1>", f"<p>{escape(cover.introduction)}</p>"]
    for section in cover.sections:
        parts += _section(section)
    return html_page(cover.title, parts, say.code)


def _section(section: CoverSection) -> list[str]:
    tag = f"h{section.level + 1}"
    parts = [f"<{tag}>{escape(section.heading)}</{tag}>", "<dl>"]
    parts += [f"<dt>{escape(field.label)}</dt><dd>{escape(field.value)}</dd>" for field in section.fields]
    return [*parts, "</dl>", *(_diff(pieces) for pieces in section.diffs)]


def _diff(pieces: Changed) -> str:
    tags = {"same": "span", "gone": "del", "new": "ins"}
    marked = (f"<{tags[piece.sign]}>{escape(piece.text)}</{tags[piece.sign]}>" for piece in pieces)
    return f"<p>{''.join(marked)}</p>"
