"""Keeps the queue in sync with the archive: rebuilds the rows of changed stories."""

from __future__ import annotations

from storage.review.reviews import update_standing
from storage.schema.country import COUNTRY
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

_TEMPORARY = """
    CREATE TEMP TABLE IF NOT EXISTS changed (story_id INTEGER PRIMARY KEY);
    CREATE TEMP TABLE IF NOT EXISTS member (article_id INTEGER PRIMARY KEY, story_id INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS temp.member_story ON member(story_id);
"""
_STORY = "coalesce(story_members.story_id, {0}.article_id)"
_CHANGED = (
    f"SELECT {_STORY.format('alerts')} FROM archive.alerts LEFT JOIN archive.story_members USING (article_id) "
    "WHERE alerts.id > :alert_id",
    # A new revision, or a new reading of one: relevant only if the story is in the queue.
    f"SELECT {_STORY.format('revisions')} AS found FROM archive.flags "
    "JOIN archive.revisions ON revisions.id = flags.revision_id "
    "LEFT JOIN archive.story_members ON story_members.article_id = revisions.article_id "
    "WHERE flags.id > :flag_id AND found IN (SELECT story_id FROM main.queue)",
    "SELECT story_members.story_id FROM archive.story_moves JOIN archive.story_members USING (article_id) "
    "WHERE story_moves.id > :move_id",
)
_MEMBERS = (
    "INSERT INTO member SELECT article_id, story_id FROM changed JOIN archive.story_members USING (story_id)",
    "INSERT OR IGNORE INTO member SELECT story_id, story_id FROM changed",  # an article without a story yet
)
_FORMER = """
    SELECT queue_articles.story_id FROM member JOIN main.queue_articles USING (article_id)
    WHERE queue_articles.story_id != member.story_id
"""
"""Rows of stories that were merged under another number."""
_CLEAR = tuple(
    f"DELETE FROM main.{table} WHERE story_id IN (SELECT story_id FROM changed UNION {_FORMER})"
    for table in ("queue", "queue_values", "queue_articles")
)
_ARTICLES = """
    INSERT INTO main.queue_articles (article_id, story_id, alert_id, revision_id)
    SELECT member.article_id, story_id, max(alerts.id), articles.revision_id
    FROM member JOIN archive.alerts USING (article_id) JOIN archive.articles ON articles.id = member.article_id
    GROUP BY member.article_id
"""
_ROWS = f"""
    INSERT INTO main.queue (story_id, article_id, news_article_id, first_alert_id, alert_id, alerts, kind, revision_id,
                            members, outlets, languages, country, level, score, day, raised_at)
    SELECT raised.story_id, lead.article_id, newest.article_id, lead.id, newest.id, raised.alerts, newest.kind,
           held.revision_id, spread.members, spread.outlets, spread.languages,
           coalesce({COUNTRY}, ''),
           held.level, held.score, held.day, newest.created_at
    FROM (
        SELECT story_id, min(alerts.id) AS first_id, max(alerts.id) AS last_id, count(*) AS alerts
        FROM member JOIN archive.alerts USING (article_id) GROUP BY story_id
    ) AS raised
    JOIN (
        SELECT story_id, max(queue_articles.revision_id) AS revision_id, coalesce(max(score), 0) AS score,
               coalesce(min(level), 'ignore') AS level,
               max(substr(coalesce(published_at, first_seen_at), 1, 10)) AS day
        FROM main.queue_articles JOIN archive.articles ON articles.id = queue_articles.article_id
        JOIN archive.revisions ON revisions.id = queue_articles.revision_id
        LEFT JOIN archive.flags ON flags.revision_id = revisions.id AND flags.current = 1
        WHERE story_id IN (SELECT story_id FROM changed) GROUP BY story_id
    ) AS held USING (story_id)
    JOIN (
        SELECT story_id, count(*) AS members, count(DISTINCT outlet) AS outlets, count(DISTINCT language) AS languages
        FROM member JOIN archive.articles ON articles.id = member.article_id
        JOIN archive.revisions ON revisions.id = articles.revision_id GROUP BY story_id
    ) AS spread USING (story_id)
    JOIN archive.alerts AS lead ON lead.id = raised.first_id
    JOIN archive.alerts AS newest ON newest.id = raised.last_id
    JOIN archive.articles ON articles.id = lead.article_id
    JOIN archive.outlets ON outlets.name = articles.outlet
    LEFT JOIN archive.flags ON flags.revision_id = articles.revision_id AND flags.current = 1
"""
"""The levels' names happen to sort from the highest to the lowest."""
_VALUES = (
    "INSERT OR IGNORE INTO main.queue_values SELECT story_id, 'outlet', outlet "
    "FROM member JOIN main.queue USING (story_id) JOIN archive.articles ON articles.id = member.article_id",
    "INSERT OR IGNORE INTO main.queue_values SELECT story_id, 'language', coalesce(language, '') "
    "FROM member JOIN main.queue USING (story_id) JOIN archive.articles ON articles.id = member.article_id "
    "JOIN archive.revisions ON revisions.id = articles.revision_id",
    "INSERT OR IGNORE INTO main.queue_values SELECT story_id, 'category', value "
    "FROM changed JOIN main.queue_articles USING (story_id) "
    "JOIN archive.flags ON flags.revision_id = queue_articles.revision_id AND flags.current = 1, "
    "json_each(flags.categories)",
)
_SEEN = """
    UPDATE main.queue_state SET alert_id = coalesce((SELECT max(id) FROM archive.alerts), 0),
                                flag_id = coalesce((SELECT max(id) FROM archive.flags), 0),
                                move_id = coalesce((SELECT max(id) FROM archive.story_moves), 0)
"""
_BEHIND = """
    SELECT alert_id < (SELECT coalesce(max(id), 0) FROM archive.alerts)
        OR flag_id < (SELECT coalesce(max(id), 0) FROM archive.flags)
        OR move_id < (SELECT coalesce(max(id), 0) FROM archive.story_moves) FROM main.queue_state
"""


def refresh(db: ReviewDb, second_reviewer: bool = False) -> int:
    """Update the queue with the archive's changes: alerts, new revisions and readings, merged stories.

    Returns how many stories were rebuilt. A decided story is reopened if an article that raised an alert was revised,
    raised another one, or joined it; a mere copy only changes its counts.
    """
    if not db.execute(_BEHIND).fetchone()[0]:
        return 0
    with transaction(db):
        for statement in _TEMPORARY.split(";"):
            db.execute(statement)
        seen = dict(db.execute("SELECT * FROM main.queue_state").fetchone())
        for found in _CHANGED if seen["alert_id"] else _CHANGED[:1]:  # on the first refresh the alerts alone are enough
            db.execute(f"INSERT OR IGNORE INTO changed {found}", seen)
        for statement in (*_MEMBERS, *_CLEAR, _ARTICLES, _ROWS, *_VALUES):
            db.execute(statement)
        decided = "SELECT DISTINCT story_id FROM member JOIN main.reviews USING (article_id)"
        for row in db.execute(decided).fetchall():
            update_standing(db, row["story_id"], second_reviewer)
        db.execute(_SEEN)
        touched: int = db.execute("SELECT count(*) FROM changed").fetchone()[0]
        db.execute("DELETE FROM changed")
        db.execute("DELETE FROM member")
    return touched
