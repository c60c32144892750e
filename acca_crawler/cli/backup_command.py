"""`acca backup`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from acca_crawler.cli.common import (
    FAILED,
    clear_errors,
    copy_summary,
    file_sha256,
    load_config,
    note_custody,
    say_on_terminal,
)


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Number of database backups to keep, including the newest.",
)
@click.option(
    "--insist", is_flag=True, help="Back up even if the archive is older than the backup, or a different one."
)
@click.pass_context
def command(context: click.Context, target: Path, keep: int, insist: bool) -> None:
    """Update the backup in the directory TARGET: the databases, and WARC files that it does not have yet.

    Can run during a crawl. Refuses an archive that was emptied, rolled back or replaced. Exits with 1 if a WARC file
    could not be copied as it was stored.
    """
    from storage.evidence.backup import backup

    config = load_config(context)
    with clear_errors():
        copied = backup(
            config.archive_file, config.warc_directory, target, keep=keep, insist=insist, progress=say_on_terminal
        )
    subject = {"to": str(target.resolve()), "files": copied.files, "bytes": copied.bytes}
    note_custody(config, "backup", subject, file_sha256(target / "acca.db"))
    click.echo(copy_summary(target, copied))
    for problem in copied.problems:
        click.echo(f"acca: {problem}", err=True)
    if copied.problems:
        sys.exit(FAILED)
