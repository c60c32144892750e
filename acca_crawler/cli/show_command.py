"""`acca show`."""

from __future__ import annotations

import json

import click

from acca_crawler.cli.common import FAILED, give_up, reading


@click.command("show")
@click.argument("article")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--stripped", is_flag=True, help="Also what was stripped from the page, and by which rule.")
@click.pass_context
def command(context: click.Context, article: str, as_json: bool, stripped: bool) -> None:
    """Show ARTICLE, given by its number or any of its URLs."""
    from acca_crawler.reports.article import print_article
    from storage.articles.read import load
    from storage.reports.diff import find_article

    with reading(context) as db:
        article_id = find_article(db, article)
        if article_id is None:
            give_up(f"the archive has no article {article}", FAILED)
        record = load(db, article_id)
    if as_json:
        click.echo(json.dumps(record.as_dict(), ensure_ascii=False, indent=2))
    else:
        print_article(record, stripped=stripped)
