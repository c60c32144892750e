"""`acca outlets`."""

from __future__ import annotations

import json

import click

from acca_crawler.cli.common import clear_errors, load_config


@click.command("outlets")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--opml", "as_opml", is_flag=True, help="Their feeds and sites as OPML, for a feed reader.")
@click.pass_context
def command(context: click.Context, as_json: bool, as_opml: bool) -> None:
    """List the outlets that can be crawled, with country, languages and verification status."""
    config = load_config(context)
    from acca_crawler.crawl.start import load_outlets

    with clear_errors():
        spiders = load_outlets(config)
    if as_opml:
        from acca_crawler.outlet_tools.opml import opml_of

        click.echo(opml_of(spiders), nl=False)
        return
    rows = [
        {
            "name": name,
            "title": spider.outlet.title,
            "home": spider.outlet.home,
            "countries": list(spider.outlet.countries),
            "languages": list(spider.outlet.languages),
            "kind": spider.outlet.kind,
            "verified": spider.outlet.verified,
            "enabled": spider.outlet.enabled,
            "ways": [way.name for way in spider.ways],
        }
        for name, spider in spiders.items()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "home", "countries", "languages", "kind", "markup", "on", box=None, padding=(0, 2, 0, 0))
    for name, spider in spiders.items():
        outlet = spider.outlet
        table.add_row(
            name, outlet.home, " ".join(outlet.countries), " ".join(outlet.languages), outlet.kind, outlet.verified,
            "yes" if outlet.enabled else "no",
        )  # fmt: skip
    Console(soft_wrap=True).print(table)
