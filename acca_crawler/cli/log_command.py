"""`acca log`."""

from __future__ import annotations

import json

import click

from acca_crawler.cli.choices import NUMBER
from acca_crawler.cli.common import FAILED, give_up, load_config, reading

LEVELS = ("INFO", "WARNING", "ERROR", "CRITICAL")


@click.command("log")
@click.argument("run", type=NUMBER, required=False)
@click.option("--outlet", help="Only records of this outlet.")
@click.option("--level", type=click.Choice(LEVELS, case_sensitive=False), default="INFO", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, as in the log file.")
@click.pass_context
def command(context: click.Context, run: int | None, outlet: str | None, level: str, as_json: bool) -> None:
    """Show the log of RUN (by default the last one): how it went for each outlet, and every record of it.

    Log files are in the archive's directory `logs`, rotated at 10 MB; the oldest of ten is deleted.
    """
    from acca_crawler.operations.logs import records_of
    from storage.ledger.runs import run_summary

    config = load_config(context)
    with reading(context) as db:
        summary = run_summary(db, run)
    if summary is None:
        give_up(f"there is no run {run}" if run else "there is no run yet", FAILED)
    if not as_json:
        until = summary.finished_at or "?"
        click.echo(f"run {summary.id}: {summary.kind}, {summary.started_at} to {until}, {summary.status}")
        for name, status, message in summary.outlets:
            if outlet in (None, name):
                click.echo(f"  {name}: {status}{f': {message}' if message else ''}")
    shown = LEVELS[LEVELS.index(level.upper()) :]
    for record in records_of(config, summary.id):
        if record["level"] not in shown or (outlet and record.get("outlet") != outlet):
            continue
        if as_json:
            click.echo(json.dumps(record, ensure_ascii=False))
            continue
        about = f" {record['outlet']}" if "outlet" in record else ""
        click.echo(f"{record['time']} {record['level']}{about} [{record['logger']}] {record['message']}")
        if "exception" in record:
            click.echo(record["exception"])
