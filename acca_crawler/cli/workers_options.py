"""Options that `acca worker` and `acca writer` share."""

from __future__ import annotations

import click

redis_option = click.option(
    "--redis",
    envvar="ACCA_REDIS",
    default="redis://127.0.0.1:6379/0",
    metavar="URL",
    help="URL of the Redis that writer and workers share; by default $ACCA_REDIS, so that `ps` shows no password.",
)
lease_option = click.option(
    "--lease",
    type=click.FloatRange(min=1),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long a process that was killed keeps its sites.",
)
