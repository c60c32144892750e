"""What an outlet says it has against what the archive holds, article by article, by month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

HELD = "stored"


@dataclass(frozen=True, slots=True)
class WayTotal:
    """What one way said in the last census: how many articles in all (None where it does not say), how many listed."""

    way: str
    outcome: str
    reason: str | None
    listed: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """What the outlet lists of a month (`2026-11`, or `unknown`), by what became of it; `stored` is what we hold."""

    month: str
    statuses: Counter[str]

    @property
    def listed(self) -> int:
        """How many articles the outlet lists."""
        return self.statuses.total()

    @property
    def held(self) -> int:
        """How many of them the archive holds."""
        return self.statuses[HELD]


@dataclass(frozen=True, slots=True)
class Completeness:
    """The result of a census. `unlisted` is what we hold and the outlet lists no more, by status of its address.

    `addresses` counts every address ever seen by its one status.
    """

    outlet: str
    counted_at: str
    ways: Sequence[WayTotal]
    months: Sequence[Month]
    unlisted: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)

    @property
    def statuses(self) -> Counter[str]:
        """What became of everything that the outlet lists."""
        return sum((month.statuses for month in self.months), Counter())


# One row for each article: under however many addresses it is listed, it is held if one of them led to it. What
# could not be fetched counts by the status of its address; a block says more than an address that still waits.
_ARTICLES = """
    SELECT substr(coalesce(max(revisions.published_at), min(listed_published_at), min(listed_modified_at), 'unknown'),
                  1, 7) AS month,
           CASE WHEN max(addresses.article_id) IS NOT NULL THEN 'stored' ELSE min(addresses.status) END AS status,
           max(last_listed_at) >= :since AS listed,
           max(CASE WHEN addresses.article_id IS NOT NULL THEN addresses.status END) AS last_status
    FROM addresses
    LEFT JOIN articles ON articles.id = addresses.article_id
    LEFT JOIN revisions ON revisions.id = articles.revision_id
    WHERE addresses.outlet = :outlet AND addresses.way NOT LIKE 'import of %'
    GROUP BY coalesce('article ' || addresses.article_id, addresses.identity, addresses.url)
"""


def last_census(db: Database, outlet: str) -> tuple[int, str] | None:
    """Number and start of the last census of an outlet, or None where there was none."""
    row = db.execute(
        "SELECT id, started_at FROM runs WHERE kind = 'crawl' AND json_extract(arguments, '$.census') = ? "
        "AND id IN (SELECT run_id FROM way_attempts WHERE outcome = 'answered') ORDER BY id DESC LIMIT 1",
        [outlet],
    ).fetchone()
    return (row["id"], row["started_at"]) if row else None


def completeness(db: Database, outlet: str, run_id: int, counted_at: str) -> Completeness:
    """What the census of this run, begun at `counted_at` (UTC), says of an outlet."""
    ways = [
        WayTotal(row["way"], row["outcome"], row["reason"], row["found"], row["total"])
        for row in db.execute(
            "SELECT way, outcome, reason, found, total FROM way_attempts WHERE run_id = ? AND outlet = ? ORDER BY id",
            [run_id, outlet],
        ).fetchall()
    ]
    months: dict[str, Counter[str]] = {}
    unlisted: Counter[str] = Counter()
    for row in db.execute(_ARTICLES, {"outlet": outlet, "since": counted_at}):
        if row["listed"]:
            months.setdefault(row["month"], Counter())[row["status"]] += 1
        elif row["status"] == HELD:
            unlisted[row["last_status"]] += 1
    addresses: Counter[str] = Counter(
        {
            row["status"]: row["count"]
            for row in db.execute(
                "SELECT status, count(*) AS count FROM addresses WHERE outlet = ? GROUP BY status", [outlet]
            )
        }
    )
    ordered = [Month(month, months[month]) for month in sorted(months, reverse=True)]
    return Completeness(outlet, counted_at, ways, ordered, unlisted, addresses)
