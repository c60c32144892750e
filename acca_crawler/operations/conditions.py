"""Finds what an operator must act on: in outlets, deliveries, the disk and the chain of manifests.

`now` is an aware time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from acca_crawler.clock import parse_stamp, stamp
from acca_crawler.config.loading import Config
from acca_crawler.operations.status_report import StatusReport
from acca_crawler.outlets import Outlet
from storage.alerts.alarms import Condition, Details
from storage.alerts.status import MANY_TRIES
from storage.articles.elsewhere import ARCHIVE_TODAY, WAYBACK, uncopied
from storage.evidence.timestamps import undated
from storage.reports.diff import OutletStatus
from storage.reports.health import layout_changes
from storage.reports.outlet_activity import OutletActivity
from storage.reports.trouble import BadStreak, article_refusals, bad_streak, way_refusals
from storage.schema.kinds import ArchiveDb

MIN_STREAK_RUNS, MIN_STREAK_HOURS = 3, 6.0
"""A streak of bad runs shorter than this is not an alarm."""

HABIT_FACTOR = 2.0
"""A streak or a silence is beyond habit from this many times the longest earlier one."""

MIN_SILENT_DAYS = 2
ENOUGH_DAYS = 5
"""Days with articles from which an outlet's own pauses are its habit; before, its declared silence counts."""

EMPTY_DAYS = 3
"""A site lists its last articles on the first day; one of which only the region's are fetched may have none for as long
as its declared silence."""

ENOUGH_REFUSED = 3

MIN_WEEKDAYS, FEW, MANY = 4, 0.25, 3.0
MIN_USUAL, MIN_MANY = 4, 20
"""A weekday needs 4 earlier ones. Too few: below a quarter of their median, if that is at least 4. Too many: above
three times their maximum, if that is at least 20."""

OVERDUE_HOURS = 6
UNDATED_DAYS = 3
"""A manifest dates all before it: an authority that is away for less than this costs little."""

UNCOPIED_DAYS = 3
"""A request is given up after 85 hours of failed tries: the alarm comes before."""

FULL_IN_DAYS = 14
GIGABYTE = 1_000_000_000

OFF_HOSTS = re.compile(r"leads off the outlet's hosts, to (\S+)")


def conditions(
    db: ArchiveDb, report: StatusReport, config: Config, outlets: Mapping[str, Outlet], now: datetime
) -> Iterator[Condition]:
    """Yield the conditions that call for an alarm now. `outlets` are the enabled ones; others are left out.

    So are channels that acca.toml names no more.
    """
    for status in report.outlets:
        if status.outlet in outlets:
            activity = report.activity[status.outlet]
            yield from _of_outlet(db, status, activity, outlets[status.outlet], now)
    yield from _overdue(report, outlets, now)
    yield from _undelivered(report, {channel.name for channel in config.channel})
    archive = report.archive
    left = archive.days_left
    if archive.free < config.operations.min_free_gb * GIGABYTE or (left is not None and left < FULL_IN_DAYS):
        days = "?" if left is None else f"{left:.0f}"
        yield Condition("disk", "", {"free": round(archive.free / GIGABYTE, 1), "days": days}, report.at)
    if archive.broken_run is not None:
        yield Condition("chain", "", {"run": archive.broken_run}, report.at)
    yield from _undated(db, config, now)
    yield from _uncopied(db, config, now)


def _of_outlet(
    db: ArchiveDb, status: OutletStatus, activity: OutletActivity, outlet: Outlet, now: datetime
) -> Iterator[Condition]:
    refused = list(_refused(db, status))
    yield from refused
    streak = bad_streak(db, status.outlet, status.last_run_id)
    if streak is not None:
        if not refused:
            yield from _failing(status, streak, now)
    else:
        yield from _silent(status, activity, outlet, now)
        yield from _volume(status.outlet, activity, now.date())
    if complaints := layout_changes(db, status.outlet):
        yield Condition("layout", status.outlet, {"complaint": complaints[0]}, status.last_run_at)


def _refused(db: ArchiveDb, status: OutletStatus) -> Iterator[Condition]:
    """Everything the last run asked for was refused: the site has moved to another host, or robots.txt forbids it.

    Where a run ended well, another way of discovery answered and had nothing new: one that leads elsewhere, or one or
    two such articles, are no move.
    """
    if status.counts.get("read") or status.counts.get("fetched"):
        return
    bad = status.status in ("failed", "blocked")
    reasons = article_refusals(db, status.outlet, status.last_run_id)
    if bad:
        reasons += way_refusals(db, status.outlet, status.last_run_id)
    hosts = Counter(found[1] for reason in reasons.elements() if (found := OFF_HOSTS.search(reason)))
    if hosts and (bad or hosts.total() >= ENOUGH_REFUSED):
        yield Condition("moved", status.outlet, {"host": hosts.most_common(1)[0][0]}, status.last_run_at)
    elif reasons.total() >= ENOUGH_REFUSED and status.counts.get("refused", 0) >= ENOUGH_REFUSED:
        details: Details = {"count": status.counts["refused"], "reason": reasons.most_common(1)[0][0]}
        yield Condition("refused", status.outlet, details, status.last_run_at)


