"""The index for finding an article's copies and translations: keys in, candidates out, never a scan.

The keys are made outside (`acca_crawler.dedup`). Each look-up reads a bounded number of rows, so its cost does not grow
with the number of articles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import log
from typing import Any

from storage.schema.kinds import ArchiveDb

MAX_HOLDERS = 64
"""Articles read per key, newest first: a key with more is a stock phrase or a much-copied text."""
MAX_NAMESAKES = 200
"""Maximum number of articles of the surrounding days with the same key: a more common key does not identify an
event."""
DAYS_AROUND, DAYS_OF_CASE = 4, 60
"""Days within which one event is reported, and for which a case is followed."""
MAX_OF_A_PERSON = 12
"""Maximum number of articles with the same full name during a case: more means someone constantly in the news."""
MIN_SHARE = 1 / 3
"""Minimum keys shared per sentence of the shorter text. In `benchmarks/dedup.py` no true pair has less than 0.4."""
MIN_VOTES = 0.3
"""Minimum votes of the shared keys; a key of n articles has 1 / (1 + ln n) votes: one rare key is enough."""
_NEAR = "FROM story_names WHERE key = :key{key} AND day BETWEEN :since AND :until LIMIT :most"
MAX_TERMS, STEP = 96, 16
"""Look-ups in one statement: SQLite takes 500, and a list of people set free has more names. Their number is rounded
up, so that there are few statements: preparing one costs several times what it finds."""
MAX_COPIES, MAX_TRANSLATIONS, MAX_RETELLINGS, MAX_OF_A_CASE = 8, 6, 6, 3


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An article's data in the index.

    `keys`, `names` and `persons` are signed 64-bit integers: of the text, of what is looked up in the surrounding days
    (names, figures, places, rare words), and of full names; `sentences` counts those that produced keys; `day` is the
    day of publication, or else the day it was first seen; `language` is empty if unknown, and the same for all scripts
    of a language; `url` and `alternates` are canonical addresses.
    """

    keys: tuple[int, ...]
    sentences: int
    names: tuple[int, ...]
    day: str
    language: str
    outlet: str
    url: str
    alternates: tuple[str, ...]
    persons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Articles worth comparing, likeliest first, and the number of recent articles with each key."""

    articles: tuple[int, ...]
    holders: dict[int, int]


def save(db: ArchiveDb, article_id: int, of: Fingerprint) -> None:
    """Index an article, inside the caller's transaction. The keys of its earlier revisions are kept."""
    db.conn.executemany("INSERT OR IGNORE INTO story_keys VALUES (?, ?)", [(key, article_id) for key in of.keys])
    db.conn.executemany(
        "INSERT OR IGNORE INTO story_names VALUES (?, ?, ?, ?)",
        [(name, of.day, article_id, of.language) for name in {*of.names, *of.persons}],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO story_alternates VALUES (?, ?)", [(url, article_id) for url in of.alternates]
    )


def candidates(db: ArchiveDb, of: Fingerprint, exclude: int | None = None) -> Candidates:
    """Return the articles worth comparing: declared translations, shared text, shared rare words, names and places.

    `exclude` is the article itself if it is already in the archive.
    """
    namesakes, holders = _namesakes(db, of)
    found = dict.fromkeys([*_alternates(db, of), *_copies(db, of), *namesakes, *_case(db, of)])
    return Candidates(tuple(article_id for article_id in found if article_id != exclude), holders)


def _alternates(db: ArchiveDb, of: Fingerprint) -> list[int]:
    """Return the articles declared as versions in other languages, by this page or by their own."""
    found = [
        row[0]
        for url in of.alternates
        for row in db.execute(
            "SELECT article_id FROM addresses WHERE outlet = ? AND url = ? AND article_id IS NOT NULL", [of.outlet, url]
        ).fetchall()
    ]
    named_by = db.execute("SELECT article_id FROM story_alternates WHERE url = ? LIMIT 8", [of.url]).fetchall()
    return found + [row[0] for row in named_by]


