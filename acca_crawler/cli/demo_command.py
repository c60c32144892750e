"""`acca demo`."""

from __future__ import annotations

from pathlib import Path

import click

from acca_crawler.cli.common import clear_errors


@click.command("demo")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default="acca-demo",
    show_default=True,
    help="Where the demo's archive goes; an earlier demo there is replaced.",
)
def command(directory: Path) -> None:
    """Crawl a sample newsroom on two days and show what is new, edited and removed, and why it is flagged."""
    from rich.console import Console

    from acca_crawler.newsroom.demo import run_demo

    with clear_errors():
        run_demo(directory, Console(soft_wrap=True, highlight=False))
