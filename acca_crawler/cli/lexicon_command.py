"""`acca lexicon`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from acca_crawler.cli.common import FAILED, clear_errors, load_config
from acca_crawler.cli.learn_command import learn
from acca_crawler.counting import counted


@click.group("lexicon")
def command() -> None:
    """Check the lexicons that reports are scored with, and let your own learn from decisions."""


command.add_command(learn)


@command.command("check")
@click.option(
    "--lexicons",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="The directory with terms of your own; detect.lexicon_directory of acca.toml by default.",
)
@click.option(
    "--labelled",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    multiple=True,
    metavar="FILE",
    help="Items that a person has judged (JSON Lines: id, lang, level, title, text): say what your terms change. "
    "May be repeated.",
)
@click.pass_context
def check(context: click.Context, lexicons: Path | None, labelled: tuple[Path, ...]) -> None:
    """Test every term of the lexicons on its own examples: our lexicons, and those in your own directory.

    With labelled items, also show which of them your terms move to another level, and how many match the level that
    a person assigned. Exits with 1 if a term is broken.
    """
    config = load_config(context)
    own = (lexicons,) if lexicons else config.lexicon_directories
    from acca_crawler.detect import Detector
    from acca_crawler.detect.dataset import read_labelled
    from acca_crawler.detect.lexicon import BUILT_IN, lexicon_files
    from acca_crawler.detect.validate import agreement, changes_made, check_lexicons, summary

    directories = (BUILT_IN, *own)
    problems = check_lexicons(directories)
    for problem in problems:
        click.echo(problem)
    files = sum(len(lexicon_files(directory)) for directory in directories)
    click.echo(f"{counted(files, 'file')}, {counted(len(problems), 'problem')}")
    if problems:
        sys.exit(FAILED)
    with clear_errors():
        items = read_labelled(labelled)
    if items and own:
        click.echo(summary(changes_made(items, Detector(), Detector(own))))
    if items:
        click.echo(f"{agreement(items, Detector(own))} of {len(items)} items at the level that a person assigned")
