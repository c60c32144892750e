"""Compares what an outlet lists with what the archive contains, article by article, by month.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from storage.ledger.web_archives import ArchiveTotal, totals
from storage.schema.kinds import ArchiveDb

HELD = "stored"


@dataclass(frozen=True, slots=True)
class WayTotal:
    """One way's result in the last census: the total it reports (None if it reports none), and how many it listed."""

    way: str
    outcome: str
    reason: str | None
    listed: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Month:
    """The articles that the outlet lists for a month (`2026-11`, or `unknown`), by result; `stored` is the number
    stored."""

    month: str
    statuses: Counter[str]

    @property
    def listed(self) -> int:
        """The number of articles that the outlet lists."""
        return self.statuses.total()

    @property
    def held(self) -> int:
        """The number of those that are in the archive."""
        return self.statuses[HELD]


@dataclass(frozen=True, slots=True)
class Completeness:
    """The result of a census. `unlisted` are stored articles that the outlet no longer lists, by status of the URL.

    `addresses` counts every URL ever seen by its single status; `archives` is what web archives list.
    """

    outlet: str
    counted_at: str
    ways: Sequence[WayTotal]
    months: Sequence[Month]
    unlisted: Counter[str] = field(default_factory=Counter)
    addresses: Counter[str] = field(default_factory=Counter)
    archives: Sequence[ArchiveTotal] = ()

    @property
    def statuses(self) -> Counter[str]:
        """Count everything that the outlet lists, by result."""
        return sum((month.statuses for month in self.months), Counter())


# One row per article: listed under any number of URLs, it is stored if one of them led to it. Unfetched articles count
# by the status of their URL; a block takes precedence over a URL that is still waiting.
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


def last_census(db: ArchiveDb, outlet: str) -> tuple[int, str] | None:
    """Return number and start of an outlet's last census, or None if there was none."""
    row = db.execute(
        "SELECT id, started_at FROM runs WHERE kind = 'crawl' AND json_extract(arguments, '$.census') = ? "
        "AND id IN (SELECT run_id FROM way_attempts WHERE outcome = 'answered') ORDER BY id DESC LIMIT 1",
        [outlet],
    ).fetchone()
    return (row["id"], row["started_at"]) if row else None


def completeness(db: ArchiveDb, outlet: str, run_id: int, counted_at: str) -> Completeness:
    """Return an outlet's completeness by the census of this run, started at `counted_at` (UTC)."""
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
    return Completeness(outlet, counted_at, ways, ordered, unlisted, addresses, totals(db, outlet))
