"""Import existing collections: text dumps of naive scrapers, saved pages, WARC files."""

from __future__ import annotations

from acca_crawler.importing.file_kinds import FileKind, sniff
from acca_crawler.importing.text_dump import read_text_dump
from acca_crawler.importing.warc import WarcPage, capture_of, iter_warc_pages

__all__ = ["FileKind", "WarcPage", "capture_of", "iter_warc_pages", "read_text_dump", "sniff"]
