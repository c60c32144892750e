"""Joins of posts on streams stored whole: how many of those that a reader judged are right, and which to read next.

    python -m benchmarks.joins STREAMS [--only GROUP ...] [--minutes APART] [--read COUNT] [--seed NUMBER]

A join is a report and the one that it was related to. `data/dedup/joins.jsonl` holds their places in the streams and
what a reader found: `right`, and of later ones `judged` (same, follow-up or different) and why; the shipped weights are
fitted to none that is `unfitted`. The two editions of an outlet are stored together, as are the outlets with dates; a
stream without dates is stored alone, ten minutes from post to post, so that what lay weeks apart counts as of one day:
harder than a crawl, to which `--minutes` comes closer (800 for the agency's two posts a day, 72 for twenty headlines a
day).
`--read` prints a random sample of the joins that were not read yet, translations of the editions left out; the same
event in the other edition counts as read. The figure to be stated is that of `benchmarks/held_out_joins.py`.
"""

from __future__ import annotations

import argparse
import json
import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from acca_crawler.dedup.document import Document
from acca_crawler.dedup.habits import LATEST
from benchmarks._streams import Post, archive, posts_of, store_all
from benchmarks.dedup import Pair

JOINS = Path(__file__).parent / "data" / "dedup" / "joins.jsonl"
GROUPS = {
    "editions": ("ru_gazeta", "uz_gazeta"),
    "uzbek edition": ("uz_gazeta",),
    "dated": ("ru_tengrinews", "ru_upl", "uz_uznews"),
    "agency": ("en_primeminister",),
    "rumours": ("uz_antifake",),
    "headlines": ("ky_ud",),
    "state headlines": ("kk_gov_headlines",),
}
YEARS_AS_DAYS = "kk_gov_headlines"
AS_CRAWLED = {"en_primeminister": 800, "uz_antifake": 800, "kk_gov": 240, "ky_ud": 72}
"""Minutes from post to post of streams without dates, at most those of their outlets: two, six and twenty a day."""
SHOWN = 400
"""Letters of a post that are printed."""
_START, _APART = datetime(2024, 5, 22, tzinfo=UTC), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Join:
    """Two posts of which the second had been stored when the first was related to it."""

    a: Post
    b: Post
    relation: str

    @property
    def event(self) -> frozenset[str]:
        """What a join of the same two reports in the other edition shares: the times, or without dates the places."""
        return _event(self.a, self.b)

    @property
    def is_edition(self) -> bool:
        """Whether the two are one post in two editions."""
        return len(self.event) == 1


@dataclass(frozen=True, slots=True)
class Judged:
    """A join that was read."""

    a: Post
    b: Post
    right: bool
    how: str
    unfitted: bool


@dataclass(frozen=True, slots=True)
class JoinOfAnOutlet:
    """Two posts of an outlet that a reader judged, the stems of its `LATEST` others up to the later one, and how many
    came between."""

    pair: Pair
    latest: list[frozenset[str]]
    between: int
    unfitted: bool


def joins_read(streams: Path) -> list[JoinOfAnOutlet]:
    """All joins that were read; those of two outlets have no latest others."""
    return list(_joins_read(streams))


def as_crawled(pair: Pair) -> Pair:
    """A pair of a stream without dates as far apart as its outlet published it, another as it is."""
    minutes = next((minutes for name, minutes in AS_CRAWLED.items() if pair.a.outlet.startswith(name)), None)
    return replace(pair, a=_at(pair.a, minutes), b=_at(pair.b, minutes)) if minutes else pair


def _at(side: Document, minutes: int) -> Document:
    posts = (datetime.fromisoformat(str(side.published)) - _START) / _APART
    return replace(side, published=(_START + posts * timedelta(minutes=minutes)).isoformat())


def is_of_years(pair: Pair) -> bool:
    """Whether a pair is of a stream of years that counts as days."""
    return pair.a.outlet.startswith(YEARS_AS_DAYS)


