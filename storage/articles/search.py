"""The full-text index over current revisions: adding words and querying.

Words and query expressions are made outside (`acca_crawler.text.searchable`, `acca_crawler.search`): SQLite, and any
other program that opens the archive, never needs to call Python.

Every word in the index is prefixed with the quarter in which its article was published (`20261` and the word). A search
queries one quarter after another, newest first, until it has enough results: so the most common word costs only as much
as a quarter's news, however many years the archive covers.

Times are UTC stamps (`2026-11-22T06:30:00Z`); `published_at` may be a day alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from acca_crawler.items import SearchText
from storage.articles.varieties import IN_VARIETIES, varieties
from storage.exceptions import IndexQueryError
from storage.schema.country import COUNTRY
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

Order = Literal["best", "newest"]

PERIOD = "\uffff"
"""Placeholder for the quarter in an expression; it is not a letter, so no word contains it."""

FLAGGED = ("alert", "digest")
"""Levels of few articles."""

RANKED = 50
"""Maximum number of articles ranked per search: those of newer quarters, then those stored later. Ranking counts each
word in the quarter, which costs more than finding the articles, and rare pairs of words take many quarters to find."""

_WAITING, _POSTPONED = 0, -1
"""`search_documents.analyser` of a revision that waits for the index, and of one that waits for the end of the run."""

INSERT_WORDS = "INSERT INTO search (rowid, title_stems, body_stems, title_folds, body_folds) VALUES (?, ?, ?, ?, ?)"

MERGED_PAGES = 1_000
"""Index pages (4 KB) merged per transaction: some 70 ms in which no other process writes."""

_CHANGES_OF_A_MERGE = 2
"""Changed rows from which on a merge did something (https://www.sqlite.org/fts5.html#the_merge_command)."""

_PIECES = """
    WITH RECURSIVE piece(id) AS (
        SELECT min(segid) FROM search_idx
        UNION ALL SELECT (SELECT min(segid) FROM search_idx WHERE segid > id) FROM piece WHERE id IS NOT NULL
    )
    SELECT count(id) FROM piece
"""
"""FTS5 lists the pages of each piece under the piece's number."""

_TITLE_WEIGHT, _BODY_WEIGHT = 4.0, 1.0
_BM25 = f"bm25(search, {_TITLE_WEIGHT}, {_BODY_WEIGHT}, {_TITLE_WEIGHT}, {_BODY_WEIGHT})"
_DAY = "substr(coalesce(documents.published_at, documents.first_seen_at), 1, 10)"
_MONTH = "substr(coalesce(published_at, first_seen_at), 1, 7)"
_MONTH_OF_DOCUMENT = "substr(coalesce(documents.published_at, documents.first_seen_at), 1, 7)"
_FLAG = "FROM flags WHERE flags.revision_id = documents.revision_id AND current = 1"
_COUNTRY = (
    f"(SELECT {COUNTRY} FROM outlets LEFT JOIN flags ON flags.revision_id = documents.revision_id AND current = 1 "
    "WHERE outlets.name = documents.outlet)"
)
_CONDITIONS = {
    "since": f"{_DAY} >= ?",
    "until": f"{_DAY} <= ?",
    "country": f"{_COUNTRY} = ?",
    "outlet": "documents.outlet = ?",
    "category": f"EXISTS (SELECT 1 {_FLAG} AND EXISTS (SELECT 1 FROM json_each(flags.categories) WHERE value = ?))",
    "language": f"documents.language {IN_VARIETIES}",
    "level": f"EXISTS (SELECT 1 {_FLAG} AND level = ?)",
}
_FOUND = f"""
    SELECT documents.article_id, documents.revision_id, documents.outlet, articles.url, title, text,
           documents.language, documents.published_at, documents.first_seen_at, level,
           {_COUNTRY} AS country, flags.categories AS categories
    FROM search_documents AS documents
    JOIN articles ON articles.id = documents.article_id
    JOIN revisions ON revisions.id = documents.revision_id
    LEFT JOIN flags ON flags.revision_id = documents.revision_id AND flags.current = 1
    WHERE documents.revision_id = ?
"""


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Filters of a search; an empty value does not filter.

    `since` and `until` are days (`2026-01-31`), both inclusive. They are compared with the day of publication, or with
    the day on which the article was first seen if the date of publication is unknown.
    """

    since: str = ""
    until: str = ""
    country: str = ""
    outlet: str = ""
    category: str = ""
    language: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class FtsQuery:
    """FTS5 expressions with `PERIOD` before every word: the query, and the parts that every result contains, rarest
    first.

    A quarter that lacks one of the parts is skipped: looking up a rare word is cheap, scanning all articles with a
    common word next to it is not.
    """

    expression: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A search result: one article in its current revision. `categories` is a JSON list, None if unflagged."""

    article_id: int
    revision_id: int
    outlet: str
    url: str
    title: str
    text: str
    language: str | None
    published_at: str | None
    first_seen_at: str
    level: str | None
    country: str | None
    categories: str | None


@dataclass(frozen=True, slots=True)
class Unindexed:
    """A current revision that is not indexed yet."""

    revision_id: int
    title: str
    text: str
    language: str | None


def index_revisions(db: ArchiveDb, words: Mapping[int, SearchText], analyser: int) -> None:
    """Index current revisions, inside the caller's transaction; `analyser` is the version that made the words.

    A revision is indexed once. Raises `LookupError` if one is not current or already indexed.
    """
    rows = [
        (revision_id, *indexed_words(_month_of(db, revision_id, analyser), of)) for revision_id, of in words.items()
    ]
    # All in one go: a write to another table in between has FTS5 write to the disk what it has so far.
    db.conn.executemany(INSERT_WORDS, rows)


def _month_of(db: ArchiveDb, revision_id: int, analyser: int) -> str:
    """Mark a waiting revision as indexed and return its month."""
    row = db.execute(
        f"UPDATE search_documents SET analyser = ? WHERE revision_id = ? AND analyser <= 0 RETURNING {_MONTH}",
        [analyser, revision_id],
    ).fetchone()
    if row is None:
        raise LookupError(f"revision {revision_id} is not waiting for the index")
    return str(row[0])


def indexed_words(month: str, words: SearchText) -> tuple[str, str, str, str]:
    """Return the words of an article of a month (`2026-03`) as `INSERT_WORDS` takes them after the revision."""
    quarter = _quarter(month)
    title_stems, body_stems, title_folds, body_folds = (
        _within(quarter, field) for field in (words.title_stems, words.body_stems, words.title_folds, words.body_folds)
    )
    return title_stems, body_stems, title_folds, body_folds


def is_due(db: ArchiveDb, at_once: int, before: str) -> bool:
    """Return whether `at_once` revisions wait for the index, or one that was stored before a UTC stamp."""
    waiting, first = db.execute(
        "SELECT count(*), min(stored_at) FROM revisions "
        "WHERE id IN (SELECT revision_id FROM search_documents WHERE analyser = 0 ORDER BY revision_id LIMIT ?)",
        [at_once],
    ).fetchone()
    return bool(waiting >= at_once or (waiting and first < before))


def unindexed(db: ArchiveDb, limit: int, *, postponed: bool = True) -> list[Unindexed]:
    """Return up to `limit` current revisions that are not indexed yet, by id, then the `postponed` ones if wanted."""
    found: list[Unindexed] = []
    for state in (_WAITING, _POSTPONED) if postponed else (_WAITING,):  # asked for both at once, SQLite reads all rows
        rows = db.execute(
            "SELECT revisions.id AS revision_id, title, text, revisions.language FROM search_documents "
            "JOIN revisions ON revisions.id = search_documents.revision_id "
            "WHERE analyser = ? ORDER BY search_documents.revision_id LIMIT ?",
            [state, limit - len(found)],
        )
        found += [Unindexed(**dict(row)) for row in rows.fetchall()]
    return found


def postpone(db: ArchiveDb, revision_ids: Iterable[int]) -> None:
    """Leave revisions to the end of the run, inside the caller's transaction."""
    for revision_id in revision_ids:
        db.execute("UPDATE search_documents SET analyser = ? WHERE revision_id = ?", [_POSTPONED, revision_id])


def count_unindexed(db: ArchiveDb) -> int:
    """Count the current revisions that are not indexed yet."""
    return int(db.execute("SELECT count(*) FROM search_documents WHERE analyser <= 0").fetchone()[0])


def is_indexed_by_another(db: ArchiveDb, analyser: int) -> bool:
    """Return True if the index contains words of another analyser version."""
    row = db.execute(
        "SELECT EXISTS (SELECT 1 FROM search_documents WHERE analyser > ?) "
        "OR EXISTS (SELECT 1 FROM search_documents WHERE analyser > 0 AND analyser < ?)",
        [analyser, analyser],
    ).fetchone()
    return bool(row[0])


def clear(db: ArchiveDb) -> None:
    """Clear the index, inside the caller's transaction: every current revision needs indexing again."""
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    db.execute("UPDATE search_documents SET analyser = 0 WHERE analyser != 0")


def merge(db: ArchiveDb) -> None:
    """Merge the pieces in which the index was written into one: a search over twenty takes a third longer.

    A million articles take a minute or two, in one transaction: the caller's, or one of its own.
    """
    db.execute("INSERT INTO search (search) VALUES ('optimize')")


def pieces(db: ArchiveDb) -> int:
    """Count the pieces in which the index was written; a few index look-ups, however large they are."""
    return int(db.execute(_PIECES).fetchone()[0])


def begin_merge(db: ArchiveDb) -> None:
    """Have the following `merge_further` put all pieces into one, in a transaction of its own."""
    with transaction(db):
        db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", [-MERGED_PAGES])


def merge_further(db: ArchiveDb) -> bool:
    """Merge some `MERGED_PAGES` pages more, in a transaction of its own; return False if there was nothing to merge.

    First what `begin_merge` began, then pieces of like size where there are four. What was merged stays so, whenever
    the process ends.
    """
    before = db.conn.total_changes
    with transaction(db):
        db.execute("INSERT INTO search (search, rank) VALUES ('merge', ?)", [MERGED_PAGES])
    return db.conn.total_changes - before >= _CHANGES_OF_A_MERGE


def find(
    db: ArchiveDb, asked: FtsQuery, narrowed: SearchFilter, *, order: Order = "best", limit: int = 20, offset: int = 0
) -> list[SearchResult]:
    """Return the articles whose current revision matches, best or newest first, from `offset` (0 is the first).

    Only `RANKED` matches are ranked; the others follow, those of newer quarters first. Raises `IndexQueryError`.
    """
    revisions = (_newest if order == "newest" else _best)(db, asked, narrowed, offset + limit)
    # Join only the selected results with their texts.
    return [_found(db, revision_id) for revision_id in revisions[offset : offset + limit]]


def _newest(db: ArchiveDb, asked: FtsQuery, narrowed: SearchFilter, limit: int) -> list[int]:
    """Return up to `limit` matching revisions, the newest first."""
    found: list[int] = []
    for expression in _expressions(db, asked, narrowed):
        by = f"{_DAY} DESC, search.rowid DESC"
        found += [row[0] for row in _matches(db, expression, narrowed, "search.rowid", by, limit - len(found))]
        if len(found) >= limit:
            break
    return found


def _best(db: ArchiveDb, asked: FtsQuery, narrowed: SearchFilter, limit: int) -> list[int]:
    """Return up to `limit` matching revisions: the `RANKED` newest by rank, then the others."""
    ranked: list[tuple[float, int]] = []
    others: list[int] = []
    for expression in _expressions(db, asked, narrowed):
        room, by = RANKED - len(ranked), "search.rowid DESC"
        if room:
            rows = _matches(db, expression, narrowed, f"{_BM25}, search.rowid", by, room)
            ranked += [(row[0], row[1]) for row in rows]
        if len(ranked) < RANKED:
            continue
        if wanted := max(0, limit - RANKED - len(others)):
            others += [row[0] for row in _matches(db, expression, narrowed, "search.rowid", by, wanted, skipped=room)]
        if len(others) >= limit - RANKED:
            break
    return [revision_id for _, revision_id in sorted(ranked)] + others


def browse(db: ArchiveDb, narrowed: SearchFilter, *, limit: int = 20, offset: int = 0) -> list[SearchResult]:
    """Return the articles that match the filter alone, newest first, from `offset` (0 is the first)."""
    conditions, values = _narrowing(narrowed)
    rows = db.execute(
        f"SELECT documents.revision_id FROM search_documents AS documents WHERE {' AND '.join(conditions) or '1'} "
        f"ORDER BY {_MONTH_OF_DOCUMENT} DESC, {_DAY} DESC, documents.revision_id DESC LIMIT ? OFFSET ?",
        [*values, limit, offset],
    ).fetchall()
    return [_found(db, row[0]) for row in rows]


def matching_ids(db: ArchiveDb, asked: FtsQuery | None, narrowed: SearchFilter, limit: int) -> list[int]:
    """Return the numbers of articles that match, at most `limit`: of the newest quarters, or, by the filter alone
    without `asked`, those stored last.

    Reads no texts. Raises `IndexQueryError`.
    """
    if asked is None:
        return _filtered_ids(db, narrowed, limit)
    found: list[int] = []
    for expression in _expressions(db, asked, narrowed):
        rows = _matches(db, expression, narrowed, "documents.article_id", "search.rowid DESC", limit - len(found))
        found += [row[0] for row in rows]
        if len(found) >= limit:
            break
    return found


def _filtered_ids(db: ArchiveDb, narrowed: SearchFilter, limit: int) -> list[int]:
    """Return what matches the filter; flagged articles are few, so a filter by level begins with their flags."""
    source, level = "search_documents AS documents", narrowed.level if narrowed.level in FLAGGED else ""
    conditions, values = _narrowing(replace(narrowed, level="") if level else narrowed)
    if level:
        source = "flags CROSS JOIN search_documents AS documents ON documents.revision_id = flags.revision_id"
        conditions, values = ["flags.level = ?", "flags.current = 1", *conditions], [level, *values]
    rows = db.execute(
        f"SELECT documents.article_id FROM {source} WHERE {' AND '.join(conditions) or '1'} "
        f"ORDER BY {'flags' if level else 'documents'}.revision_id DESC LIMIT ?",
        [*values, limit],
    )
    return [row[0] for row in rows.fetchall()]


def _quarters_with(db: ArchiveDb, parts: Sequence[str], quarters: Iterator[str]) -> Iterator[str]:
    """Yield the quarters that contain every part; checks the most recently missing part first."""
    rarest_first = list(parts)
    for quarter in quarters:
        missing = next((part for part in rarest_first[:-1] if not _stands(db, part, quarter)), None)
        if missing is None:
            yield quarter
        else:
            rarest_first.remove(missing)
            rarest_first.insert(0, missing)


def _stands(db: ArchiveDb, part: str, quarter: str) -> bool:
    sql = "SELECT rowid FROM search WHERE search MATCH ? LIMIT 1"
    return bool(_ask(db, sql, [part.replace(PERIOD, quarter)]))


def _expressions(db: ArchiveDb, asked: FtsQuery, narrowed: SearchFilter) -> Iterator[str]:
    """Yield the query for one quarter after another, newest first."""
    for quarter in _quarters_with(db, asked.parts, _quarters(db, narrowed)):
        yield asked.expression.replace(PERIOD, quarter)


def _matches(
    db: ArchiveDb, expression: str, narrowed: SearchFilter, columns: str, by: str, limit: int, *, skipped: int = 0
) -> list[sqlite3.Row]:
    """Return columns of up to `limit` matches of one quarter, in an order, after the first that are `skipped`."""
    conditions, values = _conditions(narrowed)
    return _ask(
        db,
        f"SELECT {columns} FROM search JOIN search_documents AS documents "
        f"ON documents.revision_id = search.rowid WHERE {conditions} ORDER BY {by} LIMIT ? OFFSET ?",
        [expression, *values, limit, skipped],
    )


def _quarters(db: ArchiveDb, narrowed: SearchFilter) -> Iterator[str]:
    """Yield the quarters with articles of the requested days, newest first."""
    before = f"{narrowed.until[:7]}~" if narrowed.until else "~"
    while month := db.execute(f"SELECT max({_MONTH}) FROM search_documents WHERE {_MONTH} < ?", [before]).fetchone()[0]:
        quarter = _quarter(month)
        before = f"{quarter[:4]}-{3 * int(quarter[4]) - 2:02}"
        yield quarter
        if before <= narrowed.since[:7]:
            return


def _quarter(month: str) -> str:
    """Return the year and quarter of a month: 20261 for 2026-03."""
    return f"{month[:4]}{(int(month[5:7]) + 2) // 3}"


def _within(quarter: str, words: str) -> str:
    """Prefix each of the space-separated index words with the quarter."""
    return f"{quarter}{words.replace(' ', f' {quarter}')}" if words else ""


def _found(db: ArchiveDb, revision_id: int) -> SearchResult:
    row = db.execute(_FOUND, [revision_id]).fetchone()
    return SearchResult(**dict(row))


def _conditions(narrowed: SearchFilter) -> tuple[str, list[str]]:
    conditions, values = _narrowing(narrowed)
    return " AND ".join(["search MATCH ?", *conditions]), values


def _narrowing(narrowed: SearchFilter) -> tuple[list[str], list[str]]:
    wanted = {name: value for name in _CONDITIONS if (value := getattr(narrowed, name))}
    return [_CONDITIONS[name] for name in wanted], [
        varieties(value) if name == "language" else value for name, value in wanted.items()
    ]


def _ask(db: ArchiveDb, sql: str, values: Sequence[object]) -> list[sqlite3.Row]:
    try:
        rows: list[sqlite3.Row] = db.execute(sql, values).fetchall()
    except sqlite3.OperationalError as error:
        if "fts5" in str(error) or "no such column" in str(error):
            raise IndexQueryError(str(error)) from error
        raise
    return rows
