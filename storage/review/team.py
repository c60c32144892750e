"""What a lead looks at: who has what, what waits longest, where people disagree, and which rules raise false alarms.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from dataclasses import dataclass

from acca_crawler.items import FalseAlarmReason, ReviewStatus
from storage.schema.kinds import ReviewDb


@dataclass(frozen=True, slots=True)
class Workload:
    """A reviewer's stories: assigned and open, assigned and on watch; decisions since a time, and the newest one."""

    name: str
    role: str
    open: int
    on_watch: int
    decided: int
    last_at: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open story: its main report, and for how long (`raised_at`, UTC) it has waited for whom."""

    article_id: int
    title: str
    language: str
    country: str
    status: ReviewStatus
    assignee: str | None
    asked_by: str
    raised_at: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A story about which two people decided differently: one confirmed it, the other called it a false alarm.

    `is_overruled` means that one of the two undid the other's decision.
    """

    article_id: int
    title: str
    language: str
    one: str
    other: str
    at: str
    is_overruled: bool


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """How the alerts that a term supported were decided: confirmed, and false alarms by reason, most frequent first."""

    rule: str
    confirmed: int
    reasons: tuple[tuple[FalseAlarmReason, int], ...]

    @property
    def false_alarms(self) -> int:
        """The number of false alarms."""
        return sum(count for _, count in self.reasons)


def workloads(db: ReviewDb, since: str) -> list[Workload]:
    """Return the workload of everyone who may review; decisions are counted since a time (UTC)."""
    rows = db.execute(
        "SELECT name, role, "
        "(SELECT count(*) FROM queue WHERE assignee = users.name AND open = 1) AS open, "
        "(SELECT count(*) FROM queue WHERE assignee = users.name AND status = 'watch') AS on_watch, "
        "(SELECT count(*) FROM reviews WHERE reviewer = users.name AND created_at >= ? AND verdict IN "
        "('confirm', 'false_alarm', 'duplicate_of', 'watch', 'second_pair', 'reopen')) AS decided, "
        "(SELECT created_at FROM reviews WHERE reviewer = users.name ORDER BY id DESC LIMIT 1) AS last_at "
        "FROM users WHERE role != 'reader' AND disabled_at IS NULL ORDER BY name",
        [since],
    )
    return [Workload(*row) for row in rows.fetchall()]


def longest_waiting(db: ReviewDb, limit: int, status: ReviewStatus | None = None) -> list[Waiting]:
    """Return the open stories that have waited longest, of one status if given."""
    where, values = ("status = ?", [status]) if status else ("open = 1", [])
    rows = db.execute(
        "SELECT queue.article_id, title, coalesce(language, '') AS language, country, status, assignee, asked_by, "
        f"raised_at FROM (SELECT * FROM queue WHERE {where} ORDER BY raised_at LIMIT ?) AS queue "
        "JOIN archive.articles ON articles.id = queue.article_id "
        "JOIN archive.revisions ON revisions.id = articles.revision_id ORDER BY raised_at, story_id",
        [*values, limit],
    )
    return [Waiting(*row) for row in rows.fetchall()]


_APART = """
    WITH said AS (
        SELECT reviews.id, coalesce(story_members.story_id, reviews.article_id) AS story_id, article_id, verdict,
               reviewer, created_at,
               (SELECT reviewer FROM reviews AS later WHERE later.undoes = reviews.id) AS undone_by
        FROM reviews LEFT JOIN archive.story_members USING (article_id)
        WHERE verdict IN ('confirm', 'false_alarm') AND created_at >= ?
    )
    SELECT one.article_id AS article_id, one.reviewer AS one, other.reviewer AS other,
           max(max(one.created_at, other.created_at)) AS at, 0 AS is_overruled
    FROM said AS one JOIN said AS other USING (story_id)
    WHERE one.verdict = 'confirm' AND other.verdict = 'false_alarm' AND one.reviewer != other.reviewer
      AND one.undone_by IS NULL AND other.undone_by IS NULL
    GROUP BY story_id, one.reviewer, other.reviewer
    UNION ALL
    SELECT article_id, reviewer, undone_by, created_at, 1 FROM said WHERE undone_by != reviewer
"""


def disagreements(db: ReviewDb, since: str, limit: int) -> list[Disagreement]:
    """Return the stories decided since a time (UTC) on which people disagree, the newest first."""
    rows = db.execute(
        "SELECT apart.article_id, title, coalesce(language, '') AS language, one, other, at, is_overruled "
        f"FROM ({_APART}) AS apart JOIN archive.articles ON articles.id = apart.article_id "
        "JOIN archive.revisions ON revisions.id = articles.revision_id ORDER BY at DESC, apart.article_id LIMIT ?",
        [since, limit],
    )
    return [Disagreement(**{**dict(row), "is_overruled": bool(row["is_overruled"])}) for row in rows.fetchall()]


def false_alarms_by_rule(db: ReviewDb, since: str, limit: int) -> list[RuleFigures]:
    """Return the terms with the most false alarms among the stories decided since a time (UTC), with the reasons."""
    rows = db.execute(
        """
        WITH decided AS (
            SELECT queue.story_id, queue.article_id, status, (
                SELECT reason FROM reviews WHERE verdict = 'false_alarm' AND reviews.article_id IN (
                    SELECT article_id FROM queue_articles WHERE queue_articles.story_id = queue.story_id
                ) AND NOT EXISTS (SELECT 1 FROM reviews AS undo WHERE undo.undoes = reviews.id)
                ORDER BY reviews.id DESC LIMIT 1
            ) AS reason
            FROM queue WHERE status IN ('confirmed', 'false_alarm') AND decided_at >= ?
        ), supported AS (
            SELECT DISTINCT decided.story_id, status, reason, rule FROM decided
            JOIN archive.articles ON articles.id = decided.article_id
            JOIN archive.flags ON flags.revision_id = articles.revision_id AND current = 1
            JOIN archive.flag_spans ON flag_id = flags.id AND side = 'for'
        )
        SELECT rule, status, coalesce(reason, 'other') AS reason, count(*) AS stories FROM supported GROUP BY 1, 2, 3
        """,
        [since],
    ).fetchall()
    confirmed: dict[str, int] = {}
    reasons: dict[str, dict[FalseAlarmReason, int]] = {}
    for row in rows:
        if row["status"] == "confirmed":
            confirmed[row["rule"]] = confirmed.get(row["rule"], 0) + row["stories"]
        else:
            reasons.setdefault(row["rule"], {})[row["reason"]] = row["stories"]
    found = [
        RuleFigures(rule, confirmed.get(rule, 0), tuple(sorted(by.items(), key=lambda entry: (-entry[1], entry[0]))))
        for rule, by in reasons.items()
    ]
    return sorted(found, key=lambda one: (-one.false_alarms, one.confirmed, one.rule))[:limit]
