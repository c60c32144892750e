"""`acca verify`."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import FAILED, USAGE, clear_errors, give_up, load_config
from acca_crawler.cli.progress import meter
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from storage.schema.kinds import ArchiveDb


@click.command("verify")
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one finding each.")
@click.option(
    "--since",
    metavar="RUN|DATE",
    help="Only what was stored by this run (or the first of that day) and later; takes the time of what is new.",
)
@click.option(
    "--head", metavar="SHA256", help="A manifest's hash from outside the archive, which the chain must contain."
)
@click.option("--jobs", type=click.IntRange(1), help="Processes; by default one per core.")
@click.pass_context
def command(
    context: click.Context, directory: Path | None, as_json: bool, since: str | None, head: str | None, jobs: int | None
) -> None:
    """Recompute every hash from the files and list every mismatch.

    Checks the archive, or the one in DIRECTORY (a backup, a copy received from others). Exits with 1 on any mismatch;
    notes (an open run, a pruned file, a truncated tail set aside) are not errors. docs/evidence.md explains what this
    proves and what it does not.
    """
    from acca_crawler.timestamping.checking import check_timestamps
    from storage.evidence.backup_pair import newest
    from storage.evidence.verify import check_head, verify
    from storage.schema.database import open_read_only

    if directory is None:
        config = load_config(context)
        archive, certificates = config.archive_directory, _certificates(config)
    else:
        archive, certificates = directory, {}
    errors = notes = 0
    with clear_errors(), meter("verify", "MB") as advance:
        database, people = newest(archive)
        db = open_read_only(database)
        since_run = _first_run(db, since) if since else 0
        verified = verify(
            db,
            archive / "warc",
            people,
            since_run=since_run,
            jobs=jobs or os.cpu_count() or 1,
            progress=advance,
        )
        known = check_head(db, head.strip().lower()) if head else ()
        found = chain(verified, check_timestamps(db, since_run, certificates), known)
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
        click.echo(f"acca: {archive}: {counted(errors, 'mismatch', 'mismatches')}, {counted(notes, 'note')}", err=True)
        sys.exit(FAILED)
    if not as_json:
        click.echo(f"{archive}: everything matches: {checked}, {counted(notes, 'note')}")


def _certificates(config: Config) -> dict[str, str]:
    """Return the authorities' certificates (PEM) that acca.toml names and that can be read, by address."""
    found = {}
    for authority in config.evidence.authority:
        with suppress(OSError, UnicodeDecodeError):
            found[authority.url] = (config.base_directory / authority.certificate).read_text("utf-8")
    return found


def _first_run(db: ArchiveDb, since: str) -> int:
    """Return the run that `--since` names: its number, or that of the first run on or after a date."""
    from storage.reports.diff import runs_after

    if since.isdecimal() and len(since) < 8:
        runs_after(db, since)  # raises an error if there is no such run
        return int(since)
    if since == "last":
        give_up("--since: name a run or a date such as 2026-11-22", USAGE)
    return runs_after(db, since) + 1


def _counted(db: ArchiveDb, since_run: int) -> str:
    captures, revisions = (
        db.execute(f"SELECT count(*) FROM {table} WHERE run_id >= ?", [since_run]).fetchone()[0]
        for table in ("captures", "revisions")
    )
    return f"{counted(captures, 'capture')}, {counted(revisions, 'revision')}"
