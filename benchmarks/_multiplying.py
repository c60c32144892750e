"""Makes a large archive out of a small one: its articles again and again, later and under other addresses.

Generating and storing a million articles one by one takes half an hour; SQLite copies them in a few minutes. A copy's
paragraphs are in another order, it ends in a number, and its keys in the index of copies are its own, so that no two
texts are the same. Words and names occur as often as in the articles that were generated. Hashes are random: nothing
here verifies them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

from acca_crawler.items import SearchText
from acca_crawler.search import matching
from acca_crawler.text.searchable import ANALYSER
from storage.articles.search import SearchFilter
from storage.evidence.manifest import close_run
from storage.ledger import runs
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

DAYS = 100
BLOCK = DAYS * 24 * 60 // 5
"""Articles of a hundred days, one every five minutes: as many as are generated."""

_SALT = 0x1E37_79B9_7F4A_7C15
_QUARTER = (
    "(SELECT substr(at, 1, 4) || ((substr(at, 6, 2) + 2) / 3) FROM (SELECT coalesce(published_at, first_seen_at) AS at "
    "FROM search_documents WHERE revision_id = words.id + :offset))"
)
_HASH = "lower(hex(randomblob(32)))"


def keep_words(db: ArchiveDb, words: Iterable[tuple[int, SearchText]]) -> None:
    """Keep the index words of generated articles, by article, for `multiply`: the index itself gives none back."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS words (id INTEGER PRIMARY KEY, ts TEXT, bs TEXT, tf TEXT, bf TEXT)")
    rows = [(number, of.title_stems, of.body_stems, of.title_folds, of.body_folds) for number, of in words]
    db.conn.executemany("INSERT INTO words VALUES (?, ?, ?, ?, ?)", rows)


def multiply(db: ArchiveDb, size: int) -> None:
    """Add copies of the archive's `BLOCK` articles, which have one revision each, until it holds `size`.

    Raises `AssertionError` if the index does not find the last one.
    """
    alerts = int(db.execute("SELECT count(*) FROM alerts").fetchone()[0])
    stories = int(db.execute("SELECT max(id) FROM stories").fetchone()[0])
    db.execute("PRAGMA foreign_keys = OFF")  # articles and revisions refer to each other
    begun = time.perf_counter()
    for offset in range(BLOCK, size, BLOCK):
        block, most = offset // BLOCK, min(BLOCK, size - offset)
        at = _shifted(db, db.execute("SELECT finished_at FROM runs ORDER BY id LIMIT 1").fetchone()[0], block)
        run_id = runs.start_run(db, "crawl", {}, "0", at)
        values = {
            "offset": offset, "most": most, "run": run_id, "block": block,
            "later": f"+{DAYS * block} days", "salt": _SALT * block % (1 << 63), "alerts": alerts * block,
            "stories": stories * block,
        }  # fmt: skip
        with transaction(db):
            for table, condition, changed in _TABLES:
                _copy(db, table, condition, changed, values)
            db.execute("UPDATE search_documents SET analyser = ? WHERE revision_id > ?", [ANALYSER, offset])
            _index(db, values)
        runs.finish_run(db, run_id, "ok", runs.Counts(), at)
        close_run(db, run_id, at)
        done = offset + most
        rate = (done - BLOCK) / (time.perf_counter() - begun)
        print(f"  {done:,} at {rate:,.0f}/s", file=sys.stderr, flush=True)
    db.execute("PRAGMA foreign_keys = ON")
    title = db.execute("SELECT title FROM revisions WHERE id = ?", [size]).fetchone()[0]
    found = matching(db, f'"{title}"', SearchFilter(), size)
    assert size in found and len(found) >= size // BLOCK, (title, found)


def _shifted(db: ArchiveDb, at: str, block: int) -> str:
    return str(db.execute("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, ?)", [at, f"+{DAYS * block} days"]).fetchone()[0])


