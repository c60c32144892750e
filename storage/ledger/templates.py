"""Learned templates of outlets: places in their markup that never hold an article's text.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from acca_crawler.items import TemplatePlace
from storage.schema.kinds import ArchiveDb

MAX_HEADLINES = 20_000


@dataclass(frozen=True, slots=True)
class Learned:
    """When a template was learned (UTC), in which run, from how many pages, and what changed in its places."""

    at: str
    run_id: int
    pages: int
    added: int
    gone: int


def places(db: ArchiveDb, outlet: str) -> tuple[TemplatePlace, ...]:
    """Return the places of an outlet's template, by path."""
    rows = db.execute(
        "SELECT path, reason, pages, example FROM template_places WHERE outlet = ? ORDER BY path", [outlet]
    ).fetchall()
    return tuple(TemplatePlace(*row) for row in rows)


def history(db: ArchiveDb, outlet: str) -> list[Learned]:
    """Return each time an outlet's template was learned, the last first."""
    rows = db.execute(
        "SELECT learned_at, run_id, pages, added, gone FROM templates WHERE outlet = ? ORDER BY run_id DESC", [outlet]
    ).fetchall()
    return [Learned(*row) for row in rows]


def save(db: ArchiveDb, outlet: str, run_id: int, found: Sequence[TemplatePlace], pages: int, at: str) -> Learned:
    """Replace an outlet's template, inside the caller's transaction, and return what changed."""
    before = {place.path for place in places(db, outlet)}
    now = {place.path for place in found}
    learned = Learned(at, run_id, pages, len(now - before), len(before - now))
    db.execute("DELETE FROM template_places WHERE outlet = ?", [outlet])
    for place in found:
        db.execute(
            "INSERT INTO template_places (outlet, path, reason, pages, example) VALUES (?, ?, ?, ?, ?)",
            [outlet, place.path, place.reason, place.pages, place.example],
        )
    db.execute(
        "INSERT INTO templates (outlet, run_id, learned_at, pages, added, gone) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (outlet, run_id) DO UPDATE SET learned_at = excluded.learned_at, pages = excluded.pages, "
        "added = excluded.added, gone = excluded.gone",
        [outlet, run_id, at, pages, learned.added, learned.gone],
    )
    return learned


def last_run(db: ArchiveDb, outlet: str) -> int | None:
    """Return the last run with articles of the outlet."""
    row = db.execute(
        "SELECT max(revisions.run_id) FROM articles JOIN revisions ON revisions.id = articles.revision_id "
        "WHERE outlet = ?",
        [outlet],
    ).fetchone()
    return row[0] if row else None


def captures_to_learn_from(db: ArchiveDb, outlet: str, count: int) -> list[int]:
    """Return the captures of the outlet's newest articles that were read without selectors, the newest first."""
    rows = db.execute(
        "SELECT capture_id FROM articles JOIN revisions ON revisions.id = articles.revision_id "
        "JOIN captures ON captures.id = capture_id "
        "WHERE articles.outlet = ? AND extraction_method IN ('generic', 'json-ld', 'trafilatura') "
        "AND captures.kind = 'article' "
        "ORDER BY articles.id DESC LIMIT ?",
        [outlet, count],
    ).fetchall()
    return [row[0] for row in rows]


def read_since(db: ArchiveDb, outlet: str) -> int:
    """Return how many articles were read without selectors in runs after the template was last learned."""
    row = db.execute(
        "SELECT count(*) FROM articles JOIN revisions ON revisions.id = articles.revision_id WHERE articles.outlet = ? "
        "AND extraction_method IN ('generic', 'json-ld', 'trafilatura') "
        "AND revisions.run_id > "
        "coalesce((SELECT max(run_id) FROM templates WHERE templates.outlet = articles.outlet), 0)",
        [outlet],
    ).fetchone()
    return int(row[0])


def headlines(db: ArchiveDb, outlet: str) -> list[str]:
    """Return the headlines of the outlet's articles, at most the newest `MAX_HEADLINES`."""
    rows = db.execute(
        "SELECT title FROM articles JOIN revisions ON revisions.id = articles.revision_id WHERE outlet = ? "
        "ORDER BY articles.id DESC LIMIT ?",
        [outlet, MAX_HEADLINES],
    ).fetchall()
    return [row[0] for row in rows]
