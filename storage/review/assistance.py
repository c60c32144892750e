"""What outside services were asked about reports, and what they answered: machine translations and second opinions.

They are opinions of machines: nothing in the queue, the alerts or the archive reads them.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from storage.exceptions import ReviewError
from storage.schema.database import transaction
from storage.schema.kinds import ReviewDb

Kind = Literal["translation", "opinion"]
Outcome = Literal["asked", "answered", "void", "failed"]
"""asked: no answer yet, or the program was ended meanwhile; void: an answer that can't be relied on."""


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A request to a service. `language` is the one translated into, empty for opinions; `reason` says why it failed.

    `model` answered; `prompt_sha256` identifies the prompt apart from the report, empty if there was none.
    """

    id: int
    kind: Kind
    revision_id: int
    language: str
    service: str
    model: str
    prompt_sha256: str
    outcome: Outcome
    reason: str
    asked_by: str
    asked_at: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A cached translation; `lost` are names that the service left out, `is_cut` says that the text was too long."""

    request: ServiceRequest
    title: str
    paragraphs: tuple[str, ...]
    lost: tuple[str, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """A second opinion; everything but `request` is empty unless the outcome is `answered`."""

    request: ServiceRequest
    level: str = ""
    who: str = ""
    where: str = ""
    by_whom: str = ""
    sentence: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many requests of a kind ended in an outcome."""

    kind: Kind
    outcome: Outcome
    requests: int


_REQUEST = """
    SELECT id, kind, revision_id, language, service, model, prompt_sha256, outcome, reason, asked_by, asked_at, answer
    FROM assistance
"""


def begin(
    db: ReviewDb, kind: Kind, revision_id: int, language: str, service: str, model: str, prompt_sha256: str,
    asked_by: str, at: str, per_day: int | None = None,
) -> int:  # fmt: skip
    """Record a request before it is sent, so that a burst can't outrun the budget; returns its number.

    Raises `ReviewError` if `per_day` requests of the kind were sent on the day of `at` (UTC).
    """
    with transaction(db):
        if per_day is not None and sent_on(db, kind, at[:10]) >= per_day:
            raise ReviewError("the day's budget of {n} second opinions is used up", n=per_day)
        cursor = db.execute(
            "INSERT INTO assistance (kind, revision_id, language, service, model, prompt_sha256, outcome, asked_by, "
            "asked_at) VALUES (?, ?, ?, ?, ?, ?, 'asked', ?, ?)",
            [kind, revision_id, language, service, model, prompt_sha256, asked_by, at],
        )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish(
    db: ReviewDb, number: int, outcome: Outcome, at: str, reason: str = "", model: str = "",
    answer: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Record how a request ended; `answer` has the fields of `Translation` or `Opinion`."""
    db.execute(
        "UPDATE assistance SET outcome = ?, reason = ?, model = coalesce(nullif(?, ''), model), answer = ?, "
        "answered_at = ? WHERE id = ?",
        [outcome, reason, model, json.dumps(answer, ensure_ascii=False) if answer else None, at, number],
    )


def sent_on(db: ReviewDb, kind: Kind, day: str) -> int:
    """Return how many requests of a kind were sent on a day (UTC)."""
    row = db.execute("SELECT count(*) FROM assistance WHERE kind = ? AND substr(asked_at, 1, 10) = ?", [kind, day])
    found: int = row.fetchone()[0]
    return found


def translation_of(db: ReviewDb, revision_id: int, language: str) -> Translation | None:
    """Return the newest translation of a revision into a language, or None."""
    row = db.execute(
        f"{_REQUEST} WHERE kind = 'translation' AND revision_id = ? AND language = ? AND outcome = 'answered' "
        "ORDER BY id DESC LIMIT 1",
        [revision_id, language],
    ).fetchone()
    if row is None:
        return None
    answer = json.loads(row["answer"])
    return Translation(
        _request(row), answer["title"], tuple(answer["paragraphs"]), tuple(answer["lost"]), answer["is_cut"]
    )


def translated_titles(db: ReviewDb, article_ids: Sequence[int], language: str) -> dict[int, str]:
    """Return the titles of reports whose current version was translated into a language, by report."""
    rows = db.execute(
        "SELECT articles.id, answer ->> 'title' AS title FROM archive.articles "
        "JOIN assistance ON assistance.revision_id = articles.revision_id "
        f"WHERE articles.id IN ({', '.join('?' * len(article_ids))}) AND kind = 'translation' "
        "AND assistance.language = ? AND outcome = 'answered' ORDER BY assistance.id",
        [*article_ids, language],
    )
    return {row["id"]: row["title"] for row in rows.fetchall()}


def opinions_of(db: ReviewDb, revision_id: int) -> list[Opinion]:
    """Return the requests for an opinion about a revision, newest first, void and failed ones included."""
    rows = db.execute(f"{_REQUEST} WHERE kind = 'opinion' AND revision_id = ? ORDER BY id DESC", [revision_id])
    return [_opinion(row) for row in rows.fetchall()]


def counts(db: ReviewDb, since: str) -> list[OutcomeCount]:
    """Count the requests since a time (UTC) by kind and outcome."""
    rows = db.execute(
        "SELECT kind, outcome, count(*) FROM assistance WHERE asked_at >= ? GROUP BY 1, 2 ORDER BY 1 DESC, 2", [since]
    )
    return [OutcomeCount(*row) for row in rows.fetchall()]


def _opinion(row: Any) -> Opinion:
    if row["outcome"] != "answered":
        return Opinion(_request(row))
    answer = json.loads(row["answer"])
    return Opinion(_request(row), **{**answer, "quotes": tuple(answer["quotes"])})


def _request(row: Any) -> ServiceRequest:
    return ServiceRequest(**{name: row[name] for name in row.keys() if name != "answer"})  # noqa: SIM118 - a row of SQLite