def _copies(db: ArchiveDb, of: Fingerprint) -> list[int]:
    shared: Counter[int] = Counter()
    newest = "SELECT article_id FROM story_keys WHERE key = :key{key} ORDER BY article_id DESC LIMIT :most"
    shared.update([row[0] for row in _of_each(db, newest, of.keys, most=MAX_HOLDERS)])
    if not shared:
        return []
    ranked = _most_shared(shared)[: 4 * MAX_COPIES]
    marks = ", ".join("?" * len(ranked))
    rows = db.conn.execute(f"SELECT article_id, sentences FROM story_members WHERE article_id IN ({marks})", ranked)
    sentences = {row[0]: row[1] for row in rows}
    enough = [one for one in ranked if shared[one] >= MIN_SHARE * min(of.sentences, sentences.get(one, of.sentences))]
    return enough[:MAX_COPIES]


def _namesakes(db: ArchiveDb, of: Fingerprint) -> tuple[list[int], dict[int, int]]:
    """Return nearby articles that share keys (same language first, then others), and the number of articles per key."""
    translations: defaultdict[int, float] = defaultdict(float)
    retellings: defaultdict[int, float] = defaultdict(float)
    found: dict[int, list[tuple[int, str]]] = {name: [] for name in of.names}
    near = f"SELECT key, article_id, language {_NEAR}"
    for name, article_id, language in _of_each(
        db, near, of.names, most=MAX_NAMESAKES + 1, **_around(of.day, DAYS_AROUND)
    ):
        found[name].append((article_id, language))
    for rows in found.values():
        if not rows or len(rows) > MAX_NAMESAKES:
            continue
        vote = 1 / (1 + log(len(rows)))
        for article_id, language in rows:
            (retellings if language == of.language and language else translations)[article_id] += vote
    holders = {name: len(rows) for name, rows in found.items()}
    nearest = _most_shared(retellings, MIN_VOTES)[:MAX_RETELLINGS]
    return nearest + _most_shared(translations, MIN_VOTES)[:MAX_TRANSLATIONS], holders


def _case(db: ArchiveDb, of: Fingerprint) -> list[int]:
    """Return earlier articles that share a rare full name."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    during = f"SELECT key, article_id {_NEAR}"
    for person, article_id in _of_each(
        db, during, of.persons, most=MAX_OF_A_PERSON + 1, **_around(of.day, DAYS_OF_CASE)
    ):
        found[person].append(article_id)
    shared = Counter(number for held in found.values() if len(held) <= MAX_OF_A_PERSON for number in held)
    return sorted(shared, key=lambda article_id: (-shared[article_id], -article_id))[:MAX_OF_A_CASE]


def _of_each(db: ArchiveDb, look_up: str, keys: Sequence[int], **shared: str | int) -> list[Any]:
    """Return the rows that a look-up with a limit finds for each of some keys, many in one statement: it costs a third.

    `shared` are the parameters that all look-ups have in common.
    """
    found: list[Any] = []
    cursor = db.conn.cursor()
    cursor.row_factory = None
    for start in range(0, len(keys), MAX_TERMS):
        some = keys[start : start + MAX_TERMS]
        terms = -(-len(some) // STEP) * STEP
        values = dict.fromkeys(_names_of(terms)) | dict(zip(_names_of(terms), some, strict=False)) | shared
        found += cursor.execute(_each(look_up, terms), values).fetchall()
    return found


@cache
def _names_of(terms: int) -> list[str]:
    return [f"key{number}" for number in range(terms)]


@cache
def _each(look_up: str, terms: int) -> str:
    """Return a statement that looks up so many keys; NULL, which stands for none, finds nothing."""
    return " UNION ALL ".join(f"SELECT * FROM ({look_up.format(key=number)})" for number in range(terms))


def _around(day: str, days: int) -> dict[str, str]:
    middle, span = date.fromisoformat(day), timedelta(days=days)
    return {"since": str(middle - span), "until": str(middle + span)}


def _most_shared(shared: Mapping[int, float], least: float = 0.0) -> list[int]:
    """Return the articles that share `least` or more, most first; ties by which was stored first."""
    return sorted((one for one in shared if shared[one] >= least), key=lambda one: (-shared[one], one))
