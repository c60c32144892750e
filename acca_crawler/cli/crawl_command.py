"""`acca crawl`."""

from __future__ import annotations

import sys

import click

from acca_crawler.cli.common import FAILED, USAGE, clear_errors, day, give_up, load_config


@click.command("crawl")
@click.argument("outlets", nargs=-1)
@click.option("--since", metavar="DATE", help="Articles published or changed on or after this day (2026-01-31).")
@click.option("--limit", type=click.IntRange(min=1), help="Fetch at most this many articles per outlet.")
@click.option("--backfill", is_flag=True, help="Fetch everything the outlets list, back to the oldest article.")
@click.option("--due", is_flag=True, help="Only outlets that are due; for a cron job that runs often.")
@click.pass_context
def command(
    context: click.Context, outlets: tuple[str, ...], since: str | None, limit: int | None, backfill: bool, due: bool
) -> None:
    """Fetch what OUTLETS (by default all that are enabled) have published since the last crawl.

    Exits with 0 on success, 1 if an outlet failed or blocked us, 2 on wrong usage or configuration, 3 if another
    process is writing to the archive.
    """
    config = load_config(context)
    if since is not None:
        since = day(since, "--since")
    from acca_crawler.crawl.progress import progress_for
    from acca_crawler.crawl.start import crawl
    from acca_crawler.exceptions import UnknownOutlet

    with clear_errors():
        try:
            ended = crawl(
                config,
                outlets,
                since=since,
                limit=limit,
                backfill=backfill,
                due=due,
                progress=progress_for(sys.stdout),
            )
        except UnknownOutlet as error:
            give_up(str(error), USAGE)
    if ended.failed:
        sys.exit(FAILED)
