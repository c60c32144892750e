"""Extract an article from a page: title, body, dates, authors, and what was stripped. Pure: no network, no archive."""

from __future__ import annotations

from acca_crawler.extract.agreement import agreement, fragment_text
from acca_crawler.extract.page import extract

__all__ = ["agreement", "extract", "fragment_text"]
