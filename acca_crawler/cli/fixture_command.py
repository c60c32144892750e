"""`acca fixture`."""

from __future__ import annotations

import sys
from pathlib import Path
from secrets import token_bytes

import click

from acca_crawler.cli.common import FAILED, USAGE, clear_errors, give_up, load_config


@click.command("fixture")
@click.argument("outlets", nargs=-1)
@click.option("--page", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A saved article page.")
@click.option("--url", help="The address of that page.")
@click.option(
    "--with", "others", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A saved feed, sitemap, listing page or REST answer; may be repeated.",
)  # fmt: skip
@click.option("--invented", is_flag=True, help="The text of the saved pages is invented: keep it unchanged.")
@click.option(
    "--directory", type=click.Path(path_type=Path, file_okay=False), default=Path("tests/fixtures/outlets"),
    show_default=True, help="Directory of the fixtures.",
)  # fmt: skip
@click.pass_context
def command(
    context: click.Context,
    outlets: tuple[str, ...],
    page: Path | None,
    url: str | None,
    others: tuple[Path, ...],
    invented: bool,
    directory: Path,
) -> None:
    """Write test fixtures of OUTLETS (default: all): frozen pages and the expected extraction.

    Without --page, the pages are generated: an invented article in the outlet's markup. With it, a page that you saved
    is frozen. Real texts about real people stay out of the project: every word, figure and address is replaced by one
    of the same shape; only the markup, the dates and the text that rules look for are kept.
    """
    config = load_config(context)
    from acca_crawler.crawl.start import load_outlets
    from acca_crawler.exceptions import FixtureError
    from acca_crawler.outlet_tools.fixtures.disguise import Disguise
    from acca_crawler.outlet_tools.fixtures.fixture import build, freeze

    with clear_errors():
        spiders = load_outlets(config)
        unknown = [name for name in outlets if name not in spiders]
        if unknown:
            give_up(f"no outlet named {', '.join(unknown)}; `acca outlets` lists them all", USAGE)
        if page is None:
            failed = False
            for name in outlets or spiders:
                try:
                    build(directory, name, spiders[name])
                    click.echo(f"{directory / name}: built")
                except FixtureError as error:
                    click.echo(f"acca: {error}", err=True)
                    failed = True
            sys.exit(FAILED if failed else 0)
        if len(outlets) != 1 or not url:
            give_up("--page needs one outlet and --url", USAGE)
        spider = spiders[outlets[0]]
        disguise = None if invented else Disguise(token_bytes(32), spider.outlet.boilerplate)
        fixture = freeze(directory, outlets[0], spider, url, page, others, disguise)
        words = len(fixture.article.text.split())
        click.echo(f"{directory / outlets[0]}: frozen, read by {fixture.article.method}: {words} words. Look at it.")
        click.echo(f"Its address is {fixture.addresses.forms[0]}")
