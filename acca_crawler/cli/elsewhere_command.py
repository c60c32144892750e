"""`acca elsewhere`."""

from __future__ import annotations

import sys

import click

from acca_crawler.cli.common import FAILED, USAGE, clear_errors, give_up, load_config


@click.command("elsewhere")
@click.pass_context
def command(context: click.Context) -> None:
    """Ask other web archives to keep flagged reports too, and look there for earlier captures of removed ones.

    Only those that acca.toml turns on: evidence.wayback (Save Page Now) and evidence.archive_today. They learn which
    pages interest you. Prints the address of each copy; they are also on the cover of an evidence pack. Run it by cron;
    exits with 1 if an archive refused, what it did not do is tried again.
    """
    from acca_crawler.archives.choosing import client_for
    from acca_crawler.archives.elsewhere import keep_elsewhere
    from storage.schema.database import open_archive, open_read_only

    config = load_config(context)
    if not config.evidence.wayback and not config.evidence.archive_today:
        give_up("no other archive is turned on: evidence.wayback, evidence.archive_today in acca.toml", USAGE)
    failed = False
    with clear_errors():
        open_read_only(config.archive_file).close()
        db = open_archive(config.archive_file)
        for one in keep_elsewhere(db, config, client_for(config)):
            failed = failed or one.error is not None
            click.echo(f"{one.article_id:>6}  {one.service}  {one.address or f'not kept: {one.error}'}")
        db.close()
    if failed:
        sys.exit(FAILED)
