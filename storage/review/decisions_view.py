"""A view of the stories with alerts and what people decided about them, for those who may see decisions.

The view is temporary: it is in the connection to the review database only, never in the archive that analysts query.
"""

from __future__ import annotations

from storage.reports.view_columns import Column, View
from storage.schema.country import COUNTRY
from storage.schema.kinds import ReviewDb

_SQL = f"""
    CREATE TEMP VIEW IF NOT EXISTS v_decisions AS
    SELECT queue.story_id, queue.article_id, revisions.title, url, articles.outlet, {COUNTRY} AS country, language,
           flags.level, flags.categories, substr(coalesce(published_at, first_seen_at), 1, 10) AS date,
           queue.members AS reports, queue.status, queue.assignee, last.verdict, last.reason, last.reviewer, last.note,
           last.created_at AS decided_at
    FROM queue
    JOIN archive.articles ON articles.id = queue.article_id
    JOIN archive.revisions ON revisions.id = articles.revision_id
    JOIN archive.outlets ON outlets.name = articles.outlet
    LEFT JOIN archive.flags ON flags.revision_id = revisions.id AND flags.current = 1
    LEFT JOIN reviews AS last ON last.id = (
        SELECT max(id) FROM reviews AS one
        WHERE one.article_id IN (
                  SELECT article_id FROM archive.story_members WHERE story_members.story_id = queue.story_id
                  UNION SELECT queue.article_id)
          AND verdict IN ('confirm', 'false_alarm', 'duplicate_of', 'watch', 'second_pair', 'reopen')
          AND NOT EXISTS (SELECT 1 FROM reviews AS undo WHERE undo.undoes = one.id)
    )
"""
DECISIONS = View(
    "v_decisions",
    "Stories with alerts, one row each, with their status and the newest decision.",
    "article_id",
    (
        Column("story_id", "integer", "the story's number"),
        Column("article_id", "integer", "the report that raised its first alert"),
        Column("title", "text", "that report's title"),
        Column("url", "text", "its address"),
        Column("outlet", "text", "its outlet"),
        Column("country", "text", "two letters: what it is about"),
        Column("language", "text", "its language"),
        Column("level", "text", "its level now"),
        Column("categories", "list", "its categories"),
        Column("date", "text", "the day it was published, or else first seen"),
        Column("reports", "integer", "reports in the story"),
        Column("status", "text", "the story's status: new, reopened, second, watch, confirmed, false_alarm, duplicate"),
        Column("assignee", "text", "to whom it is assigned"),
        Column("verdict", "text", "the newest decision that was not undone"),
        Column("reason", "text", "why it is a false alarm"),
        Column("reviewer", "text", "who decided"),
        Column("note", "text", "the note of that decision"),
        Column("decided_at", "text", "when (UTC)"),
    ),
)


def create_view(db: ReviewDb) -> None:
    """Create the view on this connection."""
    db.execute(_SQL)
