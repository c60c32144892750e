"""`acca verify`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from itertools import chain
from pathlib import Path

import click

from acca_crawler.cli.common import FAILED, clear_errors, load_config


@click.command("verify")
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one finding each.")
@click.pass_context
def command(context: click.Context, directory: Path | None, as_json: bool) -> None:
    """Recompute every hash from the files and list every mismatch.

    Checks the archive, or the one in DIRECTORY (a backup, a copy received from others). Exits with 1 on any mismatch;
    notes (an open run, a pruned file, a truncated tail set aside) are not errors. docs/evidence.md explains what this
    proves and what it does not.
    """
    from acca_crawler.timestamping.checking import check_timestamps
    from storage.evidence.verify import verify
    from storage.schema.database import open_read_only

    archive = directory or load_config(context).archive_directory
    errors = notes = 0
    with clear_errors():
        db = open_read_only(archive / "acca.db")
        found = chain(verify(db, archive / "warc", archive / "people.db"), check_timestamps(db))
        for finding in found:
            errors += finding.is_error
            notes += not finding.is_error
            if as_json:
                click.echo(json.dumps({**asdict(finding), "error": finding.is_error}, ensure_ascii=False))
            else:
                click.echo(f"{'' if finding.is_error else 'note: '}{finding}")
        checked = (
            f"{db.table('captures').count} captures, {db.table('revisions').count} revisions" if not errors else ""
        )
        db.close()
    if errors:
        click.echo(f"acca: {archive}: {errors} things do not match, {notes} notes", err=True)
        sys.exit(FAILED)
    if not as_json:
        click.echo(f"{archive}: everything matches: {checked}, {notes} notes")
