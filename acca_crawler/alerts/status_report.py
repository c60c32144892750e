"""How the channels fare, for `acca status`."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from storage.alerts.outbox import ChannelStatus


def print_channels(statuses: list[ChannelStatus], console: Console) -> None:
    """Print a line for each channel, and below it why something is parked or waits."""
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
            told = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in status.held.items())
            line.append(f"; held back: {told}")
        console.print(line)
        for error in status.errors:
            console.print(Text(f"    {error}", style="yellow"))
