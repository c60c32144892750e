"""`acca history`."""

from __future__ import annotations

import click

from acca_crawler.cli.common import FAILED, give_up, reading


@click.command("history")
@click.argument("article")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one revision each.")
@click.pass_context
def command(context: click.Context, article: str, as_json: bool) -> None:
    """Show how ARTICLE (a number or a URL) changed: what was removed, what was added, and how serious it is.

    In colour on a terminal; elsewhere, removed text is shown in [-brackets-] and added text in {+braces+}.
    """
    from acca_crawler.reports.history import as_json_lines, print_history
    from storage.articles.history import revisions_of, troubled_visits
    from storage.reports.diff import find_article

    with reading(context) as db:
        article_id = find_article(db, article)
        if article_id is None:
            give_up(f"the archive has no article {article}", FAILED)
        revisions, visits = revisions_of(db, article_id), troubled_visits(db, article_id)
    if as_json:
        click.echo(as_json_lines(revisions), nl=False)
    else:
        print_history(revisions, visits)
