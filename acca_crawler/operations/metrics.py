"""The status report in Prometheus's text exposition format (version 0.0.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from acca_crawler import __version__
from acca_crawler.clock import parse_stamp
from acca_crawler.operations.status_report import StatusReport
from storage.alerts.alarms import AlarmKind
from storage.reports.diff import OutletStatus
from storage.reports.outlet_activity import OutletActivity

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[str, dict[str, str], float]
"""Metric name, labels, value."""

HELP = {
    "acca_info": "Version of acca-crawler.",
    "acca_outlet_ok": "1 if the outlet's last run ended well, else 0.",
    "acca_outlet_status": "1 for the status of the outlet's last run: ok, failed, blocked, killed, running.",
    "acca_outlet_last_run_timestamp_seconds": "Start of the outlet's last run.",
    "acca_outlet_last_success_timestamp_seconds": "Start of the outlet's last crawl that ended well.",
    "acca_outlet_due_timestamp_seconds": "When the outlet is due for its next poll.",
    "acca_outlet_newest_article_timestamp_seconds": "Publication date of the newest stored article.",
    "acca_outlet_articles": "Stored articles.",
    "acca_outlet_week_articles": "Articles published in the last 7 days.",
    "acca_outlet_usual_week_articles": "Median of articles per week in the 8 weeks before.",
    "acca_outlet_pending_addresses": "Addresses that are still to be fetched.",
    "acca_outlet_complaints": "Problems that acca status describes: changed layout, runaway rule, bad runs.",
    "acca_outlet_agreement_ratio": "Text agreement between page and REST interface in the last run.",
    "acca_outlet_last_run_count": "Counts of the outlet's last run, such as new, failed, blocked, refused.",
    "acca_outlet_field_ratio": "Share of the last 28 days' articles that have the field.",
    "acca_outlet_language_articles": "Articles of the last 28 days by language.",
    "acca_way_answered": "1 if the way of discovery answered with recent news at its last attempt, else 0.",
    "acca_channel_deliveries": "Deliveries of an alert channel by state: sent, waiting, parked.",
    "acca_channel_unsent": "Reports that wait for their message.",
    "acca_alarms_open": "Open alarms by kind.",
    "acca_archive_articles": "Stored articles of all outlets.",
    "acca_archive_bytes": "Size of the archive by part: database, warc.",
    "acca_archive_growth_bytes_per_day": "Growth of the archive over the last 28 days.",
    "acca_archive_chain_ok": "1 if the newest manifests form a chain, else 0.",
    "acca_search_index_pieces": "Pieces of the search index, each of which every search looks into.",
    "acca_timestamps": "Outside time-stamps of manifests by state: complete, pending, waiting.",
    "acca_disk_free_bytes": "Free space on the archive's disk.",
}


def prometheus(report: StatusReport) -> str:
    """Return the report as metrics, grouped by name, each with its help and type. Times are in seconds since 1970."""
    by_name: dict[str, list[str]] = {}
    for name, labels, value in _samples(report):
        labelled = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        by_name.setdefault(name, []).append(
            f"{name}{{{labelled}}} {value:.10g}" if labelled else f"{name} {value:.10g}"
        )
    lines = []
    for name, samples in by_name.items():
        lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge", *samples]
    return "\n".join(lines) + "\n"


def _samples(report: StatusReport) -> Iterator[Sample]:
    yield "acca_info", {"version": __version__}, 1
    for status in report.outlets:
        yield from _of_outlet(status, report.activity[status.outlet])
    for channel in report.channels:
        for state in ("sent", "waiting", "parked"):
            yield "acca_channel_deliveries", {"channel": channel.channel, "state": state}, getattr(channel, state)
        yield "acca_channel_unsent", {"channel": channel.channel}, channel.unsent + channel.unseen
    kinds = Counter(alarm.kind for alarm in report.alarms)
    for kind in get_args(AlarmKind):
        yield "acca_alarms_open", {"kind": kind}, kinds[kind]
    archive = report.archive
    yield "acca_archive_articles", {}, archive.articles
    yield "acca_archive_bytes", {"part": "database"}, archive.database
    yield "acca_archive_bytes", {"part": "warc"}, archive.warc
    yield "acca_archive_growth_bytes_per_day", {}, archive.growth
    yield "acca_archive_chain_ok", {}, archive.broken_run is None
    yield "acca_search_index_pieces", {}, archive.index_pieces
    for state in ("complete", "pending", "waiting"):
        yield "acca_timestamps", {"state": state}, getattr(report.timestamps, state)
    yield "acca_disk_free_bytes", {}, archive.free


def _of_outlet(status: OutletStatus, activity: OutletActivity) -> Iterator[Sample]:
    of = {"outlet": status.outlet}
    yield "acca_outlet_ok", of, status.status == "ok"
    yield "acca_outlet_status", {**of, "status": status.status}, 1
    times = {
        "last_run": status.last_run_at,
        "last_success": activity.last_success_at,
        "due": activity.due_at,
        "newest_article": activity.newest_at,
    }
    for name, at in times.items():
        if at:
            yield f"acca_outlet_{name}_timestamp_seconds", of, parse_stamp(at).timestamp()
    yield "acca_outlet_articles", of, status.articles
    yield "acca_outlet_week_articles", of, activity.week_articles
    if activity.usual_week is not None:
        yield "acca_outlet_usual_week_articles", of, activity.usual_week
    yield "acca_outlet_pending_addresses", of, status.waiting
    yield "acca_outlet_complaints", of, len(status.complaints)
    if status.agreement is not None:
        yield "acca_outlet_agreement_ratio", of, status.agreement
    for name, value in status.counts.items():
        yield "acca_outlet_last_run_count", {**of, "count": name}, value
    for name, share in activity.coverage.items():
        yield "acca_outlet_field_ratio", {**of, "field": name}, share
    for language, count in activity.languages.items():
        yield "acca_outlet_language_articles", {**of, "language": language}, count
    for way in activity.ways:
        yield "acca_way_answered", {**of, "way": way.way}, way.outcome == "answered"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
