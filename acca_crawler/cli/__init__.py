"""The `acca` command. Every subcommand has a file; heavy imports wait until a subcommand runs."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from acca_crawler import __version__

COMMANDS = {
    "init": "Write a commented acca.toml to start from.",
    "crawl": "Fetch what the outlets have published since last time.",
    "diff": "Say which reports are new, edited or gone since last time, and why they are flagged.",
    "status": "Say how every outlet fares: new, failed, blocked, silent.",
    "show": "Show an article: text, flags with their reasons, addresses, revisions.",
    "search": "Find articles by words, phrases and names in any script.",
    "export": "Write reports, articles and more as CSV, JSON Lines or Parquet.",
    "history": "Show how an article changed from revision to revision, word by word.",
    "outlets": "List the outlets that can be crawled.",
    "import": "Bring in text dumps, saved HTML pages and WARC files.",
    "alerts": "List the reports that wait for a decision, each with the number of its newest alert.",
    "review": "Decide about the report that an alert is about.",
    "completeness": "Compare what an outlet says it has with what the archive holds, month by month.",
    "reprocess": "Read the kept captures anew with today's extraction and detection, without the net.",
    "verify": "Recompute every hash and name each thing that does not match.",
    "backup": "Bring a second copy of the archive up to date.",
    "restore": "Make an archive from a backup.",
    "prune": "Remove old captures that nothing rests on.",
    "reindex": "Build the search index anew.",
    "vacuum": "Give the database's free pages back to the disk.",
    "serve": "Serve the review pages and the archive, to this machine alone unless told otherwise.",
    "user": "Say who may sign in to the review pages.",
    "demo": "Crawl the sample newsroom on two days and show what is new.",
    "outlet": "Look at a site that may become an outlet, or check an outlet against its live site.",
    "lexicon": "Check the words that reports are judged by, and say what terms of your own change.",
    "fixture": "Write the frozen pages that an outlet is tested on.",
}
"""In the order in which a newcomer needs them."""


class LazyGroup(click.Group):
    """Imports a subcommand's file only when it runs, so that `acca --help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The subcommand of this name, its module `acca_crawler.cli.<name>_command` imported."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"acca_crawler.cli.{name}_command").command
        command.help = command.help or COMMANDS[name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="acca")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The configuration; else $ACCA_CONFIG, else ./acca.toml, else the defaults.",
)
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Crawl Central Asia's news and say which reports of torture or detention are new."""
    context.obj = config
