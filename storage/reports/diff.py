"""Reading the archive for people: what is new, the state of the outlets, and looking up an article.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from acca_crawler.items import ChangeKind
from storage.articles.flags import deciding_words
from storage.articles.stories import Member, Story, story_of
from storage.exceptions import NoSuchRun
from storage.ledger.addresses import MAX_TRIES
from storage.reports.health import complaints
from storage.schema.country import COUNTRY
from storage.schema.kinds import ArchiveDb
from storage.schema.numbers import typed_number

DiffKind = Literal["new", "found", "update", "edited", "gone", "copy"]
"""`found`: already stored, but flagged only by reprocessing; `update`: a known report was retold with something new;
`copy`: it was retold without."""


@dataclass(frozen=True, slots=True)
class DiffEntry:
    """One line of `acca diff`. `date` is the date of publication, or None; `words` are the deciding words.

    A story has one line, its first reporter's; `also` are the members that joined it since. `relation` is the article's
    relation to its story's first reporter (`first` for that one), None if it has no story yet. `change` is how an
    edited report's last revision differs from the previous one.
    """

    kind: DiffKind
    level: str
    country: str | None
    outlet: str
    outlet_kind: str
    article_id: int
    date: str | None
    first_seen_at: str
    title: str
    url: str
    language: str | None
    categories: tuple[str, ...]
    words: tuple[str, ...]
    note: str
    change: ChangeKind | None = None
    story_id: int | None = None
    relation: str | None = None
    also: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """Changes in the runs after `after_run`: flagged reports as entries, everything else as counts."""

    after_run: int
    runs: int
    entries: tuple[DiffEntry, ...]
    unflagged: dict[DiffKind, int]


def runs_after(db: ArchiveDb, since: str) -> int:
    """Return the last run before the period that `since` names: `last`, a run's number, a date or a time (UTC).

    `last` is the last crawl, together with killed crawls right before it, whose results were never shown. `0` comes
    before all of them. Raises `NoSuchRun`.
    """
    if since == "last":
        finished = db.execute(
            "SELECT id FROM runs WHERE kind != 'reprocess' AND json_extract(arguments, '$.census') IS NULL "
            "AND status IN ('ok', 'failed') ORDER BY id DESC LIMIT 2"
        ).fetchall()
        return finished[1][0] if len(finished) > 1 else 0
    if since.isdecimal() and len(since) < 8:
        if int(since) and db.execute("SELECT 1 FROM runs WHERE id = ?", [int(since)]).fetchone() is None:
            raise NoSuchRun(f"there is no run {since}")
        return int(since)
    if len(since) < 10 or since[4:5] != "-":
        raise NoSuchRun(f"{since!r} is neither 'last' nor a run's number nor a date such as 2026-11-22")
    return int(db.execute("SELECT coalesce(max(id), 0) FROM runs WHERE started_at < ?", [since]).fetchone()[0])


_ENTRY = f"""
    SELECT articles.id AS article_id, articles.outlet, outlets.kind AS outlet_kind, articles.url,
           articles.first_seen_at,
           substr(revisions.published_at, 1, 10) AS date, revisions.title, revisions.language,
           revisions.number, revisions.change, flags.id AS flag_id, flags.level, {COUNTRY} AS country, flags.categories,
           articles.first_run_id, articles.missing_tries, articles.missing_since, articles.removed_at,
           story_id, relation
    FROM articles
    JOIN outlets ON outlets.name = articles.outlet
    JOIN revisions ON revisions.id = articles.revision_id AND revisions.article_id = articles.id
    JOIN flags ON flags.revision_id = revisions.id AND flags.current = 1
    LEFT JOIN story_members ON story_members.article_id = articles.id
"""
_ORDER: dict[DiffKind, int] = {"new": 0, "found": 1, "update": 2, "edited": 3, "gone": 4, "copy": 5}

_NEW = _ENTRY + "WHERE articles.first_run_id > ?"
# The plus, here and below, keeps the query planner from the second condition's index: nearly all articles are older.
_EDITED = (
    _ENTRY + "WHERE articles.id IN (SELECT article_id FROM revisions INDEXED BY revisions_run WHERE run_id > ?) "
    "AND revisions.run_id > ? AND +articles.first_run_id <= ? AND revisions.number > 1 "
    "AND revisions.change != 'earlier'"
)
"""Looks up the runs' revisions first: by its statistics, SQLite may read the flags of all articles instead."""
_FOUND = (
    _ENTRY + "WHERE flags.id IN (SELECT id FROM flags INDEXED BY flags_run "
    " WHERE run_id IN (SELECT id FROM runs WHERE id > ? AND kind = 'reprocess')) "
    "AND +articles.first_run_id <= ? AND flags.level != 'ignore' AND NOT EXISTS "
    "(SELECT 1 FROM flags AS earlier JOIN revisions AS held ON held.id = earlier.revision_id "
    " WHERE held.article_id = articles.id AND earlier.run_id <= ? AND earlier.level IN ('alert', flags.level))"
)
_GONE = (
    _ENTRY + "WHERE articles.missing_since IS NOT NULL AND articles.id IN "
    "(SELECT article_id FROM visits WHERE outcome = 'gone' AND run_id > ?)"
)


