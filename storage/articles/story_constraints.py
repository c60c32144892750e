"""What people's corrections demand of stories: pairs of articles that must never, or must always, share one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from storage.schema.kinds import ArchiveDb

Pair = tuple[int, int]
"""Two article ids, the smaller first."""


def pair(one: int, other: int) -> Pair:
    """Return the pair of two articles."""
    return (one, other) if one < other else (other, one)


def constraints(db: ArchiveDb) -> dict[Pair, bool]:
    """Return every constraint: True if the pair must share a story, False if it never may."""
    rows = db.execute("SELECT article_id, other_id, together FROM story_constraints WHERE article_id < other_id")
    return {(row[0], row[1]): bool(row[2]) for row in rows.fetchall()}


def replace_constraints(db: ArchiveDb, wanted: Mapping[Pair, bool]) -> None:
    """Make these the only constraints, inside the caller's transaction; writes the differences only."""
    held = constraints(db)
    for one, other in held.keys() - wanted.keys():
        db.execute(
            "DELETE FROM story_constraints WHERE (article_id, other_id) IN (VALUES (?, ?), (?, ?))",
            [one, other, other, one],
        )
    for (one, other), together in wanted.items():
        if held.get((one, other)) is not together:
            db.execute(
                "INSERT OR REPLACE INTO story_constraints (article_id, other_id, together) VALUES (?, ?, ?), (?, ?, ?)",
                [one, other, together, other, one, together],
            )


def admitted(db: ArchiveDb, ranked: Sequence[int], article_id: int | None) -> list[int]:
    """Return the stories, of those `ranked` from the likeliest, that an article may join and thereby merge.

    `article_id` is None for an article that is not stored yet. Its own story comes first, then those of the articles it
    must be with; a story is left out if that would bring together two articles that people keep apart.
    """
    if db.execute("SELECT 1 FROM story_constraints LIMIT 1").fetchone() is None:
        return list(ranked)
    own = _stories(db, "SELECT ?", article_id) if article_id is not None else []
    partners = "SELECT other_id FROM story_constraints WHERE article_id = ? AND together = 1"
    demanded = _stories(db, partners, article_id) if article_id is not None else []
    kept: list[int] = []
    for number in dict.fromkeys((*own, *demanded, *ranked)):
        if number in own or not _kept_apart(db, article_id, kept, number):
            kept.append(number)
    return [number for number in kept if number in ranked or number in demanded]


def _stories(db: ArchiveDb, articles: str, article_id: int | None) -> list[int]:
    sql = f"SELECT DISTINCT story_id FROM story_members WHERE article_id IN ({articles}) ORDER BY 1"
    return [row[0] for row in db.execute(sql, [article_id]).fetchall()]


def _kept_apart(db: ArchiveDb, article_id: int | None, stories: Collection[int], number: int) -> bool:
    """Return whether a story has a member that may not be with the article or with a member of these stories."""
    marks = ", ".join("?" * len(stories))
    row = db.execute(
        "SELECT 1 FROM story_members AS one CROSS JOIN story_constraints USING (article_id) "
        "LEFT JOIN story_members AS other ON other.article_id = other_id "
        f"WHERE one.story_id = ? AND together = 0 AND (other_id = ? OR other.story_id IN ({marks})) LIMIT 1",
        [number, article_id, *stories],
    ).fetchone()
    return row is not None


def separable(db: ArchiveDb, articles: Iterable[int]) -> dict[int, set[int]]:
    """Return, for each story of these articles, those of them that are in it."""
    found: dict[int, set[int]] = {}
    for article_id in articles:
        for number in _stories(db, "SELECT ?", article_id):
            found.setdefault(number, set()).add(article_id)
    return found
