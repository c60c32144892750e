"""`acca status`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import reading

if TYPE_CHECKING:
    from storage.alerts.status import ChannelStatus
    from storage.reports.diff import OutletStatus


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--counts", is_flag=True, help="Every count of each outlet's last run.")
@click.pass_context
def command(context: click.Context, as_json: bool, counts: bool) -> None:
    """Show how each outlet's last run went: which way in answered, what failed, what was blocked.

    Then show each alert channel: messages sent, pending and given up.
    """
    from storage.alerts.status import channel_statuses
    from storage.reports.diff import outlet_statuses

    with reading(context) as db:
        statuses = list(outlet_statuses(db))
        channels = channel_statuses(db)
    if as_json:
        found = {"outlets": [asdict(one) for one in statuses], "channels": [asdict(one) for one in channels]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if not statuses:
        click.echo("No outlet has been crawled yet.")
    for status in statuses:
        _print(status, counts)
    if channels:
        _print_channels(channels)


def _print_channels(statuses: list[ChannelStatus]) -> None:
    """Print a line for each channel, followed by why deliveries are parked or waiting."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for status in statuses:
        line = Text(f"{status.channel}: {status.sent} sent")
        if status.parked:
            line.append(f", {status.parked} PARKED (`acca alerts send --retry-parked`)", style="bold red")
        if status.waiting:
            line.append(f", {status.waiting} waiting to be tried", style="yellow")
        if status.unsent:
            line.append(f", {status.unsent} reports for a later message")
        if status.unseen:
            line.append(f", {status.unseen} reports since the last `acca alerts send`", style="yellow")
        line.append(f"; the last at {status.last_sent_at or 'no time yet'}")
        if status.held:
            reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in status.held.items())
            line.append(f"; held back: {reasons}")
        console.print(line)
        for error in status.errors:
            console.print(Text(f"    {error}", style="yellow"))


def _print(status: OutletStatus, counts: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    line = Text(f"{status.outlet}: ")
    line.append(status.status, style="green" if status.status == "ok" else "bold red")
    line.append(f" in run {status.last_run_id} ({status.last_run_at}), through {status.way or 'no way'}; ")
    line.append(f"{status.articles} articles, the newest stored {status.last_new_at or 'never'}")
    if status.waiting:
        line.append(f"; {status.waiting} addresses still to fetch", style="yellow")
    if status.agreement is not None:
        line.append(f"; page and REST agree to {status.agreement:.0%}")
    console.print(line)
    if status.message:
        console.print(Text(f"    {status.message}", style="yellow"))
    for complaint in status.complaints:
        console.print(Text(f"    {complaint}", style="bold red"))
    if counts:
        for name, value in sorted(status.counts.items()):
            console.print(f"    {name}: {value}")
