"""Chooses the rule that sends an entry to a channel, and holds back entries that are not news."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from acca_crawler.clock import earlier
from acca_crawler.config.alerts import AlertRule, AlertsSection, Hold
from storage.alerts.entries import Entry, RoutedEntry
from storage.articles.varieties import varieties_of

FOUND = frozenset({"new", "update", "edited"})
"""Kinds that are news only while the report is recent. A softened or removed report is news at any age."""


def route(entry: Entry, rules: Sequence[AlertRule], alerts: AlertsSection) -> RoutedEntry | None:
    """Return an entry's route to a channel with these rules; None if no rule matches."""
    rule = next((rule for rule in rules if matches(rule, entry)), None)
    return RoutedEntry(entry.id, rule.name, held_for(entry, alerts)) if rule else None


def matches(rule: AlertRule, entry: Entry) -> bool:
    """Return whether a rule matches an entry. Unknown values match: a superfluous alert is better than a missed one."""
    return (
        entry.level in rule.levels
        and (not rule.kinds or entry.kind in rule.kinds)
        and _passes(rule.outlets, entry.outlet)
        and _passes(rule.countries, entry.country)
        and _passes([one for wanted in rule.languages for one in varieties_of(wanted)], entry.language)
        and (not rule.categories or not entry.categories or not set(rule.categories).isdisjoint(entry.categories))
    )


def _passes(wanted: Collection[str], value: str | None) -> bool:
    return not wanted or value is None or value in wanted


def held_for(entry: Entry, alerts: AlertsSection) -> str | None:
    """Return why an entry is held back, or None if it is sent."""
    if entry.kind not in FOUND:
        return None
    origins: tuple[tuple[Hold, bool], ...] = (
        ("import", entry.run_kind == "import"),
        ("reprocess", entry.run_kind == "reprocess"),
        ("backfill", entry.backfill),
        ("first_crawl", entry.first_crawl and entry.run_kind == "crawl"),
    )
    for hold, applies in origins:
        if applies and hold in alerts.hold:
            return hold
    believed = entry.published_at if entry.published_certainty != "low" else None  # a guess does not hold it back
    date = believed or entry.first_seen_at
    return "old" if date < earlier(entry.created_at, days=alerts.max_age_days)[: len(date)] else None
