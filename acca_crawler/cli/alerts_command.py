"""`acca alerts`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.choices import CATEGORY, COUNTRY, LANGUAGE, STATUS, outlet_in
from acca_crawler.cli.common import FAILED, LOCKED, USAGE, clear_errors, give_up, load_config
from acca_crawler.cli.reviewer import reviewer_named
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from storage.review.queue import QueueItem
    from storage.schema.kinds import ArchiveDb

VIEWS, SORTS = ("new", "second", "mine", "followed", "watch", "all"), ("confidence", "newest", "oldest")


@click.group("alerts", invoke_without_command=True)
@click.option("--view", type=click.Choice(VIEWS), default="new", show_default=True, help="new: open reports.")
@click.option("--user", default="", help="The reviewer whose `new`, `second`, `mine` and `followed` are listed.")
@click.option("--country", default="", type=COUNTRY, help="A code or a name: KG, Kyrgyzstan, Кыргызстан.")
@click.option("--category", default="", type=CATEGORY)
@click.option("--language", default="", type=LANGUAGE)
@click.option("--outlet", default="")
@click.option("--status", default="", type=STATUS, help="Such as watch or confirmed; use it with --view all.")
@click.option("--since", default="", metavar="DAY", help="Published on this day or later (2026-01-31).")
@click.option("--until", default="", metavar="DAY", help="Published on this day or before.")
@click.option("--sort", type=click.Choice(SORTS), default="confidence", show_default=True)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines, one story each.")
@click.pass_context
def command(context: click.Context, /, limit: int, as_json: bool, **wanted: str) -> None:
    """List the stories to review, one per line, with the report number."""
    if context.invoked_subcommand:
        return
    from acca_crawler.cases import following
    from storage.review import queue, queue_refresh
    from storage.review.database import open_people

    config = load_config(context)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        queue_refresh.refresh(db, config.web.second_reviewer)
        following.refresh(db)
        if wanted["user"]:
            wanted["user"] = reviewer_named(db, wanted["user"]).name
        wanted["outlet"] = outlet_in(db, wanted["outlet"])
        chosen = queue.QueueFilter(**wanted)  # type: ignore[arg-type]
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
        line = Text(f"{item.article_id:>6}  {item.country or '??'}  {item.day}  {item.outlet}  ")
        line.append(item.title, style="bold")
        line.append(f"  [{', '.join(json.loads(item.categories))}]", style="cyan")
        line.append(f"  ({item.status}{f', {item.assignee}' if item.assignee else ''})", style="yellow")
        if item.members > 1:
            line.append(
                f"  {counted(item.members, 'report')} in {counted(item.outlets, 'outlet')}, first {item.first_outlet}"
            )
        console.print(line)
    console.print(f"{len(items)} of {counted(total, 'story', 'stories')}." if total else "Nothing to review.")


@command.command("send")
@click.option("--every", metavar="SECONDS", type=click.IntRange(min=1), help="Repeat for ever, with this pause.")
@click.option("--retry-parked", is_flag=True, help="First retry messages that were parked after too many failures.")
@click.pass_context
def send(context: click.Context, every: int | None, retry_parked: bool) -> None:
    """Send pending alerts: immediate messages, digests that are due, and failed deliveries due for a retry.

    Run it from cron every few minutes, or with --every as a service. Exits with 1 if a message could not be sent; a
    later run retries it, and `acca status` shows the messages that were given up.
    """
    config = load_config(context)
    with clear_errors(), _outbox(config) as db:
        if retry_parked:
            _unpark(db)
        failed = _send_pass(db, config)
        while every is not None:
            time.sleep(every)
            _send_pass(db, config)
    if failed:
        sys.exit(FAILED)


@command.command("test")
@click.argument("channel")
@click.pass_context
def test(context: click.Context, channel: str) -> None:
    """Send a test message to every recipient of CHANNEL now, regardless of its rules and quiet hours."""
    from acca_crawler.alerts.sending import send_test
    from acca_crawler.clock import now

    config = load_config(context)
    chosen = next((found for found in config.channel if found.name == channel), None)
    if chosen is None:
        names = ", ".join(found.name for found in config.channel) or "none"
        give_up(f"acca.toml has no channel named {channel}; it has: {names}", USAGE)
    with clear_errors(), _archive(config) as db:
        errors = send_test(db, config, chosen, now())
    for error in errors.values():
        click.echo(f"{channel}: {'sent' if error is None else f'failed: {error}'}")
    if any(errors.values()):
        sys.exit(FAILED)


def _send_pass(db: ArchiveDb, config: Config) -> bool:
    """Run one pass, print a line for each active channel, and return whether anything failed."""
    from acca_crawler.alerts.sending import send_all
    from acca_crawler.clock import now

    failed = False
    for done in send_all(db, config, now):
        if done.sent:
            click.echo(f"{done.channel}: {done.sent} sent")
        if done.complaint:
            failed = True
            click.echo(f"acca: {done.complaint}", err=True)
    return failed


def _unpark(db: ArchiveDb) -> None:
    from acca_crawler.clock import utc_stamp
    from storage.alerts.deliveries import unpark
    from storage.schema.database import transaction

    with transaction(db):
        count = unpark(db, None, utc_stamp())
    click.echo(f"Retrying {counted(count, 'parked delivery', 'parked deliveries')}.")


@contextmanager
def _outbox(config: Config) -> Iterator[ArchiveDb]:
    """Open the archive for the single sending process; a crawl may write to it at the same time."""
    from storage.exceptions import ArchiveLocked
    from storage.schema.lock import writer_lock

    try:
        with writer_lock(config.sender_lock_file), _archive(config) as db:
            yield db
    except ArchiveLocked:
        give_up(f"{config.sender_lock_file}: another process is sending", LOCKED)


@contextmanager
def _archive(config: Config) -> Iterator[ArchiveDb]:
    from storage.schema.database import open_archive, open_read_only

    open_read_only(config.archive_file).close()
    db = open_archive(config.archive_file)
    try:
        yield db
    finally:
        db.close()