def _failing(status: OutletStatus, streak: BadStreak, now: datetime) -> Iterator[Condition]:
    hours = (now - parse_stamp(streak.since)).total_seconds() / 3600
    if streak.runs < MIN_STREAK_RUNS or hours < max(MIN_STREAK_HOURS, HABIT_FACTOR * streak.longest_hours_before):
        return
    if status.status == "blocked":
        yield Condition("blocked", status.outlet, {"runs": streak.runs}, streak.since)
    else:
        details: Details = {"runs": streak.runs, "reason": status.message or status.status}
        yield Condition("failing", status.outlet, details, streak.since)


def _silent(status: OutletStatus, activity: OutletActivity, outlet: Outlet, now: datetime) -> Iterator[Condition]:
    days = sorted(date.fromisoformat(day) for day in activity.days)
    stored_at = activity.newest_at or status.last_new_at
    if stored_at is None:
        yield from _empty(status.outlet, activity, outlet, now)
        return
    newest = days[-1] if days else parse_stamp(stored_at).date()
    usual = outlet.expected.max_silence_days
    most = float(usual)
    if len(days) >= ENOUGH_DAYS:
        usual = max((later - earlier).days for earlier, later in pairwise(days))
        most = min(max(HABIT_FACTOR * usual, MIN_SILENT_DAYS), most)
    silent = (now.date() - newest).days
    if silent > most:
        yield Condition("silent", status.outlet, {"days": silent, "usual": usual}, newest.isoformat())


def _empty(name: str, activity: OutletActivity, outlet: Outlet, now: datetime) -> Iterator[Condition]:
    """Crawls end well, but none has ever given an article: the address or the rules are wrong."""
    if activity.first_crawl_at is None:
        return
    days = (now - parse_stamp(activity.first_crawl_at)).days
    if days >= (EMPTY_DAYS if outlet.concerns == "all" else outlet.expected.max_silence_days):
        yield Condition("empty", name, {"days": days}, activity.first_crawl_at)


def _volume(name: str, activity: OutletActivity, today: date) -> Iterator[Condition]:
    """Compare yesterday with the same weekday of the weeks before, as far back as the outlet has articles."""
    if not activity.days:
        return
    yesterday, first = today - timedelta(days=1), date.fromisoformat(min(activity.days))
    earlier = [yesterday - timedelta(weeks=back) for back in range(1, 9)]
    usual = [activity.days.get(day.isoformat(), 0) for day in earlier if day > first]
    if len(usual) < MIN_WEEKDAYS:
        return
    count = activity.days.get(yesterday.isoformat(), 0)
    too_few = median(usual) >= MIN_USUAL and count < FEW * median(usual)
    too_many = count >= MIN_MANY and count > MANY * max(usual)
    if too_few or too_many:
        details: Details = {"count": count, "day": yesterday.isoformat(), "least": min(usual), "most": max(usual)}
        yield Condition("volume", name, details, yesterday.isoformat())


def _overdue(report: StatusReport, outlets: Mapping[str, Outlet], now: datetime) -> Iterator[Condition]:
    limit = stamp(now - timedelta(hours=OVERDUE_HOURS))
    due = {name: found.due_at for name, found in report.activity.items() if name in outlets}
    late = sorted((at, name) for name, at in due.items() if at and at < limit)
    if late:
        yield Condition("overdue", "", {"count": len(late), "outlet": late[0][1]}, late[0][0])


def _undelivered(report: StatusReport, names: Set[str]) -> Iterator[Condition]:
    for channel in report.channels:
        if channel.channel not in names:
            continue
        error = channel.errors[0] if channel.errors else "?"
        if channel.problem is not None:
            yield Condition("unusable", channel.channel, {"error": channel.problem}, channel.problem_since or report.at)
        if channel.failing_since is not None:
            details: Details = {"tries": MANY_TRIES, "error": error}
            yield Condition("undelivered", channel.channel, details, channel.failing_since)
        if channel.parked:
            details = {"count": channel.parked, "error": error}
            yield Condition("parked", channel.channel, details, channel.parked_since or report.at)


def _undated(db: ArchiveDb, config: Config, now: datetime) -> Iterator[Condition]:
    limit = stamp(now - timedelta(days=UNDATED_DAYS))
    for url in (*(authority.url for authority in config.evidence.authority), *config.evidence.calendars):
        owed = undated(db, url)
        if owed is not None and owed.since < limit:
            yield Condition("undated", url, {"days": UNDATED_DAYS, "error": owed.error}, owed.since)


def _uncopied(db: ArchiveDb, config: Config, now: datetime) -> Iterator[Condition]:
    limit, ours = stamp(now - timedelta(days=UNCOPIED_DAYS)), config.evidence
    for service, is_on in ((WAYBACK, ours.wayback), (ARCHIVE_TODAY, ours.archive_today)):
        owed = uncopied(db, service) if is_on else None
        if owed is not None and owed.since < limit:
            yield Condition("uncopied", service, {"days": UNCOPIED_DAYS, "error": owed.error}, owed.since)
