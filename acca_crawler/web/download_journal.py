"""Notes downloads of evidence and exports in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from storage.review import journal
from storage.review.journal import Action
from storage.review.users import User
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb


def note(db: ReviewDb, user: User, action: Action, subject: Mapping[str, object], body: bytes, at: str) -> None:
    """Add an entry for a file that a signed-in user downloads; `at` is a UTC stamp."""
    with transaction(db):
        journal.append(db, action, user.name, subject, hashlib.sha256(body).hexdigest(), at)