def _joins_read(streams: Path) -> Iterator[JoinOfAnOutlet]:
    of_outlet: dict[str, list[Post]] = {}
    stems = cache(lambda post: _document(post).profile.stems)
    for one in _judged(streams):
        outlet = one.a.outlet
        if outlet != one.b.outlet or one.a.language != one.b.language:
            yield JoinOfAnOutlet(_pair(one), [], 0, one.unfitted)
            continue
        if outlet not in of_outlet:
            of_outlet[outlet] = _distinct(posts_of(streams / f"{outlet}.jsonl.gz", _START))
        posts = of_outlet[outlet]
        first, later = sorted(bisect_left(posts, side.at, key=lambda post: post.at) for side in (one.a, one.b))
        latest = [stems(post) for post in posts[max(0, later - LATEST) : later] if post.at != posts[first].at]
        yield JoinOfAnOutlet(_pair(one), latest, max(0, later - first - 1), one.unfitted)


def _pair(one: Judged) -> Pair:
    return Pair(one.how, one.a.language, _document(one.a), _document(one.b), one.right)


def _document(post: Post) -> Document:
    return Document(post.title, post.text, post.language, published=post.at.isoformat(), outlet=post.outlet)


def _distinct(posts: list[Post]) -> list[Post]:
    """The posts in order of time, without later ones of the same text."""
    first = {" ".join(f"{post.title} {post.text}".lower().split()): post for post in reversed(posts)}
    return sorted(first.values(), key=lambda post: post.at)


def _judged(streams: Path) -> list[Judged]:
    rows = [json.loads(line) for line in JOINS.read_text(encoding="utf-8").splitlines()]
    names = {row[side].rpartition(":")[0] for row in rows for side in "ab"}
    post = {post.id: post for name in names for post in posts_of(streams / f"{name}.jsonl.gz", _START)}
    return [
        Judged(
            post[row["a"]],
            post[row["b"]],
            row["right"],
            row.get("judged", "same" if row["right"] else "different"),
            row.get("unfitted", False),
        )
        for row in rows
    ]


def _event(a: Post, b: Post) -> frozenset[str]:
    return frozenset(post.at.isoformat() if "gazeta" in post.outlet else post.id for post in (a, b))


def joins_of(streams: Path, names: Sequence[str], minutes: int) -> tuple[list[Join], list[int]]:
    """Store streams together, posts without a date some minutes apart; their joins, and the largest stories."""
    posts = [_spaced(post, minutes) for name in names for post in posts_of(next(streams.glob(f"{name}*")), _START)]
    distinct = _distinct(posts)
    by_id = {post.id: post for post in distinct}
    with archive() as db:
        stored = store_all(db, distinct)
        post_of = {article: by_id[post] for post, article in stored.article_of.items()}
        rows = db.execute(
            "SELECT article_id, related_to, relation FROM story_members WHERE relation != 'first' ORDER BY article_id"
        ).fetchall()
        sizes = db.execute("SELECT count(*) FROM story_members GROUP BY story_id ORDER BY 1 DESC LIMIT 5").fetchall()
    found = [Join(post_of[a], post_of[b], relation) for a, b, relation in rows if a in post_of and b in post_of]
    return found, [row[0] for row in sizes]


def _spaced(post: Post, minutes: int) -> Post:
    """A post with a time of its own, or one without as many minutes after the one before."""
    number = int(post.id.rpartition(":")[2])
    if post.at != _START + number * _APART:
        return post
    return replace(post, at=_START + timedelta(minutes=minutes * number))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("streams", type=Path)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=[*GROUPS])
    parser.add_argument("--minutes", type=int, default=10, help="between posts without a date")
    parser.add_argument("--read", type=int, default=0, help="how many unread joins to print")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdicts = {_event(one.a, one.b): one.right for one in _judged(options.streams)}
    unread: list[tuple[str, Join]] = []
    for group in options.only:
        joins, largest = joins_of(options.streams, GROUPS[group], options.minutes)
        others = [join for join in joins if not join.is_edition]
        read = [verdicts[join.event] for join in others if join.event in verdicts]
        unread += [(group, join) for join in others if join.event not in verdicts]
        print(f"{group}: {len(joins)} joins, {len(others)} not of two editions, {sum(read)} of {len(read)} read right;",
              f"largest stories {largest}", flush=True)  # fmt: skip
    unread.sort(key=lambda one: (one[1].a.id, one[1].b.id))
    print(f"{len(unread)} joins are not read")
    for group, join in random.Random(options.seed).sample(unread, min(options.read, len(unread))):
        print(f"\n{group}, {join.relation}: {join.a.id} {join.b.id}")
        for post in (join.a, join.b):
            print(f"  {post.at:%Y-%m-%d %H:%M} {' '.join(f'{post.title} {post.text}'.split())[:SHOWN]}")


if __name__ == "__main__":
    main()
