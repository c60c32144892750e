"""`acca reindex`."""

from __future__ import annotations

import click

from acca_crawler.cli.common import clear_errors, load_config, writing
from acca_crawler.cli.progress import meter
from acca_crawler.counting import counted


@click.command("reindex")
@click.pass_context
def command(context: click.Context) -> None:
    """Rebuild the search index to free the space of superseded revisions. The index stays complete without this.

    Can be interrupted: the next `acca search` continues where it stopped.
    """
    from acca_crawler.search import reindex

    config = load_config(context)
    done = 0
    with clear_errors(), writing(config) as db, meter("reindex", "articles") as advance:
        total = db.table("articles").count
        for number in reindex(db):
            done += number
            advance(done, total)
    click.echo(f"{config.archive_file}: {counted(done, 'article')} indexed")
