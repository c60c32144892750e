"""`acca template`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import USAGE, clear_errors, give_up, load_config, reading, writing
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from acca_crawler.items import TemplatePlace
    from storage.ledger.templates import Learned


@click.command("template")
@click.argument("outlet")
@click.option("--learn", is_flag=True, help="Learn it again from the outlet's newest pages in the archive first.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def command(context: click.Context, outlet: str, learn: bool, as_json: bool) -> None:
    """Show the places in OUTLET's pages that never contain article text, and when they were learned.

    A crawl learns them from pages that are read without selectors, at least ten, and drops their content. Text that
    selectors chose is never dropped.
    """
    from storage.ledger import templates

    if learn:
        _learn(context, outlet)
    with reading(context) as db:
        places, history = templates.places(db, outlet), templates.history(db, outlet)
    if as_json:
        found = {"places": [asdict(place) for place in places], "learned": [asdict(one) for one in history]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    _print(outlet, places, history)


def _learn(context: click.Context, outlet: str) -> None:
    config = load_config(context)
    from acca_crawler.extract.template import MIN_PAGES
    from acca_crawler.ingest.templates import learn_template
    from storage.evidence.captures import CaptureStore
    from storage.ledger import templates

    with clear_errors(), writing(config) as db:
        run_id = templates.last_run(db, outlet)
        if run_id is None:
            give_up(f"the archive has no articles of an outlet named {outlet}; `acca status` lists them", USAGE)
        captures = CaptureStore(config.warc_directory, db)
        if learn_template(db, captures, outlet, run_id) is None:
            click.echo(f"acca: fewer than {MIN_PAGES} of {outlet}'s pages were read without selectors", err=True)


def _print(outlet: str, places: tuple[TemplatePlace, ...], history: list[Learned]) -> None:
    if not history:
        click.echo(f"No template of {outlet} has been learned yet.")
        return
    last = history[0]
    click.echo(
        f"{outlet}: {counted(len(places), 'place')}, learned {last.at} in run {last.run_id} from "
        f"{counted(last.pages, 'page')} "
        f"({last.added} new, {last.gone} gone)"
    )
    for place in places:
        click.echo(f"\n{place.path}\n    {place.reason} on {counted(place.pages, 'page')}, such as “{place.example}”")
