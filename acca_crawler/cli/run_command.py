"""`acca run`."""

from __future__ import annotations

import sys

import click

from acca_crawler.cli.common import clear_errors, load_config


@click.command("run")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="No outlet starts after this time; by default operations.run_minutes.",
)
@click.option("--every", metavar="SECONDS", type=click.IntRange(min=1), help="Repeat for ever, with this pause.")
@click.pass_context
def command(context: click.Context, minutes: float | None, every: int | None) -> None:
    """Crawl the outlets that are due, revisit articles, send pending alerts, and print one summary line.

    The one line for cron; it may start every ten minutes. If another process is writing to the archive, nothing is
    crawled, but alerts are sent. After a run that went well, operations.ping_url is requested.

    Exits with 0 if all went well (single outlets may have failed: see `acca status`), 1 if no outlet could be crawled
    or a message not be sent, 2 on wrong configuration, 3 if another process is crawling, 130 if a signal stopped it.
    """
    config = load_config(context)
    if every is not None:
        from acca_crawler.operations.repeating import repeat

        chosen = ["--config", str(config.file)] if config.file else []
        sys.exit(repeat([*chosen, "run", *(["--minutes", str(minutes)] if minutes else [])], every))
    from acca_crawler.crawl.progress import UnattendedProgress
    from acca_crawler.operations.unattended import unattended_run

    with clear_errors():
        run = unattended_run(config, minutes or config.operations.run_minutes, UnattendedProgress(sys.stdout))
    click.echo(run.line, err=run.code == 1)
    sys.exit(run.code)
