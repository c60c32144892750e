"""What users follow: a person, a place, an agency or a search, and the flagged reports that match.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from storage.exceptions import ReviewError
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

Kind = Literal["person", "prison", "place", "region", "agency", "search"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MAX_KEY = 500
MAX_FOLLOWS = 200
"""Maximum follows of one user: each is matched against every new report."""


@dataclass(frozen=True, slots=True)
class Follow:
    """What a user follows. `key` is a person's name, the index key of a place or agency, or a search's URL query.

    `flag_id` is the newest flag that was matched, -1 before the first time; `reports` counts the matching flagged
    reports, `new_reports` those found since the user began to follow.
    """

    id: int
    user: str
    kind: Kind
    key: str
    label: str
    created_at: str
    flag_id: int
    reports: int = 0
    new_reports: int = 0


_FOLLOW = """
    SELECT id, user, kind, key, label, created_at, flag_id,
           (SELECT count(*) FROM follow_matches WHERE follow_id = follows.id) AS reports,
           (SELECT count(*) FROM follow_matches WHERE follow_id = follows.id AND is_new) AS new_reports
    FROM follows
"""


def add(db: ReviewDb, user: str, kind: str, key: str, label: str, at: str) -> int:
    """Let a user follow something, unless they already do, and return the follow's number. Raises `ReviewError`."""
    key, label = key.strip(), " ".join(label.split()) or key.strip()
    if kind not in KINDS or not key or len(key) > MAX_KEY or len(label) > MAX_KEY:
        raise ReviewError("enter what to follow")
    with transaction(db):
        known = db.execute(
            "SELECT id FROM follows WHERE user = ? AND kind = ? AND key = ?", [user, kind, key]
        ).fetchone()
        if known:
            return cast(int, known[0])
        if db.execute("SELECT count(*) FROM follows WHERE user = ?", [user]).fetchone()[0] >= MAX_FOLLOWS:
            raise ReviewError("you follow too much already: stop following something first")
        cursor = db.execute(
            "INSERT INTO follows (user, kind, key, label, created_at, flag_id) SELECT name, ?, ?, ?, ?, -1 FROM users "
            "WHERE name = ?",
            [kind, key, label, at, user],
        )
        return cast(int, cursor.lastrowid)


def stop(db: ReviewDb, user: str, follow_id: int) -> None:
    """Stop following. Raises `ReviewError` if the user follows nothing with this number."""
    if db.execute("DELETE FROM follows WHERE id = ? AND user = ?", [follow_id, user]).rowcount == 0:
        raise ReviewError("you follow nothing with this number")


def follows(db: ReviewDb, user: str | None = None) -> list[Follow]:
    """Return what a user follows, or everybody, oldest first."""
    where, values = ("WHERE user = ?", [user]) if user is not None else ("", [])
    rows = db.execute(f"{_FOLLOW} {where} ORDER BY id", values).fetchall()
    return [Follow(**dict(row)) for row in rows]


def newest_flag(db: ReviewDb) -> int:
    """Return the number of the archive's newest flag, 0 if there is none."""
    found: int = db.execute("SELECT coalesce(max(id), 0) FROM archive.flags").fetchone()[0]
    return found


def newest_searchable_flag(db: ReviewDb) -> int:
    """Return the number of the newest flag before the first one whose revision waits for the search index."""
    waiting: int | None = db.execute(
        "SELECT min(id) FROM archive.flags WHERE revision_id IN "
        "(SELECT revision_id FROM archive.search_documents WHERE analyser <= 0)"
    ).fetchone()[0]
    return newest_flag(db) if waiting is None else waiting - 1


def save_matches(db: ReviewDb, follow: Follow, article_ids: Iterable[int], up_to_flag: int) -> None:
    """Save the matching reports; those of the first matching are not new."""
    is_new = int(follow.flag_id >= 0)
    with transaction(db):
        for article_id in article_ids:
            db.execute("INSERT OR IGNORE INTO follow_matches VALUES (?, ?, ?)", [follow.id, article_id, is_new])
        db.execute("UPDATE follows SET flag_id = ? WHERE id = ?", [up_to_flag, follow.id])


def labels_of(db: ReviewDb, user: str, story_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return, for each of these stories of the queue, what the user follows in it."""
    marks = ", ".join("?" * len(story_ids))
    rows = db.execute(
        "SELECT DISTINCT story_id, label FROM queue_articles JOIN follow_matches USING (article_id) "
        f"JOIN follows ON follows.id = follow_id WHERE user = ? AND story_id IN ({marks}) ORDER BY label",
        [user, *story_ids],
    )
    found: dict[int, list[str]] = {}
    for row in rows.fetchall():
        found.setdefault(row["story_id"], []).append(row["label"])
    return {story_id: tuple(labels) for story_id, labels in found.items()}


def matching(db: ReviewDb, article_ids: Collection[int]) -> list[tuple[Follow, int]]:
    """Return what anybody follows that these reports match, with how many of them do."""
    marks = ", ".join("?" * len(article_ids))
    rows = db.execute(
        f"SELECT follow_id, count(*) AS n FROM follow_matches WHERE article_id IN ({marks}) GROUP BY follow_id",
        list(article_ids),
    )
    counts = {row["follow_id"]: row["n"] for row in rows.fetchall()}
    return [(follow, counts[follow.id]) for follow in follows(db) if follow.id in counts]
