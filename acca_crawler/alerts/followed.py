"""What somebody follows among the reports of a digest."""

from __future__ import annotations

from collections.abc import Sequence

from acca_crawler.cases import following
from acca_crawler.i18n.labels import FOLLOWED
from acca_crawler.i18n.regions import REGIONS
from storage.review import follows
from storage.schema.kinds import ReviewDb

PERSONAL = ("person", "search")
"""Kinds whose label may hold a name."""


def followed_in(db: ReviewDb | None, article_ids: Sequence[int], *, names: bool) -> tuple[tuple[str, int], ...]:
    """Return the labels (in English, for translation) that these reports match, each with the number of reports.

    Without `names`, a person's name and a search's words are replaced by the kind.
    """
    if db is None or not follows.follows(db):
        return ()
    following.refresh(db)
    found: dict[str, int] = {}
    for follow, count in follows.matching(db, article_ids):
        label = REGIONS.get(follow.label, follow.label)
        if follow.kind in PERSONAL and not names:
            label = FOLLOWED[follow.kind]
        found[label] = max(found.get(label, 0), count)
    return tuple(sorted(found.items()))
