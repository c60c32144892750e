"""An article as the crawler passes it to the archive, with invented words and a chosen detection."""

from __future__ import annotations

from acca_crawler.items import Article, Dated, Detection, Extraction, Stripped


def article(
    outlet: str,
    identity: str,
    title: str,
    text: str,
    detection: Detection,
    *,
    sha256: str,
    language: str | None,
    published: str | None,
    path: str = "",
    stripped: tuple[Stripped, ...] = (),
) -> Article:
    """Build an article of `https://<outlet>.example/<path>` (default: its identity), with a certain date or none."""
    url = f"https://{outlet}.example/{path or identity}"
    dated = Dated(published, "meta", "high") if published else None
    extraction = Extraction(text, title, url, published=dated, stripped=stripped, method="test")
    return Article(outlet, identity, url, (url,), extraction, detection, sha256, language)
