"""Footnotes of a Word document, which python-docx can't write itself: the part, its separators and the references."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


class Footnotes:
    """Collects a document's footnotes; `attach` writes them once, after the last one (ISO 29500-1, 17.11)."""

    def __init__(self) -> None:
        self._notes: list[str] = []

    def add(self, paragraph: Any, text: str) -> None:
        """Append a footnote's reference to a paragraph. `text` has no characters that XML forbids."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        number = len(self._notes) + 1
        self._notes.append(
            f'<w:footnote w:id="{number}"><w:p><w:r>{_RAISED}<w:footnoteRef/></w:r>'
            f'<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p>'
            "</w:footnote>"
        )
        run = paragraph.add_run()
        run.font.superscript = True
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(number))
        run._r.append(reference)

    def attach(self, document: Any) -> None:
        """Add the part with all footnotes to the document."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        xml = f'<w:footnotes xmlns:w="{_NAMESPACE}">{_SEPARATORS}{"".join(self._notes)}</w:footnotes>'
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode(), document.part.package)
        document.part.relate_to(part, _RELATION)
