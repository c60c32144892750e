"""The index by which an article's copies and translations are found: keys in, candidates out, never a scan.

The keys are made outside (`acca_crawler.dedup`). Each look-up reads a bounded number of rows, so it costs the same
however many articles there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log

from sqlite_utils import Database

MAX_HOLDERS = 64
"""Articles read for one key, the newest: a key with more is a phrase that every report has, or a much copied text."""
MAX_NAMESAKES = 200
"""Articles of the days around that may share a key: more do not tell one event from another."""
DAYS_AROUND, DAYS_OF_CASE = 4, 60
"""One event is reported within so many days; a case is followed for so many."""
MAX_OF_A_PERSON = 12
"""Articles that may share a full name in the days of a case: more are about somebody always in the news."""
MIN_SHARE = 1 / 3
"""Keys shared for each sentence of the shorter text. In `benchmarks/dedup.py` no true pair has less than 0.4."""
MIN_VOTES = 0.3
"""Votes of the shared keys, where a key that n articles hold has 1 / (1 + ln n): one rare key is enough."""
MAX_COPIES, MAX_TRANSLATIONS, MAX_RETELLINGS, MAX_OF_A_CASE = 8, 6, 6, 3


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the index holds of an article.

    `keys`, `names` and `persons` are signed 64-bit integers: of the text, of what is looked for in the days around
    (names, figures, places, rare words), and of full names; `sentences` counts those that gave keys; `day` is the
    day of publication, or else of being first seen; `language` is empty if not known, one for all scripts of it; `url`
    and `alternates` are canonical addresses.
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
    """Articles worth comparing, the likeliest first, and how many recent articles hold each of the keys."""

    articles: tuple[int, ...]
    holders: dict[int, int]


def save(db: Database, article_id: int, of: Fingerprint) -> None:
    """Put an article into the index, inside the caller's transaction. The keys of its earlier revisions stay."""
    db.conn.executemany("INSERT OR IGNORE INTO story_keys VALUES (?, ?)", [(key, article_id) for key in of.keys])
    db.conn.executemany(
        "INSERT OR IGNORE INTO story_names VALUES (?, ?, ?, ?)",
        [(name, of.day, article_id, of.language) for name in {*of.names, *of.persons}],
    )
    db.conn.executemany(
        "INSERT OR IGNORE INTO story_alternates VALUES (?, ?)", [(url, article_id) for url in of.alternates]
    )


def candidates(db: Database, of: Fingerprint, exclude: int | None = None) -> Candidates:
    """Articles worth comparing: named as translations, sharing text, sharing rare words, names and places.

    `exclude` is the article itself where the archive holds it already.
    """
    namesakes, holders = _namesakes(db, of)
    found = dict.fromkeys([*_alternates(db, of), *_copies(db, of), *namesakes, *_case(db, of)])
    return Candidates(tuple(article_id for article_id in found if article_id != exclude), holders)


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
            "SELECT article_id FROM story_keys WHERE key = ? ORDER BY article_id DESC LIMIT ?",
            (key, MAX_HOLDERS),
        )
        shared.update(row[0] for row in rows)
    ranked = _ranked(shared)[: 4 * MAX_COPIES]
    sentences = _sentences(db, ranked)
    enough = [one for one in ranked if shared[one] >= MIN_SHARE * min(of.sentences, sentences.get(one, of.sentences))]
    return enough[:MAX_COPIES]


def _namesakes(db: Database, of: Fingerprint) -> tuple[list[int], dict[int, int]]:
    """Articles of the days around that share keys: in the same language, then in others; and the keys' holders."""
    translations: defaultdict[int, float] = defaultdict(float)
    retellings: defaultdict[int, float] = defaultdict(float)
    holders: dict[int, int] = {}
    since, until = _around(of.day, DAYS_AROUND)
    for name in of.names:
        rows = db.conn.execute(
            "SELECT article_id, language FROM story_names WHERE key = ? AND day BETWEEN ? AND ? LIMIT ?",
            (name, since, until, MAX_NAMESAKES + 1),
        ).fetchall()
        holders[name] = len(rows)
        if not rows or len(rows) > MAX_NAMESAKES:
            continue
        vote = 1 / (1 + log(len(rows)))
        for article_id, language in rows:
            (retellings if language == of.language and language else translations)[article_id] += vote
    return _sharing(retellings)[:MAX_RETELLINGS] + _sharing(translations)[:MAX_TRANSLATIONS], holders


def _case(db: Database, of: Fingerprint) -> list[int]:
    """Earlier articles that share a full name which few have."""
    shared: Counter[int] = Counter()
    since, until = _around(of.day, DAYS_OF_CASE)
    for person in of.persons:
        rows = db.conn.execute(
            "SELECT article_id FROM story_names WHERE key = ? AND day BETWEEN ? AND ? LIMIT ?",
            (person, since, until, MAX_OF_A_PERSON + 1),
        ).fetchall()
        if len(rows) <= MAX_OF_A_PERSON:
            shared.update(row[0] for row in rows)
    return sorted(shared, key=lambda article_id: (-shared[article_id], -article_id))[:MAX_OF_A_CASE]


def _around(day: str, days: int) -> tuple[str, str]:
    middle, span = date.fromisoformat(day), timedelta(days=days)
    return str(middle - span), str(middle + span)


def _sharing(votes: Mapping[int, float]) -> list[int]:
    return [article_id for article_id in _ranked(votes) if votes[article_id] >= MIN_VOTES]


def _ranked(shared: Mapping[int, float]) -> list[int]:
    """Those that share most first, among equals the one stored first."""
    return sorted(shared, key=lambda article_id: (-shared[article_id], article_id))


def _sentences(db: Database, articles: Sequence[int]) -> dict[int, int]:
    marks = ", ".join("?" * len(articles))
    rows = db.conn.execute(f"SELECT article_id, sentences FROM story_members WHERE article_id IN ({marks})", articles)
    return {row[0]: row[1] for row in rows}
