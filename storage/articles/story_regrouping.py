"""Moving articles between stories: taking members out, and joining two stories into one."""

from __future__ import annotations

from collections.abc import Collection

from storage.schema.kinds import ArchiveDb


def separate(db: ArchiveDb, story_id: int, moved: Collection[int]) -> tuple[int, int]:
    """Make a new story of some members of a story, inside the caller's transaction.

    Returns the numbers of the rest and of the new story; each is its smallest article id, as for every story. The
    first reporters are to be settled by the caller. Raises `ValueError` unless both parts have members.
    """
    rows = db.execute("SELECT article_id FROM story_members WHERE story_id = ?", [story_id])
    members = {row[0] for row in rows.fetchall()}
    rest, taken = members - set(moved), members & set(moved)
    if not rest or not taken:
        raise ValueError(f"story {story_id} can't be divided: {len(rest)} and {len(taken)} members")
    for part in (rest, taken):
        if min(part) != story_id:
            db.execute("INSERT INTO stories (id, first_article_id) VALUES (?, ?)", [min(part), min(part)])
            marks = ", ".join("?" * len(part))
            db.execute(f"UPDATE story_members SET story_id = ? WHERE article_id IN ({marks})", [min(part), *part])
    # The part that keeps its number has other members now, which nothing else records.
    db.conn.executemany("INSERT INTO story_moves (article_id) VALUES (?)", [[min(rest)], [min(taken)]])
    return min(rest), min(taken)


def unite(db: ArchiveDb, one: int, other: int) -> int:
    """Merge two stories under the smaller number, inside the caller's transaction, and return it."""
    kept, merged = sorted((one, other))
    if kept != merged:
        db.execute("UPDATE story_members SET story_id = ? WHERE story_id = ?", [kept, merged])
        db.execute("DELETE FROM stories WHERE id = ?", [merged])
    return kept


def unraised(db: ArchiveDb, story_id: int) -> tuple[int, int, int] | None:
    """Return the earliest member at level alert (article, revision, flag) of a story without an alert of kind new."""
    raised = db.execute(
        "SELECT 1 FROM story_members JOIN alerts USING (article_id) WHERE story_id = ? AND kind = 'new' LIMIT 1",
        [story_id],
    ).fetchone()
    row = db.execute(
        "SELECT articles.id, articles.revision_id, flags.id FROM story_members "
        "JOIN articles ON articles.id = story_members.article_id "
        "JOIN flags ON flags.revision_id = articles.revision_id AND current = 1 AND level = 'alert' "
        "WHERE story_id = ? ORDER BY first_seen_at, articles.id LIMIT 1",
        [story_id],
    ).fetchone()
    return None if raised or row is None else (row[0], row[1], row[2])
