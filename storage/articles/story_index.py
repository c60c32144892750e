"""The index by which an article's copies and translations are found: keys in, candidates out, never a scan.

The keys are made outside (`acca_crawler.dedup`). Each look-up reads a bounded number of rows, so it costs the same
however many articles there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlite_utils import Database

MAX_HOLDERS = 64
"""Articles read for one key, the newest: a key with more is a phrase that every report has, or a much copied text."""
MAX_NAMESAKES = 200
"""Articles of the days around that may share a name: more do not tell one story from another."""
DAYS_AROUND, DAYS_OF_RETELLING = 4, 1
"""A translation appears within so many days; what is told in other words in the same language, within so many."""
MIN_SHARE = 1 / 3
"""Keys shared for each sentence of the shorter text. In `benchmarks/dedup.py` no true pair has less than 0.4."""
MIN_NAMES = 2
"""Names and figures shared by a translation, or a report in other words: one in common makes no pair worth reading."""
MAX_COPIES, MAX_TRANSLATIONS, MAX_RETELLINGS = 12, 4, 4


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the index holds of an article.

    `keys` and `names` are signed 64-bit integers, `sentences` counts those that gave keys; `day` is the day of
    publication, or else of being first seen; `language` is empty where it is not known, one for all scripts of it;
    `url` and `alternates` are canonical addresses.
    """

    keys: tuple[int, ...]
    sentences: int
    names: tuple[int, ...]
    day: str
    language: str
    outlet: str
    url: str
    alternates: tuple[str, ...]


def save(db: Database, article_id: int, of: Fingerprint) -> None:
    """Put an article into the index, inside the caller's transaction. The keys of its earlier revisions stay."""
    db.conn.executemany("INSERT OR IGNORE INTO story_keys VALUES (?, ?)", [(key, article_id) for key in of.keys])
    db.conn.executemany(
        "INSERT OR IGNORE INTO story_names VALUES (?, ?, ?, ?)",
        [(name, of.day, article_id, of.language) for name in of.names],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO story_alternates VALUES (?, ?)", [(url, article_id) for url in of.alternates]
    )


def candidates(db: Database, of: Fingerprint, exclude: int | None = None) -> list[int]:
    """Articles worth comparing, the likeliest first: named as translations, sharing text, sharing names.

    `exclude` is the article itself where the archive holds it already.
    """
    found = [*_alternates(db, of), *_copies(db, of), *_namesakes(db, of)]
    return [article_id for article_id in dict.fromkeys(found) if article_id != exclude]


def _alternates(db: Database, of: Fingerprint) -> list[int]:
    """The articles that a page calls its versions in other languages, and those that call it theirs."""
    found = [
        row[0]
        for url in of.alternates
        for row in db.execute(
            "SELECT article_id FROM addresses WHERE outlet = ? AND url = ? AND article_id IS NOT NULL", [of.outlet, url]
        ).fetchall()
    ]
    named_by = db.execute("SELECT article_id FROM story_alternates WHERE url = ? LIMIT 8", [of.url]).fetchall()
    return found + [row[0] for row in named_by]


def _copies(db: Database, of: Fingerprint) -> list[int]:
    shared: Counter[int] = Counter()
    for key in of.keys:
        rows = db.conn.execute(
            "SELECT article_id FROM story_keys WHERE key = ? ORDER BY article_id DESC LIMIT ?", (key, MAX_HOLDERS)
        )
        shared.update(row[0] for row in rows)
    ranked = _ranked(shared)[: 4 * MAX_COPIES]
    sentences = _sentences(db, ranked)
    enough = [one for one in ranked if shared[one] >= MIN_SHARE * min(of.sentences, sentences.get(one, of.sentences))]
    return enough[:MAX_COPIES]


def _namesakes(db: Database, of: Fingerprint) -> list[int]:
    """Articles of the days around that share names: in other languages, then in the same one."""
    translations: Counter[int] = Counter()
    retellings: Counter[int] = Counter()
    (since, until), (first, last) = (_around(of.day, days) for days in (DAYS_AROUND, DAYS_OF_RETELLING))
    for name in of.names:
        rows = db.conn.execute(
            "SELECT article_id, language, day FROM story_names WHERE key = ? AND day BETWEEN ? AND ? LIMIT ?",
            (name, since, until, MAX_NAMESAKES + 1),
        ).fetchall()
        if len(rows) <= MAX_NAMESAKES:
            translations.update(row[0] for row in rows if not row[1] or row[1] != of.language)
            retellings.update(row[0] for row in rows if row[1] == of.language and first <= row[2] <= last)
    return _sharing(translations)[:MAX_TRANSLATIONS] + _sharing(retellings)[:MAX_RETELLINGS]


def _around(day: str, days: int) -> tuple[str, str]:
    middle, span = date.fromisoformat(day), timedelta(days=days)
    return str(middle - span), str(middle + span)


def _sharing(names: Counter[int]) -> list[int]:
    return [article_id for article_id in _ranked(names) if names[article_id] >= MIN_NAMES]


def _ranked(shared: Counter[int]) -> list[int]:
    """Those that share most first, among equals the one stored first."""
    return sorted(shared, key=lambda article_id: (-shared[article_id], article_id))


def _sentences(db: Database, articles: Sequence[int]) -> dict[int, int]:
    marks = ", ".join("?" * len(articles))
    rows = db.conn.execute(f"SELECT article_id, sentences FROM story_members WHERE article_id IN ({marks})", articles)
    return {row[0]: row[1] for row in rows}
