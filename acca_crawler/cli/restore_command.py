"""`acca restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from acca_crawler.cli.common import FAILED, clear_errors, copy_summary, file_sha256, note_custody, say_on_terminal


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--earlier",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Restore the databases of the Nth backup before the newest.",
)
def command(source: Path, directory: Path, earlier: int) -> None:
    """Restore the backup in SOURCE to a new archive in DIRECTORY. Never overwrites an existing archive.

    Set archive.directory in acca.toml to this directory to use it.
    """
    from acca_crawler.config.loading import ArchiveSection, Config
    from storage.evidence.backup import restore

    with clear_errors():
        copied = restore(source, directory, earlier=earlier, progress=say_on_terminal)
        restored = file_sha256(directory / "acca.db")
    config = Config(archive=ArchiveSection(directory=directory.resolve()))
    note_custody(config, "restore", {"from": str(source.resolve()), "earlier": earlier}, restored)
    click.echo(copy_summary(directory, copied))
    for problem in copied.problems:
        click.echo(f"acca: {problem}", err=True)
    if copied.problems:
        sys.exit(FAILED)
