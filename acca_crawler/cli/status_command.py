"""`acca status`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.alarms_command import print_alarms
from acca_crawler.cli.common import load_config, reading
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acca_crawler.config.loading import Config
    from acca_crawler.operations.status_report import StatusReport
    from storage.alerts.status import ChannelStatus
    from storage.articles.elsewhere import CopyCounts
    from storage.evidence.timestamps import TimestampCounts
    from storage.reports.archive_figures import ArchiveFigures
    from storage.reports.diff import OutletStatus
    from storage.reports.outlet_activity import OutletActivity
    from storage.review.assistance import OutcomeCount
    from storage.review.labelled_alerts import Precision

MEGABYTE = 1_000_000
MIN_DECIDED = 3
"""Decided alerts of a rule, a language or an outlet from which on its precision is shown."""


@click.command("status")
@click.option("--format", "form", type=click.Choice(["text", "json", "prometheus"]), default="text", show_default=True)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option("--counts", is_flag=True, help="Every count of each outlet's last run.")
@click.pass_context
def command(context: click.Context, form: str, counts: bool) -> None:
    """Show each outlet: how its last run went, recent articles, ways of discovery, languages, missing fields.

    Open alarms come first; alert channels (messages sent, pending, given up) and the archive's size and growth last.
    """
    from acca_crawler.clock import now
    from acca_crawler.operations.metrics import prometheus
    from acca_crawler.operations.status_report import status_report

    with reading(context) as db:
        report = status_report(db, load_config(context), now())
    if form == "json":
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    elif form == "prometheus":
        click.echo(prometheus(report), nl=False)
    else:
        _print_all(report, counts, _week(load_config(context), report.at))


def _print_all(report: StatusReport, counts: bool, week: _Week) -> None:
    print_alarms(report.alarms)
    if not report.outlets:
        click.echo("No outlet has been crawled yet.")
    for status in report.outlets:
        _print(status, report.activity[status.outlet], counts)
    _print_channels(report.channels)
    click.echo(_archive_line(report.archive))
    lines = (
        _decisions_line(week.precision), _services_line(week.requests), _timestamps_line(report.timestamps),
        _copies_line(report.copies),
    )  # fmt: skip
    for line in filter(None, lines):
        click.echo(line)


def _archive_line(archive: ArchiveFigures) -> str:
    size = f"database {_mb(archive.database)}, WARC files {_mb(archive.warc)}, {_mb(archive.free)} free"
    left = archive.days_left
    days = "" if left is None else ", enough for more than a year" if left > 365 else f", enough for {left:.0f} days"
    chain = "" if archive.broken_run is None else f"; THE CHAIN IS BROKEN at run {archive.broken_run}: `acca verify`"
    due = f"; next outlet due {archive.next_due_at}" if archive.next_due_at else ""
    index = f"; search index in {counted(archive.index_pieces, 'piece')}"
    return f"archive: {size}; grows by {_mb(archive.growth)} a day{days}{index}{due}{chain}"


@dataclass(frozen=True, slots=True)
class _Week:
    """The last seven days in the review database: precision of decided alerts, requests to services."""

    precision: Sequence[Precision] = ()
    requests: Sequence[OutcomeCount] = ()


def _week(config: Config, at: str) -> _Week:
    from acca_crawler.clock import earlier
    from storage.exceptions import StorageError
    from storage.review import assistance
    from storage.review.database import open_people
    from storage.review.labelled_alerts import outcomes, precision

    if not config.people_file.exists():
        return _Week()
    since = earlier(at, days=7)
    try:
        db = open_people(config.people_file, config.archive_file)
    except StorageError as error:  # on a read-only disk, or for a user who may only read
        click.echo(f"acca: decisions are left out: {error}", err=True)
        return _Week()
    try:
        return _Week(precision(outcomes(db, since)), assistance.counts(db, since))
    finally:
        db.close()


def _services_line(found: Sequence[OutcomeCount]) -> str:
    """Return a line about requests for translations and opinions; empty if none was sent."""
    kinds: dict[str, list[str]] = {}
    for one in found:
        kinds.setdefault(one.kind, []).append(f"{one.requests} {one.outcome}")
    listed = "; ".join(f"{kind}: {', '.join(counts)}" for kind, counts in kinds.items())
    return f"services in 7 days: {listed}" if listed else ""


def _decisions_line(found: Sequence[Precision]) -> str:
    """Return a line with the week's precision, and the lowest by rule, language and outlet; empty without decisions."""
    whole = next((one for one in found if one.kind == "all"), None)
    if whole is None:
        return ""
    parts = []
    for kind in ("rule", "language", "outlet"):
        low = [one for one in found if one.kind == kind and one.decided >= MIN_DECIDED and one.right < one.decided]
        listed = ", ".join(f"{one.name or 'unknown'} {one.right} of {one.decided}" for one in low[:3])
        parts.append(f"; lowest by {kind}: {listed}" if listed else "")
    return f"decided in 7 days: {whole.right} of {whole.decided} alerts confirmed{''.join(parts)}"


