"""`acca schedule`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from acca_crawler.cli.common import FAILED, USAGE, account_name, clear_errors, give_up, load_config


@click.command("schedule")
@click.option("--cron", "form", flag_value="cron", default="cron", help="Lines for a crontab (the default).")
@click.option("--systemd", "form", flag_value="systemd", help="Services and timers for systemd.")
@click.option(
    "--backup", type=click.Path(path_type=Path, file_okay=False), help="Also back up to this directory, daily."
)
@click.option("--user", help="The user that systemd's services run as; by default you.")
@click.option(
    "--write", type=click.Path(path_type=Path, file_okay=False, exists=True), help="Write systemd's files there."
)
@click.pass_context
def command(context: click.Context, form: str, backup: Path | None, user: str | None, write: Path | None) -> None:
    """Print cron or systemd entries for this archive's jobs: `acca run`, a weekly `acca verify`, a daily backup.

    Nothing is installed. With systemd, write the files to /etc/systemd/system and enable the timers.
    """
    if form == "cron" and (user or write):
        give_up(f"{'--user' if user else '--write'} goes with --systemd", USAGE)
    from acca_crawler.operations import schedule_entries as entries

    config = load_config(context)
    if config.file is None:
        give_up("there is no acca.toml here: `acca init` writes one", FAILED)
    target = backup.absolute() if backup else None
    feeds = [config.base_directory / channel.directory for channel in config.channel if channel.kind == "atom"]
    place = entries.JobPlace(config.file.parent, config.file, _program(), config.archive_directory, feeds, target)
    chosen = entries.jobs(config.operations.run_minutes, target)
    if form == "cron":
        click.echo(entries.crontab(place, chosen), nl=False)
        return
    user = user or account_name()
    units = entries.systemd_units(place, chosen, user)
    for name, text in units.items():
        if write is None:
            click.echo(f"# /etc/systemd/system/{name}\n{text}")
            continue
        with clear_errors():
            (write / name).write_text(text, encoding="utf-8")
        click.echo(f"Wrote {write / name}")
    for line in entries.missing_directories(place, user):
        click.echo(f"# first: {line}")
    timers = " ".join(name for name in units if name.endswith(".timer"))
    click.echo(f"# then: systemctl daemon-reload && systemctl enable --now {timers}")


def _program() -> Path:
    """Return the installed `acca` beside this Python."""
    return Path(sys.executable).with_name("acca")
