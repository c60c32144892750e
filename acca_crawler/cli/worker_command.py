"""`acca worker`."""

from __future__ import annotations

import sys

import click

from acca_crawler.cli.common import STOPPED, clear_errors, load_config
from acca_crawler.cli.workers_options import lease_option, redis_option


@click.command("worker")
@redis_option
@lease_option
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that read pages; by default as for `acca crawl`."
)
@click.option("--idle", type=click.FloatRange(min=0), metavar="MINUTES", help="End after this time without work.")
@click.pass_context
def command(context: click.Context, redis: str, lease: float, jobs: int | None, idle: float | None) -> None:
    """Fetch and read articles for an `acca writer`, on this or another machine.

    Takes sites from the shared frontier in Redis, one worker per site at a time, and sends articles and captures to the
    writer. Needs the same acca.toml (outlets, lexicons) and release as the writer, but no archive. Several may run on
    one machine; one that is killed loses nothing.

    Exits with 0 after --idle, 1 if Redis does not answer or the writer has another release, 2 on wrong configuration,
    130 after a signal.
    """
    config = load_config(context)
    with clear_errors():
        from acca_crawler.workers.board import connect
        from acca_crawler.workers.worker import work

        connect(redis).close()  # before Scrapy's modules: a missing extra has a clear message
        if work(config, redis, jobs=jobs, lease_seconds=lease, idle_minutes=idle):
            sys.exit(STOPPED)