def diff(db: ArchiveDb, after_run: int) -> Diff:
    """Return what is new, edited and gone in the runs after `after_run`: in that order, by country, newest first."""
    found: list[DiffEntry] = []
    unflagged: dict[DiffKind, int] = {"new": 0, "edited": 0, "gone": 0}
    selections: tuple[tuple[DiffKind, str, list[int]], ...] = (
        ("new", _NEW, [after_run]),
        ("edited", _EDITED, [after_run] * 3),
        ("gone", _GONE, [after_run]),
    )
    for kind, sql, arguments in selections:
        for row in db.execute(sql, arguments).fetchall():
            was = _level_before(db, row["article_id"], row["number"]) if kind == "edited" else None
            if row["level"] == "ignore" and was in (None, "ignore"):
                unflagged[kind] += 1
                continue
            found.append(_entry(db, kind, row, was))
    flagged_later = db.execute(_FOUND, [after_run] * 3).fetchall()
    names = {row["article_id"] for row in flagged_later}
    found = [entry for entry in _one_a_story(db, found, after_run) if entry.article_id not in names]
    found += _found_lines(_entry(db, "found", row, None) for row in flagged_later)
    found.sort(key=lambda entry: entry.date or entry.first_seen_at, reverse=True)
    found.sort(key=lambda entry: (entry.level != "alert", _ORDER[entry.kind], entry.country or "~"))
    runs = db.execute("SELECT count(*) FROM runs WHERE id > ?", [after_run]).fetchone()[0]
    return Diff(after_run, runs, tuple(found), unflagged)


def _found_lines(entries: Iterable[DiffEntry]) -> Iterator[DiffEntry]:
    """Yield one line per story: the first reporter's, if it is among them."""
    seen: set[int] = set()
    for entry in sorted(entries, key=lambda entry: (entry.level, entry.relation != "first")):
        if entry.story_id not in seen:
            yield entry
        seen.update(() if entry.story_id is None else (entry.story_id,))


def _one_a_story(db: ArchiveDb, found: list[DiffEntry], after_run: int) -> list[DiffEntry]:
    """Merge the new entries of each story under its first reporter's."""
    stories: dict[int, list[DiffEntry]] = {}
    kept: list[DiffEntry] = []
    for entry in found:
        if entry.kind == "new" and entry.story_id is not None:
            stories.setdefault(entry.story_id, []).append(entry)
        else:
            kept.append(entry)
    for entries in stories.values():
        story = story_of(db, entries[0].article_id)
        assert story is not None
        kept.append(_story_entry(db, story, entries, after_run))
    return kept


def _story_entry(db: ArchiveDb, story: Story, entries: list[DiffEntry], after_run: int) -> DiffEntry:
    """Return one line for what joined a story: new, unless it was already known at the same level or a higher one."""
    level = "alert" if any(entry.level == "alert" for entry in entries) else "digest"
    joined = tuple(member for member in story.members if member.joined_run_id > after_run)
    known = next((m for m in story.members if m not in joined and m.level in ("alert", level)), None)
    if known is None:
        by_article = {entry.article_id: entry for entry in entries if entry.level == level}
        lead = next(by_article[member.article_id] for member in story.members if member.article_id in by_article)
        return replace(lead, also=tuple(member for member in joined if member.article_id != lead.article_id))
    row = db.execute(f"{_ENTRY} WHERE articles.id = ?", [known.article_id]).fetchone()
    kind: DiffKind = "update" if any(member.news for member in joined) else "copy"
    return replace(_entry(db, kind, row, None), also=joined)


def _level_before(db: ArchiveDb, article_id: int, number: int) -> str | None:
    row = db.execute(
        "SELECT level FROM flags JOIN revisions ON revisions.id = revision_id "
        "WHERE article_id = ? AND number = ? AND current = 1",
        [article_id, number - 1],
    ).fetchone()
    return row[0] if row else None


