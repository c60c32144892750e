"""`acca vacuum`."""

from __future__ import annotations

import click

from acca_crawler.cli.common import clear_errors, load_config, writing


@click.command("vacuum")
@click.pass_context
def command(context: click.Context) -> None:
    """Return the database's free pages to the disk. Needs as much free disk space as the size of the database."""
    from storage.evidence.retention import vacuum

    config = load_config(context)
    with clear_errors(), writing(config) as db:
        before, after = vacuum(db)
    click.echo(f"{config.archive_file}: {before:,} bytes before, {after:,} after")
