"""Lays out a pack's cover as PDF with an embedded font that has the region's Cyrillic letters."""

from __future__ import annotations

from typing import Any

from acca_crawler.clock import parse_stamp
from acca_crawler.exceptions import EvidenceExtraMissing
from acca_crawler.packing.cover import Cover, CoverSection
from acca_crawler.reports.worddiff import Changed

_FONT = "PT Sans"
_LINE = 5.2
_LABEL_WIDTH = 50
_COLOURS = {"same": (0, 0, 0), "gone": (160, 0, 0), "new": (0, 96, 0)}
_STYLES = {"same": "", "gone": "S", "new": "U"}
_SUBSTITUTES = str.maketrans({"ʻ": "‘", "ʼ": "’", "→": ">"})
"""Signs that PT Sans lacks, and what the PDF shows instead; the HTML cover and the texts have them as stored."""


def cover_pdf(cover: Cover, made_at: str) -> bytes:
    """Return the cover as a PDF dated `made_at` (UTC stamp). Raises `EvidenceExtraMissing`."""
    try:
        import fontpkg_pt_sans
        from fpdf import FPDF
    except ImportError as error:
        raise EvidenceExtraMissing("evidence packs need fpdf2: pip install 'acca-crawler[evidence]'") from error
    pdf = FPDF()
    pdf.set_creation_date(parse_stamp(made_at))
    pdf.set_title(cover.title)
    pdf.set_creator("acca-crawler")
    files = fontpkg_pt_sans.ROOT / "files"
    pdf.add_font(_FONT, "", files / "PT_Sans-Web-Regular.ttf")
    pdf.add_font(_FONT, "B", files / "PT_Sans-Web-Bold.ttf")
    pdf.set_auto_page_break(True, 18)
    pdf.add_page()
    _paragraph(pdf, cover.title, 18, "B")
    _paragraph(pdf, cover.introduction, 11)
    for section in cover.sections:
        _section(pdf, section)
    return bytes(pdf.output())


def _section(pdf: Any, section: CoverSection) -> None:
    pdf.ln(3)
    _paragraph(pdf, section.heading, 15 if section.level == 1 else 12, "B")
    for field in section.fields:
        pdf.set_font(_FONT, "B", 9.5)
        if pdf.will_page_break(_LINE):
            pdf.add_page()
        pdf.cell(_LABEL_WIDTH, _LINE, _shown(field.label))
        pdf.set_font(_FONT, "", 9.5)
        pdf.multi_cell(0, _LINE, _shown(field.value), align="L", new_x="LMARGIN", new_y="NEXT", wrapmode="CHAR")
    for pieces in section.diffs:
        _diff(pdf, pieces)


def _diff(pdf: Any, pieces: Changed) -> None:
    for piece in pieces:
        pdf.set_text_color(*_COLOURS[piece.sign])
        pdf.set_font(_FONT, _STYLES[piece.sign], 10)
        pdf.write(_LINE, _shown(piece.text))
    pdf.set_text_color(0, 0, 0)
    pdf.ln(_LINE * 1.5)


def _paragraph(pdf: Any, text: str, size: float, style: str = "") -> None:
    pdf.set_font(_FONT, style, size)
    pdf.multi_cell(0, size * 0.5, _shown(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _shown(text: str) -> str:
    return "".join(letter for letter in text.translate(_SUBSTITUTES) if letter == "\n" or letter >= " ")