def _copy(db: ArchiveDb, table: str, condition: str, changed: dict[str, str], values: dict[str, object]) -> None:
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})").fetchall()]
    names = ", ".join(f'"{column}"' for column in columns)
    copied = ", ".join(changed.get(column, f'"{column}"') for column in columns)
    used = {name: value for name, value in values.items() if f":{name}" in f"{condition} {copied}"}
    db.execute(f"INSERT INTO {table} ({names}) SELECT {copied} FROM {table} WHERE {condition}", used)


def _index(db: ArchiveDb, values: dict[str, object]) -> None:
    prefixed = ", ".join(
        f"CASE {one} WHEN '' THEN '' ELSE quarter || replace({one}, ' ', ' ' || quarter) END"
        for one in ("ts", "bs", "tf", "bf")
    )
    db.execute(
        "INSERT INTO search (rowid, title_stems, body_stems, title_folds, body_folds) "
        f"SELECT id + :offset, {prefixed} FROM (SELECT *, {_QUARTER} AS quarter FROM words WHERE id <= :most)",
        {"offset": values["offset"], "most": values["most"]},
    )


def _later(column: str) -> str:
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column}, :later)"


def _of_article(column: str) -> str:
    return f"{column} + :offset"


_ADDRESS = "'https://' || outlet || '.example/news/' || (id - 1 + :offset)"
_SALTED = "(key | :salt) - (key & :salt)"  # exclusive or, which has no overflow
_TURNED = "length(text) * :block / 64"
_BREAK = f"instr(substr(text, {_TURNED} + 1), char(10) || char(10))"
_TEXT = (
    f"CASE {_BREAK} WHEN 0 THEN text "
    f"ELSE substr(text, {_TURNED} + {_BREAK} + 2) || char(10) || char(10) || substr(text, 1, {_TURNED} + {_BREAK} - 1) "
    "END || ' (' || :block || ')'"
)
_TABLES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("revisions", "id <= :most", {
        "id": _of_article("id"), "article_id": _of_article("article_id"), "run_id": ":run",
        "stored_at": _later("stored_at"), "published_at": _later("published_at"), "text": _TEXT,
        "content_sha256": _HASH, "row_sha256": _HASH,
    }),
    ("flags", "id <= :most", {
        "id": _of_article("id"), "revision_id": _of_article("revision_id"), "run_id": ":run",
    }),
    ("flag_spans", "flag_id <= :most", {"flag_id": _of_article("flag_id")}),
    ("flag_facts", "flag_id <= :most", {"flag_id": _of_article("flag_id")}),
    ("alerts", "article_id <= :most", {
        "id": "id + :alerts", "article_id": _of_article("article_id"), "revision_id": _of_article("revision_id"),
        "flag_id": _of_article("flag_id"), "run_id": ":run", "created_at": _later("created_at"),
    }),
    ("stories", "first_article_id <= :most", {
        "id": "id + :stories", "first_article_id": _of_article("first_article_id"),
    }),
    # Before the articles: a trigger marks what joins a story later than it is stored.
    ("story_members", "article_id <= :most", {
        "article_id": _of_article("article_id"), "story_id": "story_id + :stories",
        "related_to": _of_article("related_to"), "joined_run_id": ":run",
    }),
    ("story_keys", "article_id <= :most ORDER BY 1", {"key": _SALTED, "article_id": _of_article("article_id")}),
    ("story_names", "article_id <= :most", {
        "day": "date(day, :later)", "article_id": _of_article("article_id"),
    }),
    ("articles", "id <= :most", {
        "id": _of_article("id"), "identity": "'/' || (id - 1 + :offset)", "url": _ADDRESS, "first_run_id": ":run",
        "first_seen_at": _later("first_seen_at"), "last_seen_at": _later("last_seen_at"),
        "revision_id": _of_article("revision_id"),
    }),
    ("addresses", "id <= :most", {
        "id": _of_article("id"), "url": _ADDRESS, "listed_url": _ADDRESS, "identity": "'/' || (id - 1 + :offset)",
        "article_id": _of_article("article_id"), "first_seen_at": _later("first_seen_at"),
        "listed_published_at": _later("listed_published_at"), "status_at": _later("status_at"),
    }),
)  # fmt: skip
"""What is copied, by table and with the columns that differ; triggers write the rest."""
