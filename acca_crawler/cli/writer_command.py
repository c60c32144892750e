"""`acca writer`."""

from __future__ import annotations

import sys

import click

from acca_crawler.cli.common import FAILED, STOPPED, USAGE, clear_errors, day, give_up, load_config
from acca_crawler.cli.workers_options import lease_option, redis_option


@click.command("writer")
@click.argument("outlets", nargs=-1)
@redis_option
@lease_option
@click.option("--since", metavar="DATE", help="Articles published or changed on or after this day (2026-01-31).")
@click.option("--limit", type=click.IntRange(min=1), help="Fetch at most this many articles per outlet.")
@click.option("--backfill", is_flag=True, help="Fetch everything the outlets list, back to the oldest article.")
@click.option("--due", is_flag=True, help="Only outlets that are due; for a cron job that runs often.")
@click.option(
    "--at-once", type=click.IntRange(min=1), default=100, show_default=True, metavar="N",
    help="Outlets that are discovered and offered to the workers at the same time.",
)  # fmt: skip
@click.pass_context
def command(
    context: click.Context,
    outlets: tuple[str, ...],
    redis: str,
    lease: float,
    since: str | None,
    limit: int | None,
    backfill: bool,
    due: bool,
    at_once: int,
) -> None:
    """Crawl OUTLETS as `acca crawl` does, with articles fetched and read by `acca worker` processes.

    This process finds addresses, offers them in Redis and is the only one that writes to the archive. Each report of a
    worker is stored once, even if processes are killed; run the same command again to continue.

    Exits as `acca crawl` does.
    """
    config = load_config(context)
    if since is not None:
        since = day(since, "--since")
    with clear_errors():
        from acca_crawler.workers.board import connect

        connect(redis).close()  # before Scrapy's modules: a missing extra has a clear message
        from acca_crawler.crawl.progress import progress_for
        from acca_crawler.crawl.start import crawl
        from acca_crawler.exceptions import UnknownOutlet
        from acca_crawler.workers.writer import shared_frontier

        try:
            with shared_frontier(config, redis, lease) as share:
                ended = crawl(
                    config, outlets, since=since, limit=limit, backfill=backfill, due=due, share=share,
                    at_once=at_once, progress=progress_for(sys.stdout),
                )  # fmt: skip
        except UnknownOutlet as error:
            give_up(str(error), USAGE)
    if ended.stopped:
        give_up("stopped; what was not fetched waits for the next `acca writer` or `acca crawl`", STOPPED)
    if ended.failed:
        sys.exit(FAILED)
