"""`acca init`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from acca_crawler.cli.common import FAILED, give_up
from acca_crawler.config.loading import FILE_NAME


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".")
def command(directory: Path) -> None:
    """Write a commented acca.toml to DIRECTORY (default: the current one). Never overwrites an existing file."""
    target = directory / FILE_NAME
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(files("acca_crawler").joinpath("acca.example.toml").read_text(encoding="utf-8"))
    except FileExistsError:
        give_up(f"{target} is already there", FAILED)
    except OSError as error:
        give_up(f"{target}: {error.strerror}", FAILED)
    click.echo(f"Wrote {target}. Set crawl.contact in it, then: acca crawl acca")
