"""`acca prune`."""

from __future__ import annotations

import click

from acca_crawler.cli.common import clear_errors, load_config, note_custody, writing
from acca_crawler.counting import counted


@click.command("prune")
@click.option(
    "--older-than", required=True, type=click.IntRange(min=1), metavar="DAYS", help="Age of a capture in days."
)
@click.option("--dry-run", is_flag=True, help="Show which files would be removed, and remove none.")
@click.pass_context
def command(context: click.Context, older_than: int, dry_run: bool) -> None:
    """Remove WARC files with no captures younger than DAYS and none that are still needed.

    A file is kept if any of its captures is the source of a report that was ever flagged, the source of an article's
    newest revision, or contains the payload of a kept revisit record. The rows of the captures are kept, with their
    hashes.
    """
    from acca_crawler.clock import earlier, utc_stamp
    from storage.evidence.retention import prune

    config = load_config(context)
    at = utc_stamp()
    with clear_errors(), writing(config) as db:
        limit = earlier(at, days=older_than)
        gone = prune(db, config.warc_directory, older_than=limit, at=at, dry_run=True)
        if gone and not dry_run:
            # Noted first: what an interrupted call removed without an entry, `acca verify` would take for a forgery.
            files = [{"path": row.path, "sha256": row.sha256} for row in gone]
            note_custody(config, "prune", {"older_than_days": older_than, "files": files})
        if not dry_run:
            prune(db, config.warc_directory, older_than=limit, at=at)
    for row in gone:
        click.echo(f"{row.path}: {counted(row.captures, 'capture')}, {row.bytes:,} bytes")
    verb = "would be removed" if dry_run else "removed"
    click.echo(f"{counted(len(gone), 'file')} with {sum(row.bytes for row in gone):,} bytes {verb}")
