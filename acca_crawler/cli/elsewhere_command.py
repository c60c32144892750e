"""`acca elsewhere`."""

from __future__ import annotations

import sys
from contextlib import closing

import click

from acca_crawler.cli.common import FAILED, LOCKED, USAGE, clear_errors, give_up, load_config


@click.command("elsewhere")
@click.pass_context
def command(context: click.Context) -> None:
    """Ask other web archives to keep flagged reports too, and look there for earlier captures of removed ones.

    Only those that acca.toml turns on: evidence.wayback (Save Page Now) and evidence.archive_today. They learn which
    pages interest you. Prints the address of each copy; they are also on the cover of an evidence pack. `acca run` does
    the same, for evidence.elsewhere_minutes. Exits with 1 if an archive refused, with 3 if another process is asking;
    what was not done is tried again.
    """
    from acca_crawler.archives.choosing import client_for
    from acca_crawler.archives.elsewhere import keep_elsewhere
    from storage.exceptions import ArchiveLocked
    from storage.schema.database import open_archive, open_read_only
    from storage.schema.lock import writer_lock

    config = load_config(context)
    if not config.evidence.wayback and not config.evidence.archive_today:
        give_up("no other archive is turned on: evidence.wayback, evidence.archive_today in acca.toml", USAGE)
    failed = False
    with clear_errors():
        open_read_only(config.archive_file).close()
        try:
            with writer_lock(config.elsewhere_lock_file), closing(open_archive(config.archive_file)) as db:
                for one in keep_elsewhere(db, config, client_for(config), at_once=True):
                    failed = failed or one.error is not None
                    click.echo(f"{one.article_id:>6}  {one.service}  {one.address or f'not kept: {one.error}'}")
        except ArchiveLocked:
            give_up(f"{config.elsewhere_lock_file}: another process is asking", LOCKED)
    if failed:
        sys.exit(FAILED)
