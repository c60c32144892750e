"""`acca alerts`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import clear_errors, load_config

if TYPE_CHECKING:
    from storage.queue import QueueItem

VIEWS, SORTS = ("new", "mine", "all"), ("confidence", "newest", "oldest")


@click.group("alerts", invoke_without_command=True)
@click.option("--view", type=click.Choice(VIEWS), default="new", show_default=True, help="new: what waits for someone.")
@click.option("--user", default="", help="Whose reports `--view mine` lists.")
@click.option("--country", default="", help="Two letters, such as KG.")
@click.option("--category", default="")
@click.option("--language", default="")
@click.option("--outlet", default="")
@click.option("--status", default="")
@click.option("--since", default="", metavar="DAY", help="Published on this day or later (2026-01-31).")
@click.option("--until", default="", metavar="DAY", help="Published on this day or before.")
@click.option("--sort", type=click.Choice(SORTS), default="confidence", show_default=True)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one report each.")
@click.pass_context
def command(context: click.Context, /, limit: int, as_json: bool, **wanted: str) -> None:
    """List the reports that wait for a decision, each with the number of its newest alert."""
    if context.invoked_subcommand:
        return
    from storage import queue
    from storage.people import open_people

    config = load_config(context)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        queue.refresh(db, config.web.second_reviewer)
        chosen = queue.Filter(**wanted)  # type: ignore[arg-type]
        items = queue.page(db, chosen, limit)
        total = queue.count(db, chosen)
        db.close()
    if as_json:
        for item in items:
            click.echo(json.dumps(asdict(item) | {"categories": json.loads(item.categories)}, ensure_ascii=False))
    else:
        _print(items, total)


def _print(items: list[QueueItem], total: int) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for item in items:
        line = Text(f"{item.alert_id:>6}  {item.country or '??'}  {item.day}  {item.outlet}  ")
        line.append(item.title, style="bold")
        line.append(f"  [{', '.join(json.loads(item.categories))}]", style="cyan")
        line.append(f"  ({item.status}{f', {item.assignee}' if item.assignee else ''})", style="yellow")
        console.print(line)
    console.print(f"{len(items)} of {total} reports." if total else "Nothing waits.")
