"""`acca reprocess`."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import FAILED, USAGE, clear_errors, day, ending_on_signals, give_up, load_config
from acca_crawler.cli.engine_options import engine_option, require_dask, scheduler_option
from acca_crawler.cli.progress import meter
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from acca_crawler.engines import EngineName
    from acca_crawler.ingest.reprocess import ReprocessReport


@click.command("reprocess")
@click.option("--outlet", help="Only this outlet's articles.")
@click.option("--since", metavar="DATE", help="Only captures from this day or later (2026-01-31).")
@click.option("--doubtful", is_flag=True, help="Only articles that may not be read well, as `acca status` counts them.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Number of processes; by default, one per core.")
@engine_option
@scheduler_option
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="On a terminal, skip the dry run and the confirmation.")
@click.pass_context
def command(
    context: click.Context,
    outlet: str | None,
    since: str | None,
    doubtful: bool,
    jobs: int | None,
    engine: EngineName,
    scheduler: str,
    dry_run: bool,
    yes: bool,
) -> None:
    """Re-run current extraction and detection on the stored captures, without network access.

    A changed extraction is stored as a new revision (`reprocessed`), a changed verdict as a new flag, and a report
    that matches another joins its story. A report missed until now raises an alert, unless its story already covers
    everything in it. Reviewers' decisions are never changed. An interrupted run continues where it stopped. On a
    terminal it first shows what would change and asks for confirmation. Exits with 1 if a capture could not be read.
    """
    config = load_config(context)
    require_dask(engine, scheduler)
    from acca_crawler.crawl.start import load_outlets
    from acca_crawler.engines import Engine
    from acca_crawler.ingest.reprocess import reprocess
    from storage.articles.reprocessing import Selection

    with clear_errors():
        outlets = {name: spider.outlet for name, spider in load_outlets(config).items()}
        if outlet is not None and outlet not in outlets:
            give_up(f"no outlet named {outlet}; `acca outlets` lists them all", USAGE)
        read = partial(
            reprocess,
            config,
            outlets,
            wanted=Selection(outlet, day(since, "--since"), doubtful),
            engine=Engine(engine, jobs or os.cpu_count() or 1, scheduler),
        )
        if not (dry_run or yes) and sys.stdin.isatty():
            with ending_on_signals(), meter("dry run", "articles") as advance:
                report = read(dry_run=True, progress=advance)
            _print(report)
            click.confirm("Apply these changes?", abort=True)
        with ending_on_signals(), meter("reprocess", "articles") as advance:
            report = read(dry_run=dry_run, progress=advance)
    _print(report)
    if report.failed:
        sys.exit(FAILED)


def _print(report: ReprocessReport) -> None:
    would = "would be" if report.dry_run else "were"
    if report.resumed_after:
        click.echo(f"Continued after article {report.resumed_after}, where the last run stopped.")
    for move in report.moves:
        click.echo(f"{move.article_id:>7}  {move.was} → {move.becomes}  {move.title}")
    if (moved := sum(report.levels.values())) > len(report.moves):
        click.echo(f"         and {moved - len(report.moves)} more")
    for article_id, error in report.failed:
        click.echo(f"acca: article {article_id}: {error}", err=True)
    fields = ", ".join(f"{name} {count}" for name, count in report.columns.most_common())
    click.echo(
        f"{counted(report.articles, 'article')}: {report.unchanged:,} unchanged; "
        f"{report.revised:,} {would} read differently"
        + (f" ({fields})" if fields else "")
        + f"; {report.reflagged:,} {would} judged differently, {sum(report.levels.values()):,} at another level"
    )
    if not report.dry_run and report.alerts:
        click.echo(f"{report.alerts:,} new alerts were raised")
    if report.joined:
        click.echo(f"{report.joined:,} {would} in a story with others")
    for kind, count in report.errors.most_common():
        click.echo(f"{count:,} left unchanged: {kind}")
