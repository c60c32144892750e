"""`acca story`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.choices import NUMBER
from acca_crawler.cli.common import USAGE, clear_errors, give_up, load_config
from acca_crawler.cli.reviewer import AS, NOTE, reviewer_named
from acca_crawler.whole_file import whole_file

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from storage.review.corrections import Correction
    from storage.review.users import User
    from storage.schema.kinds import ReviewDb


@click.group("story")
def command() -> None:
    """Correct which reports are one story.

    A correction is remembered: later crawls and `acca reprocess` never rejoin reports that a person separated.
    """


@command.command("split")
@click.argument("reports", type=NUMBER, nargs=-1, required=True)
@NOTE
@AS
@click.pass_context
def split(context: click.Context, reports: tuple[int, ...], note: str, reviewer: str | None) -> None:
    """Take REPORTS out of their story: together they become a story with an alert of its own."""
    from storage.review import corrections

    _correct(context, reviewer, lambda db, user, at: corrections.split(db, reports, user.name, note, at))


@command.command("merge")
@click.argument("report", type=NUMBER)
@click.argument("other", type=NUMBER)
@NOTE
@AS
@click.pass_context
def merge(context: click.Context, report: int, other: int, note: str, reviewer: str | None) -> None:
    """Join the stories of REPORT and OTHER."""
    from storage.review import corrections

    _correct(context, reviewer, lambda db, user, at: corrections.merge(db, report, other, user.name, note, at))


@command.command("undo")
@click.argument("correction", type=NUMBER)
@NOTE
@AS
@click.pass_context
def undo(context: click.Context, correction: int, note: str, reviewer: str | None) -> None:
    """Undo CORRECTION, a number shown by `acca story corrections`. A lead may undo anyone's."""
    from storage.review import corrections

    _correct(
        context,
        reviewer,
        lambda db, user, at: corrections.undo(db, correction, user.name, user.may("lead"), note, at),
    )


@command.command("corrections")
@click.option("--json", "as_json", is_flag=True, help="As JSON Lines.")
@click.pass_context
def listed(context: click.Context, as_json: bool) -> None:
    """List the corrections, oldest first, with who made them and when."""
    from storage.review.corrections import corrections

    with _people(context) as (db, _):
        found = corrections(db)
    for one in found:
        if as_json:
            click.echo(json.dumps(asdict(one) | {"part": sorted(one.part), "rest": sorted(one.rest)}))
        else:
            click.echo(
                f"{one.id:>4}  {one.created_at}  {one.reviewer}  {_described(one)}{' (undone)' if one.undone else ''}"
            )
    if not found and not as_json:
        click.echo("No corrections yet.")


@command.command("pairs")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="By default standard output.")
@click.pass_context
def pairs(context: click.Context, output: Path | None) -> None:
    """Export the corrections as judged pairs of texts (JSON Lines), for fitting the weights of story assignment.

    Each has `judged` ("same" or "different"), who judged, and the two reports `a` and `b`.
    """
    from acca_crawler.reports.story_pairs import judged_pairs

    with _people(context) as (db, _):
        lines = [json.dumps(asdict(one), ensure_ascii=False) for one in judged_pairs(db)]
    text = "".join(f"{line}\n" for line in lines)
    if output is None:
        sys.stdout.write(text)
    else:
        with whole_file(output) as file:
            file.write(text.encode())
        click.echo(f"{output}: {len(lines)} pairs")


def _correct(context: click.Context, reviewer: str | None, record: Callable[[ReviewDb, User, str], Correction]) -> None:
    """Record a correction, let the archive's stories follow it, and say what it did."""
    from acca_crawler.clock import utc_stamp
    from acca_crawler.ingest.story_corrections import apply_pending
    from storage.exceptions import ReviewError
    from storage.review import queue_refresh
    from storage.review.reviews import story_id_of

    with _people(context) as (db, config):
        user = reviewer_named(db, reviewer)
        try:
            done = record(db, user, utc_stamp())
        except ReviewError as error:
            give_up(str(error), USAGE)
        apply_pending(db, config.archive_file, utc_stamp())
        queue_refresh.refresh(db, config.web.second_reviewer)
        stories = sorted({story_id_of(db, article_id) for article_id in (done.article_id, done.other_id)})
    numbers = " and ".join(f"story {number}" for number in stories)
    click.echo(f"Correction {done.id}: {_described(done)}; now {numbers}.")


def _described(one: Correction) -> str:
    if one.kind == "split":
        return f"took {_numbers(one.part)} out of the story of {_numbers(one.rest)}"
    if one.kind == "merge":
        return f"put the stories of {one.article_id} and {one.other_id} together"
    return f"undid correction {one.undoes}"


def _numbers(articles: frozenset[int]) -> str:
    return ", ".join(str(number) for number in sorted(articles))


@contextmanager
def _people(context: click.Context) -> Iterator[tuple[ReviewDb, Config]]:
    from storage.review.database import open_people

    config = load_config(context)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        try:
            yield db, config
        finally:
            db.close()
