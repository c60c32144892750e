"""`acca alarms`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import clear_errors, load_config, reading

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from storage.alerts.alarms import Alarm


@click.command("alarms")
@click.option("--all", "everything", is_flag=True, help="Resolved alarms too, the newest 100.")
@click.option("--check", is_flag=True, help="First look for what is wrong now, as `acca run` does.")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one alarm each.")
@click.pass_context
def command(context: click.Context, everything: bool, check: bool, as_json: bool) -> None:
    """List the open alarms: what is wrong, since when, and what to try.

    `acca run` raises each alarm once, sends it to operations.channels, and sends another message when it is resolved.
    """
    from storage.alerts.alarms import latest_alarms, open_alarms

    if check:
        _check(load_config(context))
    with reading(context) as db:
        alarms = latest_alarms(db, 100) if everything else open_alarms(db)
    if as_json:
        for alarm in alarms:
            click.echo(json.dumps(asdict(alarm), ensure_ascii=False))
    elif alarms:
        print_alarms(alarms)
    else:
        click.echo("No open alarms.")


def _check(config: Config) -> None:
    from contextlib import closing

    from acca_crawler.clock import now
    from acca_crawler.crawl.start import load_outlets
    from acca_crawler.operations.watching import watch
    from storage.schema.database import open_archive, open_read_only

    with clear_errors():
        outlets = {name: spider.outlet for name, spider in load_outlets(config).items() if spider.outlet.enabled}
        open_read_only(config.archive_file).close()
        with closing(open_archive(config.archive_file)) as db:
            watch(db, config, outlets, now())


def print_alarms(alarms: Sequence[Alarm]) -> None:
    """Print each alarm in two lines: what and since when, and what to try."""
    from rich.console import Console
    from rich.text import Text

    from acca_crawler.i18n.alarm_texts import advice, what
    from acca_crawler.i18n.catalogue import language

    console, say = Console(soft_wrap=True, highlight=False), language("en")
    for alarm in alarms:
        state = f"resolved {alarm.resolved_at}" if alarm.resolved_at else "ALARM"
        style = "" if alarm.resolved_at else "bold red"
        console.print(Text(f"{state}: {what(alarm, say)} (since {alarm.since})", style=style))
        console.print(Text(f"    {advice(alarm, say)}"))