def _timestamps_line(found: TimestampCounts) -> str:
    """Return a line about outside time-stamps; empty if none was ever asked for."""
    if not found.complete + found.pending + found.waiting:
        return ""
    error = f"; the last try failed: {found.error}" if found.error else ""
    return f"time-stamps: {found.complete} complete, {found.pending} pending, {found.waiting} waiting{error}"


def _copies_line(found: CopyCounts) -> str:
    """Return a line about copies in other archives; empty if none was ever asked for."""
    if not found.saved + found.found + found.waiting + found.given_up + found.unsearched:
        return ""
    error = f"; the last try failed: {found.error}" if found.error else ""
    made = f"{found.saved} saved, {found.found} found, {found.waiting} waiting, {found.given_up} given up"
    made += f", {found.unsearched} searches failed" if found.unsearched else ""
    return f"elsewhere: {made}{error}"


def _mb(size: float) -> str:
    return f"{size / MEGABYTE:,.1f} MB"


def _print_channels(statuses: Sequence[ChannelStatus]) -> None:
    """Print a line for each channel, followed by why deliveries are parked or waiting."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for status in statuses:
        line = Text(f"{status.channel}: {status.sent} sent")
        if status.problem:
            line.append(f", CAN'T BE USED since {status.problem_since}", style="bold red")
        if status.parked:
            line.append(f", {status.parked} PARKED (`acca alerts send --retry-parked`)", style="bold red")
        if status.waiting:
            line.append(f", {status.waiting} waiting to be tried", style="yellow")
        if status.unsent:
            line.append(f", {counted(status.unsent, 'report')} for a later message")
        if status.unseen:
            line.append(f", {counted(status.unseen, 'report')} since the last `acca alerts send`", style="yellow")
        if status.last_sent_at:
            line.append(f"; the last at {status.last_sent_at}")
        if status.held:
            reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in status.held.items())
            line.append(f"; held back: {reasons}")
        console.print(line)
        for error in (*([status.problem] if status.problem else []), *status.errors):
            console.print(Text(f"    {error}", style="yellow"))


def _print(status: OutletStatus, activity: OutletActivity, counts: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    line = Text(f"{status.outlet}: ")
    line.append(status.status, style="green" if status.status == "ok" else "bold red")
    line.append(f" in run {status.last_run_id} ({status.last_run_at}), through {status.way or 'no way'}; ")
    line.append(f"{counted(status.articles, 'article')}, the newest stored {status.last_new_at or 'never'}")
    if status.waiting:
        line.append(f"; {counted(status.waiting, 'address', 'addresses')} still to fetch", style="yellow")
    if status.agreement is not None:
        line.append(f"; text agreement of page and REST {status.agreement:.0%}")
    console.print(line)
    for detail in _activity_lines(status, activity):
        console.print(Text(f"    {detail}", style="dim"))
    if status.message:
        console.print(Text(f"    {status.message}", style="yellow"))
    for complaint in status.complaints:
        console.print(Text(f"    {complaint}", style="bold red"))
    if counts:
        for name, value in sorted(status.counts.items()):
            console.print(f"    {name}: {value}")


def _activity_lines(status: OutletStatus, activity: OutletActivity) -> Iterator[str]:
    usual = f" ({activity.usual_week:g} are usual)" if activity.usual_week is not None else ""
    well = f"; last ok {activity.last_success_at or 'never'}" if status.status != "ok" else ""
    due = f"; due {activity.due_at}" if activity.due_at else ""
    found = counted(activity.week_articles, "article")
    yield f"7 days: {found}{usual}; newest published {activity.newest_at or '?'}{well}{due}"
    if activity.ways:
        yield "ways: " + ", ".join(
            f"{way.way} {way.outcome}"
            + ("" if way.outcome == "answered" else f" (last worked: {way.last_well_at or 'never'})")
            for way in activity.ways
        )
    if total := sum(activity.languages.values()):
        languages = ", ".join(f"{name} {count / total:.0%}" for name, count in activity.languages.items())
        fields = ", ".join(f"{name} {share:.0%}" for name, share in activity.coverage.items())
        yield f"28 days: {languages}; with {fields}"
