"""`acca outlet probe` and `acca outlet verify`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import FAILED, USAGE, clear_errors, give_up, load_config

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from acca_crawler.outlet_tools.probe.findings import Findings


@click.group("outlet")
def command() -> None:
    """Examine a site that may become an outlet, or check an outlet against its live site."""


@command.command("probe")
@click.argument("url")
@click.option(
    "--spider",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a spider file to start from; never overwrites a file.",
)
@click.pass_context
def probe_command(context: click.Context, url: str, spider: Path | None) -> None:
    """Show which ways into the site at URL work, read three of its articles, and propose a declaration."""
    config = load_config(context)
    from acca_crawler.crawl.spider_loader import family_outlets
    from acca_crawler.outlet_tools.probe.probing import probe_site
    from acca_crawler.outlet_tools.probe.proposal import propose
    from acca_crawler.outlet_tools.probe.writing import spider_file, table

    with clear_errors():
        findings = probe_site(config, url, family_outlets(config))
        _tell(findings)
        proposed = propose(url, findings)
        if spider is None:
            click.echo("\nFor acca.toml:\n\n" + table(proposed))
            return
        with spider.open("x", encoding="utf-8") as file:
            file.write(spider_file(proposed))
        click.echo(f"\nWrote {spider}. For the next steps see docs/adding-an-outlet.md.")


@command.command("verify")
@click.argument("names", nargs=-1)
@click.option("--list", "listed", is_flag=True, help="Only show when each outlet was last checked.")
@click.pass_context
def verify_command(context: click.Context, names: tuple[str, ...], listed: bool) -> None:
    """Check the outlets NAMES against their live sites, show what to correct, and record the date.

    Exits with 1 if anything needs correcting.
    """
    config = load_config(context)
    if listed:
        with clear_errors():
            _list_checks(config)
        return
    if not names:
        give_up("which outlets? `acca outlets` lists them all", USAGE)
    from acca_crawler.crawl.start import choose
    from acca_crawler.exceptions import UnknownOutlet

    with clear_errors():
        try:
            spiders = choose(config, names)
        except UnknownOutlet as error:
            give_up(str(error), USAGE)
        from acca_crawler.outlet_tools.probe.verifying import verify

        wrong = 0
        for spider, findings, said in verify(config, spiders):
            click.echo(f"{spider.name}: known as {spider.outlet.verified}")
            _tell(findings)
            for line in said:
                click.echo(f"  to correct: {line}")
            wrong += bool(said)
    sys.exit(FAILED if wrong else 0)


def _tell(findings: Findings) -> None:
    click.echo(f"  family: {findings.family}; Crawl-delay: {findings.crawl_delay or 'none'}")
    for way in findings.ways:
        click.echo(f"  {way.summary()}")
    for article in findings.articles:
        click.echo(f"  {article.summary()}")


def _list_checks(config: Config) -> None:
    from storage.ledger.outlet_checks import last_checks
    from storage.schema.database import open_read_only

    for check in last_checks(open_read_only(config.archive_file)):
        outcome = f"{len(check.corrections)} to correct" if check.corrections else "as declared"
        click.echo(f"{check.outlet}: checked {check.checked_at}: {outcome}")
