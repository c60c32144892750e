"""Citations of a report as plain text, RIS or CSL-JSON."""

from __future__ import annotations

import json

from acca_crawler.reports.casebook.rows import CaseRow


def plain_text(row: CaseRow) -> str:
    """Format a citation: “Title”, Outlet, date, URL (archived on ..., SHA-256 ...)."""
    date = row.published[:10] if row.published else "n.d."
    proof = f" (archived {row.fetched[:10]}, SHA-256 {row.capture_sha256})" if row.capture_sha256 else ""
    return f"“{row.title}”, {row.outlet_title}, {date}, {row.url}{proof}"


def ris(row: CaseRow) -> str:
    """Return a record in the RIS format (Reference Manager, 2001), with CRLF line endings."""
    fields = [("TY", "NEWS"), ("TI", row.title), ("T2", row.outlet_title)]
    if row.published:
        fields.append(("DA", row.published[:10].replace("-", "/")))
        fields.append(("PY", row.published[:4]))
    fields += [("UR", row.url), ("LA", row.language or ""), ("AN", str(row.number))]
    if row.capture_sha256:
        fields.append(("N1", f"Archived {row.fetched}, SHA-256 {row.capture_sha256}"))
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl_json(row: CaseRow) -> str:
    """Return a one-item list in CSL-JSON 1.0, which Zotero and citation processors can import."""
    item: dict[str, object] = {
        "id": f"acca-{row.number}", "type": "article-newspaper", "title": row.title,
        "container-title": row.outlet_title, "URL": row.url,
    }  # fmt: skip
    if row.published:
        item["issued"] = {"date-parts": [[int(part) for part in row.published[:10].split("-")]]}
    if row.language:
        item["language"] = row.language
    if row.capture_sha256:
        item["accessed"] = {"date-parts": [[int(part) for part in row.fetched[:10].split("-")]]}
        item["note"] = f"Archived {row.fetched}, SHA-256 {row.capture_sha256}"
    return json.dumps([item], ensure_ascii=False, indent=1)
