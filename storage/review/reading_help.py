"""Help with stories in another language: a member's title in the reader's language, and glosses of title words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.review.queue import QueueItem
from storage.schema.kinds import ReviewDb


@dataclass(frozen=True, slots=True)
class MemberTitle:
    """The title of a story's member in the reviewer's language, and the outlet that published it."""

    title: str
    outlet: str


def titles_in(db: ReviewDb, items: Sequence[QueueItem], language: str) -> dict[int, MemberTitle]:
    """For stories whose main report is in another language, return the earliest member's title in this one, by
    story."""
    wanted = [item.story_id for item in items if item.members > 1 and item.language != language]
    found: dict[int, MemberTitle] = {}
    for row in db.execute(
        "SELECT story_id, title, outlet FROM archive.story_members "
        "JOIN archive.articles ON articles.id = story_members.article_id "
        "JOIN archive.revisions ON revisions.id = articles.revision_id "
        f"WHERE story_id IN ({', '.join('?' * len(wanted))}) AND revisions.language = ? AND title != '' "
        "ORDER BY story_id, articles.id",
        [*wanted, language],
    ).fetchall():
        found.setdefault(row["story_id"], MemberTitle(row["title"], row["outlet"]))
    return found


def title_glosses(db: ReviewDb, flag_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the English glosses of the terms in each flag's title, in title order, deduplicated."""
    marks = ", ".join("?" * len(flag_ids))
    found: dict[int, dict[str, None]] = {flag_id: {} for flag_id in flag_ids}
    for row in db.execute(
        "SELECT flag_id, gloss FROM archive.flag_spans WHERE field = 'title' AND side = 'for' AND gloss != '' "
        f"AND flag_id IN ({marks}) "
        "ORDER BY flag_id, start",
        list(flag_ids),
    ):
        found[row["flag_id"]][row["gloss"]] = None
    return {flag_id: tuple(glosses) for flag_id, glosses in found.items()}
