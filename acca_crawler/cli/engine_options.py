"""Options that choose where a command's reading runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from acca_crawler.engines import EngineName

engine_option = click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="Where pages are read: in processes here, or on a Dask cluster (extra `dask`).",
)
scheduler_option = click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="Scheduler of a running Dask cluster (tcp://host:8786); by default --jobs workers are started here.",
)


def require_dask(engine: EngineName, scheduler: str) -> None:
    """Refuse a scheduler's address without Dask (`click.UsageError`)."""
    if scheduler and engine != "dask":
        raise click.UsageError("--scheduler is the address of a Dask cluster: add --engine dask")
