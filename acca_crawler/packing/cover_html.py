"""Lays out a pack's pages as HTML: the cover, and each report's text as stored. No script, no request to anywhere."""

from __future__ import annotations

from html import escape

from acca_crawler.i18n.catalogue import Language
from acca_crawler.packing.contents import PackedReport
from acca_crawler.packing.cover import Cover, CoverSection
from acca_crawler.reports.worddiff import Changed

_STYLE = """
body { font: 16px/1.5 "PT Sans", "Noto Sans", sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.3rem; margin-top: 2.5rem; border-top: 1px solid #999; padding-top: 1rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.2rem 1rem; }
dt { font-weight: bold; } dd { margin: 0; overflow-wrap: anywhere; }
del { color: #a00; } ins { color: #060; } p { white-space: pre-line; overflow-wrap: anywhere; }
@media print { h2 { break-before: page; } }
"""


def cover_html(cover: Cover, say: Language) -> bytes:
    """Return the cover as a page."""
    parts = [f"<h1>{escape(cover.title)}</h1>", f"<p>{escape(cover.introduction)}</p>"]
    for section in cover.sections:
        parts += _section(section)
    return _page(cover.title, parts, say.code)


def text_html(report: PackedReport, say: Language) -> bytes:
    """Return every version of a report's text as stored, newest first."""
    language = escape(report.record.language or "")
    parts = [f"<h1>#{report.record.id} {escape(report.outlet_title)}</h1>", f"<p>{escape(report.record.url)}</p>"]
    for revision in reversed(report.revisions):
        row = revision.columns
        heading = say.text("Version {number}", number=row["number"])
        parts += [f"<h2>{escape(heading)}, {escape(row['stored_at'])}</h2>", f'<article lang="{language}" dir="auto">']
        parts += [f"<h3>{escape(row['title'])}</h3>"]
        parts += [f"<p>{escape(paragraph)}</p>" for paragraph in row["text"].split("\n\n")]
        parts += ["</article>"]
    return _page(report.record.title, parts, say.code)


def _section(section: CoverSection) -> list[str]:
    tag = f"h{section.level + 1}"
    parts = [f"<{tag}>{escape(section.heading)}</{tag}>", "<dl>"]
    parts += [f"<dt>{escape(field.label)}</dt><dd>{escape(field.value)}</dd>" for field in section.fields]
    return [*parts, "</dl>", *(_diff(pieces) for pieces in section.diffs)]


def _diff(pieces: Changed) -> str:
    tags = {"same": "span", "gone": "del", "new": "ins"}
    marked = (f"<{tags[piece.sign]}>{escape(piece.text)}</{tags[piece.sign]}>" for piece in pieces)
    return f"<p>{''.join(marked)}</p>"


def _page(title: str, parts: list[str], language: str) -> bytes:
    head = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>\n"
    )
    return (head + "\n".join(parts) + "\n</body></html>\n").encode()
