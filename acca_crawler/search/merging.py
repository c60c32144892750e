"""Puts the pieces of the full-text index together when there are many: each search looks into every piece.

The work is done in small steps that may end anywhere; the next call goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from storage.articles import search as index
from storage.schema.kinds import ArchiveDb

MergeOutcome = Literal["few pieces", "merged", "in part"]

MAX_PIECES = 12
"""Pieces from which on they are put together: SQLite alone leaves up to twenty, and a search over twenty takes a third
longer than over nine."""


def is_in_many_pieces(db: ArchiveDb) -> bool:
    """Return whether putting the index together pays."""
    return index.pieces(db) >= MAX_PIECES


def merge_when_many(db: ArchiveDb, may_go_on: Callable[[], bool]) -> MergeOutcome:
    """Put pieces of like size together if there are many, and all into one if many are left.

    The first costs little and mostly is enough; what an earlier call began is finished by it, too. `may_go_on` is asked
    before each step of some 70 ms. The caller has the writer's lock.
    """
    if not is_in_many_pieces(db):
        return "few pieces"
    if _finish(db, may_go_on) and is_in_many_pieces(db):
        index.begin_merge(db)
    return "merged" if _finish(db, may_go_on) else "in part"


def _finish(db: ArchiveDb, may_go_on: Callable[[], bool]) -> bool:
    """Merge what was begun, and return whether it is done."""
    while may_go_on():
        if not index.merge_further(db):
            return True
    return False
