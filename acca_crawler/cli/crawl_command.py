"""`acca crawl`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import FAILED, STOPPED, USAGE, clear_errors, day, give_up, load_config
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config


@click.command("crawl")
@click.argument("outlets", nargs=-1)
@click.option("--since", metavar="DATE", help="Articles published or changed on or after this day (2026-01-31).")
@click.option("--limit", type=click.IntRange(min=1), help="Fetch at most this many articles per outlet.")
@click.option("--backfill", is_flag=True, help="Fetch everything the outlets list, back to the oldest article.")
@click.option("--due", is_flag=True, help="Only outlets that are due; for a cron job that runs often.")
@click.option(
    "--from-archive",
    "archive",
    metavar="ARCHIVE",
    help="Fill an outlet's gaps from a web archive: wayback, commoncrawl, a collection (CC-MAIN-...), a CDXJ file.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that read pages; by default two per outlet, at most crawl.outlets_at_once.",
)
@click.pass_context
def command(
    context: click.Context,
    outlets: tuple[str, ...],
    since: str | None,
    limit: int | None,
    backfill: bool,
    due: bool,
    archive: str | None,
    jobs: int | None,
) -> None:
    """Fetch what OUTLETS (by default all that are enabled) have published since the last crawl.

    Exits with 0 on success, 1 if an outlet failed or blocked us, 2 on wrong usage or configuration, 3 if another
    process is writing to the archive, 130 if a signal stopped it.
    """
    config = load_config(context)
    if archive is not None:
        if not outlets or since or backfill or due:
            give_up("--from-archive takes the names of outlets, and --limit alone besides", USAGE)
        _fill(config, outlets, archive, limit)
        return
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
                jobs=jobs,
                progress=progress_for(sys.stdout),
            )
        except UnknownOutlet as error:
            give_up(str(error), USAGE)
    if ended.stopped:
        give_up("stopped; what was not fetched waits for the next `acca crawl`", STOPPED)
    if ended.failed:
        sys.exit(FAILED)


def _fill(config: Config, names: tuple[str, ...], archive_name: str, limit: int | None) -> None:
    """Fill the outlets' gaps from a web archive, one outlet after another."""
    from acca_crawler.archives.choosing import archive_named
    from acca_crawler.archives.filling import fill_gaps
    from acca_crawler.crawl.start import choose
    from acca_crawler.exceptions import UnknownOutlet

    failed = False
    with clear_errors():
        archive = archive_named(archive_name, config)
        try:
            spiders = choose(config, names)
        except UnknownOutlet as error:
            give_up(str(error), USAGE)
        for spider in spiders:
            if spider.outlet.reader != "page":
                give_up(f"{spider.name}: web archives are read for sites, not for channels", USAGE)
            filled = fill_gaps(
                config, spider.name, spider.outlet, archive, limit=limit,
                progress=lambda line: click.echo(line, err=True),
            )  # fmt: skip
            outcomes = ", ".join(f"{name} {count}" for name, count in sorted(filled.outcomes.items())) or "nothing new"
            found = f"{counted(filled.listed, 'capture')} listed, {counted(filled.gaps, 'article')} to fill: {outcomes}"
            click.echo(f"{spider.name}: {archive.name}: {found}")
            if filled.message:
                click.echo(f"{spider.name}: {filled.message}", err=True)
                failed = True
    if failed:
        sys.exit(FAILED)
