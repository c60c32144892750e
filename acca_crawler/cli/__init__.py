"""The `acca` command. Each subcommand has its own module; heavy imports are deferred until a subcommand runs."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from acca_crawler import __version__
from acca_crawler.cli.encoding import use_utf8
from acca_crawler.cli.streams import open_closed_streams

GROUPS = {
    "Everyday": {
        "init": "Write a commented acca.toml to start from.",
        "demo": "Crawl the sample newsroom on two days and show what is new.",
        "crawl": "Fetch what the outlets have published since last time.",
        "run": "Crawl what is due and send what is pending: the one line for cron.",
        "diff": "Show which reports are new, edited or gone since last time, and why they are flagged.",
        "status": "Show the status of every outlet: new, failed, blocked, silent.",
        "alarms": "List what the operator must act on, since when, and what to try.",
        "show": "Show an article: text, flags with their reasons, addresses, revisions.",
        "search": "Find articles by words, phrases and names in any script.",
        "history": "Show how an article changed from revision to revision, word by word.",
        "alerts": "List the reports to review, one line per story.",
        "review": "Decide about a report: confirm, false alarm, watch and so on.",
        "opinion": "Ask a language model, if one is configured, for its opinion of a report.",
        "case": "Follow a person through reports over the years: suggest, confirm, reject, merge, split.",
        "follow": "Follow a person, a place, an agency or a search: new matches are starred.",
        "story": "Correct a story: take reports out, put two together, undo; export the corrections.",
    },
    "Archive": {
        "import": "Bring in text dumps, saved HTML pages and WARC files.",
        "export": "Write reports, articles and more as CSV, JSON Lines or Parquet.",
        "elsewhere": "Ask other web archives to keep flagged reports too.",
        "pack": "Write reports with all their evidence to one ZIP that strangers can check.",
        "completeness": "Compare what an outlet says it has with what the archive has, month by month.",
        "reprocess": "Read the captures again with today's extraction and detection, without the network.",
        "verify": "Recompute every hash and name each thing that does not match.",
        "writer": "Crawl with articles fetched by workers on several machines.",
        "worker": "Fetch and read articles for a writer, on this or another machine.",
        "schedule": "Print entries for cron or systemd that run all of this.",
        "backup": "Bring a second copy of the archive up to date.",
        "restore": "Make an archive from a backup.",
    },
    "Desk": {
        "serve": "Serve the review pages and the archive, by default to this machine only.",
        "user": "Manage who may sign in to the review pages.",
    },
    "Outlets": {
        "outlets": "List the outlets that can be crawled.",
        "extract": "Show what is read from one page, and why.",
        "outlet": "Look at a site that may become an outlet, or check an outlet against its live site.",
        "template": "Show what an outlet's pages have in common around their articles.",
        "lexicon": "Check the words that reports are judged by; propose your own terms from decisions.",
        "fixture": "Write the frozen pages that an outlet is tested on.",
    },
    "Maintenance": {
        "doctor": "Check configuration, machine, network and channels, and say what to do.",
        "log": "Show how a run went, from its log.",
        "prune": "Remove old captures that nothing refers to.",
        "reindex": "Rebuild the search index.",
        "vacuum": "Give the database's free pages back to the disk.",
    },
}
"""Subcommands grouped by user role, in each group in the order in which a newcomer needs them."""

COMMANDS = {name: summary for group in GROUPS.values() for name, summary in group.items()}


STOPPED = 130
CONTINUE = {
    "crawl": "what was stored stays; the next crawl fetches the rest",
    "run": "what was stored stays; the next run fetches the rest",
    "writer": "what was stored stays; the next one goes on",
    "worker": "what it had in hand is given to another worker",
    "import": "what was stored stays; run the same command again for the rest",
    "reprocess": "what was stored stays; run the same command again for the rest",
    "reindex": "the next `acca search` or `acca reindex` continues where it stopped",
    "backup": "run the same command again: it continues where it stopped",
    "restore": "remove the unfinished directory and run the same command again",
    "verify": "nothing was changed; the next run starts from the beginning",
    "export": "no file was written; run the same command again",
    "pack": "no file was written; run the same command again",
    "vacuum": "nothing was changed; run the same command again",
    "prune": "files already removed are recorded; run the same command again for the rest",
    "completeness": "run the same command again; what was listed so far is stored",
}
"""How to go on after Ctrl-C, by subcommand."""

UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Errors of a file that takes no more output: a full disk, a quota, a limit of size, a broken device."""

LOG_FORMAT = "acca_crawler.log_format"
"""Key of the log's format in the context that all subcommands share."""


class LazyGroup(click.Group):
    """Imports a subcommand's module only when it runs, so that `acca --help` is fast."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Run the command line, in any locale and with any of the standard streams closed.

        Output that does not fit on the disk it is redirected to is an error of one line.
        """
        if args is None:
            open_closed_streams()
            use_utf8()
        try:
            return super().main(args, *more, **options)
        except OSError as error:
            if error.errno not in UNWRITABLE:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered goes nowhere
            click.echo(f"acca: {error.strerror}", err=True)
            sys.exit(1)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import `acca_crawler.cli.<name>_command` and return its command."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"acca_crawler.cli.{name}_command").command
        command.help = command.help or COMMANDS[name]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the subcommand that was typed. Raises `click.UsageError`, which suggests the nearest one."""
        ctx.invoked_subcommand = args[0]  # before its module is imported, which Ctrl-C may end
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], COMMANDS, n=1)
            if near and args[0] not in COMMANDS:
                raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", ctx) from None
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; after Ctrl-C say how to go on and exit with code 130."""
        try:
            found = super().invoke(ctx)
            sys.stdout.flush()
            return found
        except KeyboardInterrupt:
            how = CONTINUE.get(ctx.invoked_subcommand or "")
            click.echo(f"acca: stopped{f'; {how}' if how else ''}", err=True)
            sys.exit(STOPPED)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands by user role, without importing them."""
        width = len(max(COMMANDS, key=len))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:{width}}", summary) for name, summary in commands.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="acca")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The configuration; else $ACCA_CONFIG, else ./acca.toml, else the defaults.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the log on standard error.",
)
@click.pass_context
def main(context: click.Context, config: Path | None, log_format: str) -> None:
    """Crawl Central Asian news and show new reports of torture and detention."""
    os.umask(0o077)  # the archive names victims: keep our files private to this user
    context.obj = config
    context.meta[LOG_FORMAT] = log_format
