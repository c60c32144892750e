"""The hash of a revision's row, as covered by the manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

REVISION_COLUMNS = (
    "article_id", "number", "run_id", "capture_id", "stored_at", "title", "lead", "text", "authors", "categories",
    "tags", "captions", "alternates", "language", "image", "published_at", "published_source",
    "published_certainty", "modified_at", "modified_source", "modified_certainty", "printed_date",
    "extraction_method", "rest_agreement", "change", "content_sha256", "parts",
)  # fmt: skip
ADDED_COLUMNS = frozenset({"parts"})
"""Columns added later: hashed only if not null, so that older hashes stay valid."""


def hashed_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a revision that its hash covers."""
    return {
        column: row[column] for column in REVISION_COLUMNS if column not in ADDED_COLUMNS or row[column] is not None
    }


def revision_sha256(row: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a revision's columns as canonical JSON: sorted keys, UTF-8, no white space."""
    canonical = json.dumps(hashed_columns(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