def _entry(db: ArchiveDb, kind: DiffKind, row: Any, level_before: str | None) -> DiffEntry:
    return DiffEntry(
        kind=kind,
        level=row["level"] if level_before != "alert" else "alert",
        country=row["country"],
        outlet=row["outlet"],
        outlet_kind=row["outlet_kind"],
        article_id=row["article_id"],
        date=row["date"],
        first_seen_at=row["first_seen_at"],
        title=row["title"],
        url=row["url"],
        language=row["language"],
        categories=tuple(json.loads(row["categories"])),
        words=deciding_words(db, row["flag_id"]),
        note=_note(kind, row, level_before),
        change=row["change"] if kind == "edited" else None,
        story_id=row["story_id"],
        relation=row["relation"],
    )


def _note(kind: DiffKind, row: Any, level_before: str | None) -> str:
    if kind == "gone":
        if row["removed_at"]:
            return f"removed: gone in {row['missing_tries']} tries since {row['missing_since'][:10]}"
        return f"missing since {row['missing_since'][:10]}, tries so far: {row['missing_tries']}"
    if kind == "edited":
        moved = f", was {level_before}, now {row['level']}" if level_before != row["level"] else ""
        return f"revision {row['number']}{moved}"
    return ""


@dataclass(frozen=True, slots=True)
class OutletStatus:
    """The state of an outlet as of its last run. `counts` are that run's, `complaints` the problems for the
    operator."""

    outlet: str
    title: str
    articles: int
    last_run_id: int
    last_run_at: str
    status: str
    way: str | None
    message: str | None
    counts: dict[str, int]
    last_new_at: str | None
    waiting: int
    agreement: float | None
    complaints: tuple[str, ...]


def outlet_statuses(db: ArchiveDb) -> Sequence[OutletStatus]:
    """Return every outlet with articles, by name: its last crawl, or its last import if it was never crawled."""
    rows = db.execute(
        """
        SELECT outlets.name, outlets.title, run_outlets.run_id, runs.started_at, run_outlets.status, way, message,
               (SELECT count(*) FROM articles WHERE outlet = outlets.name) AS articles,
               (SELECT first_seen_at FROM articles WHERE outlet = outlets.name ORDER BY id DESC LIMIT 1) AS last_new_at,
               (SELECT count(*) FROM addresses WHERE outlet = outlets.name
                AND status IN ('pending', 'blocked', 'failed') AND (status = 'pending' OR tries < :tries)) AS waiting,
               (SELECT avg(rest_agreement) FROM revisions JOIN articles ON articles.id = article_id
                AND articles.revision_id = revisions.id
                WHERE +outlet = outlets.name AND revisions.run_id = run_outlets.run_id) AS agreement
        FROM outlets
        JOIN run_outlets ON run_outlets.outlet = outlets.name AND run_outlets.run_id = coalesce(
             (SELECT run_id FROM run_outlets AS any_run JOIN runs ON runs.id = any_run.run_id
              WHERE any_run.outlet = outlets.name AND runs.kind = 'crawl' ORDER BY run_id DESC LIMIT 1),
             (SELECT max(run_id) FROM run_outlets AS any_run WHERE any_run.outlet = outlets.name))
        JOIN runs ON runs.id = run_outlets.run_id
        ORDER BY outlets.name
        """,
        {"tries": MAX_TRIES},
    ).fetchall()
    return [
        OutletStatus(
            outlet=row["name"],
            title=row["title"],
            articles=row["articles"],
            last_run_id=row["run_id"],
            last_run_at=row["started_at"],
            status=row["status"],
            way=row["way"],
            message=row["message"],
            counts=run_counts(db, row["run_id"], row["name"]),
            last_new_at=row["last_new_at"],
            waiting=row["waiting"],
            agreement=row["agreement"],
            complaints=complaints(db, row["name"], row["run_id"]),
        )
        for row in rows
    ]


def run_counts(db: ArchiveDb, run_id: int, outlet: str) -> dict[str, int]:
    """Return a run's counts for an outlet."""
    rows = db.execute("SELECT name, value FROM run_counts WHERE run_id = ? AND outlet = ?", [run_id, outlet])
    return {row["name"]: row["value"] for row in rows.fetchall()}


def find_article(db: ArchiveDb, wanted: str) -> int | None:
    """Find an article by its number or one of its URLs; returns its number."""
    if (number := typed_number(wanted)) is not None:
        row = db.execute("SELECT id FROM articles WHERE id = ?", [number]).fetchone()
    else:
        row = db.execute(
            # By outlet, as the index of URLs is: there are few outlets, and a million URLs.
            "SELECT article_id FROM outlets CROSS JOIN addresses ON addresses.outlet = outlets.name "
            "WHERE addresses.url IN (?, ?) AND article_id IS NOT NULL "
            "UNION ALL SELECT id FROM articles WHERE url IN (?, ?) LIMIT 1",
            [wanted, wanted.rstrip("/"), wanted, wanted.rstrip("/")],
        ).fetchone()
    return row[0] if row else None
