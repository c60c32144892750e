"""Counts of some articles by month and by region, for charts and maps."""

from __future__ import annotations

import json
from collections.abc import Sequence

from storage.schema.kinds import ArchiveDb


def by_month(db: ArchiveDb, article_ids: Sequence[int]) -> dict[str, int]:
    """Count articles by month (`2026-01`) of publication, or else of first being seen; in order of time."""
    rows = db.execute(
        "SELECT substr(coalesce(published_at, first_seen_at), 1, 7) AS month, count(*) FROM articles "
        "JOIN revisions ON revisions.id = articles.revision_id "
        "WHERE articles.id IN (SELECT value FROM json_each(?)) GROUP BY 1 ORDER BY 1",
        [json.dumps(list(article_ids))],
    )
    return {row[0]: row[1] for row in rows.fetchall()}


def by_region(db: ArchiveDb, article_ids: Sequence[int]) -> dict[str, int]:
    """Count articles by each region (the gazetteer's code) that their flags name; one article may name several."""
    rows = db.execute(
        "SELECT flag_facts.value, count(DISTINCT articles.id) FROM articles "
        "JOIN flags ON flags.revision_id = articles.revision_id AND current = 1 "
        "JOIN flag_facts ON flag_id = flags.id AND flag_facts.kind = 'region' "
        "WHERE articles.id IN (SELECT value FROM json_each(?)) GROUP BY 1",
        [json.dumps(list(article_ids))],
    )
    return {row[0]: row[1] for row in rows.fetchall()}
