"""Figures of stories on real streams of posts, printed by `benchmarks/dedup.py --streams`.

* translations: of posts of two editions with the same time, and of the same line of parallel texts, the share that the
  whole run put into one story;
* the largest stories, to be read;
* joins: of those in `data/dedup/joins.jsonl` that this run made too, the share that a reader found right. A join is a
  report and the one that it was related to; the file holds their places in the streams and what the reader found;
* cost: processor time of finding a story on long articles, and of storing the same thousand posts in an empty archive
  and after thousands of others (what a crawl stores later is denser, so that thousands of one run can't be compared),
  a hundred by turns, so that a busy machine and what is read once slow down both.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from benchmarks._streams import Post, Stored, archive, posts_of, store_all
from storage.schema.kinds import ArchiveDb

JOINS = Path(__file__).parent / "data" / "dedup" / "joins.jsonl"
EDITIONS = ("ru_gazeta", "uz_gazeta")
LONG = ("ru_tengrinews", "ru_upl", "en_primeminister")
MAX_LONG = 300
THOUSAND, TURN = 1000, 100
NOTICES = 40
DAY = datetime(2024, 5, 22, tzinfo=UTC)
_NOTICE = (
    "Суд приговорил {name} к лишению свободы. По словам адвоката, признание получено под пытками в изоляторе. "
    "Защита намерена обжаловать приговор в областном суде."
)
_BEGINNINGS = ("Абдыр", "Токто", "Сады", "Мырза", "Жолдо", "Кара", "Ырыс", "Темир")
_ENDINGS = ("бердиева", "кулова", "манова", "шалиева", "газиева")


def print_figures(streams: Path) -> None:
    """Store the streams and print what came of it."""
    both = [post for name in EDITIONS for post in _stream(streams, name)]
    with archive() as db:
        stored = store_all(db, both)
        story = _stories(db)
        print(f"{len(stored.whole):,} posts in {len(set(story.values())):,} stories; the largest: {_largest(story)}")
        print(f"posts of two editions in one story: {_together(_same_time(both), stored, story):.3f}")
        print(f"{_joins(db)} joins; of {_judged(db, stored)}")
    parallel = [post for path in sorted(streams.glob("*_ntrex_*")) for post in posts_of(path, DAY)]
    parallel = [replace(post, at=DAY + timedelta(minutes=n)) for n, post in enumerate(parallel)]
    with archive() as db:
        stored = store_all(db, parallel)
        print(f"parallel texts in one story: {_together(_same_line(parallel), stored, _stories(db)):.3f}")
    names = [beginning + ending for beginning in _BEGINNINGS for ending in _ENDINGS]
    notices = [
        Post(f"ru:{n}", "ru_notices", "ru", "", _NOTICE.format(name=f"Азамата {name}"), DAY + timedelta(minutes=n))
        for n, name in enumerate(names)
    ]
    with archive() as db:
        store_all(db, notices)
        print(f"{len(notices)} notices that differ in the victim: {len(set(_stories(db).values()))} stories")
    print_cost(streams, both)


def print_cost(streams: Path, posts: Sequence[Post]) -> None:
    """Print what finding a story costs on long articles, and what storing costs in a larger archive."""
    long = [post for name in LONG for post in _stream(streams, name)[:MAX_LONG]]
    with archive() as db:
        stored = store_all(db, long)
        for what, times in (("preparing a long article", stored.preparing), ("finding its story", stored.linking)):
            print(f"{what}: {statistics.mean(times):.1f} ms, median {statistics.median(times):.1f}")
    ordered = sorted(posts, key=lambda post: post.at)
    before, last = ordered[:-THOUSAND], ordered[-THOUSAND:]
    with archive() as empty, archive() as large:
        store_all(large, before)
        first: list[float] = []
        later: list[float] = []
        for start in range(0, THOUSAND, TURN):
            turns = [(empty, first), (large, later)]
            for db, times in turns if start % (2 * TURN) else reversed(turns):
                times += store_all(db, last[start : start + TURN]).whole
    once, again = statistics.mean(first), statistics.mean(later)
    print(f"storing a post: {once:.2f} ms in an empty archive, {again:.2f} after {len(before):,}: x{again / once:.2f}")


def _stream(streams: Path, name: str) -> list[Post]:
    return posts_of(next(streams.glob(f"{name}*")), DAY)


def _stories(db: ArchiveDb) -> dict[int, int]:
    return {row[0]: row[1] for row in db.execute("SELECT article_id, story_id FROM story_members").fetchall()}


def _largest(story: dict[int, int]) -> str:
    sizes = Counter(story.values()).most_common(5)
    return ", ".join(str(size) for _, size in sizes)


def _same_time(posts: Sequence[Post]) -> list[tuple[str, str]]:
    original = {post.at: post.id for post in posts if post.outlet.startswith("ru")}
    return [(post.id, original[post.at]) for post in posts if post.outlet.startswith("uz") and post.at in original]


def _same_line(posts: Sequence[Post]) -> list[tuple[str, str]]:
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for post in posts:
        lines[post.id.rpartition(":")[2]].append(post.id)
    return [pair for same in lines.values() for pair in combinations(same, 2)]


def _together(pairs: Sequence[tuple[str, str]], stored: Stored, story: dict[int, int]) -> float:
    of = stored.article_of
    found = [story[of[a]] == story[of[b]] for a, b in pairs if a in of and b in of]
    return sum(found) / len(found)


def _joins(db: ArchiveDb) -> int:
    return int(db.execute("SELECT count(*) FROM story_members WHERE relation != 'first'").fetchone()[0])


def _judged(db: ArchiveDb, stored: Stored) -> str:
    """The share of this run's joins that a reader found right, among those he read."""
    post_of = {article: post for post, article in stored.article_of.items()}
    rows = db.execute("SELECT article_id, related_to FROM story_members WHERE relation != 'first'").fetchall()
    made = {frozenset((post_of[row[0]], post_of[row[1]])) for row in rows if row[1] in post_of}
    judged = [json.loads(line) for line in JOINS.read_text(encoding="utf-8").splitlines()]
    right = [row["right"] for row in judged if frozenset((row["a"], row["b"])) in made]
    return f"{len(right)} that were read, {sum(right) / len(right):.3f} are right" if right else "none was read"
