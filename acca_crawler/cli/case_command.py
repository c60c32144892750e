"""`acca case`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.choices import NUMBER
from acca_crawler.cli.common import FAILED, USAGE, clear_errors, give_up, load_config
from acca_crawler.cli.reviewer import AS, NOTE, reviewer_named
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from storage.review.mentions import MentioningReport
    from storage.review.users import User
    from storage.schema.kinds import ReviewDb


@click.group("case")
def command() -> None:
    """Follow a person through reports over the years: list, suggest, confirm, reject, merge, split."""


@command.command("list")
@click.argument("name", default="")
@click.pass_context
def listed(context: click.Context, name: str) -> None:
    """List the cases whose name contains NAME."""
    from storage.review import cases

    with _people(context) as db:
        known = [case for case in cases.cases(db).values() if case.merged_into is None]
    found = [case for case in known if name.casefold() in case.name.casefold()]
    for case in found:
        click.echo(f"{case.id:>5}  {case.name}  {counted(len(case.confirmed), 'report')}")
    if not found:
        click.echo(f"No case with {name!r} in its name." if known else "No cases.")


@command.command("show")
@click.argument("case", type=NUMBER)
@click.pass_context
def show(context: click.Context, case: int) -> None:
    """Show the reports of CASE, those that may be about the same person, and who decided what."""
    from acca_crawler.cases.suggesting import spellings_of, suggestions_for
    from storage.review import cases, mentions

    with _people(context) as db:
        found = cases.current(cases.cases(db), case)
        if found is None:
            give_up(f"case {case} not found: see `acca case list`", FAILED)
        names, roles = spellings_of(db, found)
        click.echo(f"case {found.id}: {found.name}{' (' + ', '.join(roles) + ')' if roles else ''}")
        click.echo(f"spellings: {'; '.join(names) or 'none'}")
        for report in mentions.reports(db, found.confirmed):
            click.echo(_line("confirmed", report))
        for one in suggestions_for(db, found):
            kinds = ", ".join(dict.fromkeys(kind for kind, _ in one.match.reasons))
            click.echo(f"{_line('suggested', one.report)}  ({one.name}; in common: {kinds})")
        for entry in cases.entries(db, found.id):
            undone = " (undone)" if entry.undone else ""
            numbers = " ".join(str(number) for number in sorted(entry.articles))
            note = f": {entry.note}" if entry.note else ""
            click.echo(f"{entry.created_at}  {entry.reviewer}  {entry.action} {numbers}{note}{undone}".rstrip())


@command.command("suggest")
@click.argument("report", type=NUMBER)
@click.pass_context
def suggest(context: click.Context, report: int) -> None:
    """Show other reports that seem to be about the persons of REPORT."""
    from acca_crawler.cases.suggesting import threads_of

    with _people(context) as db:
        threads = threads_of(db, report)
    for thread in threads:
        click.echo(f"{thread.name}: {counted(len(thread.others), 'report')}")
        for one in thread.others:
            click.echo(_line("suggested", one.report))
    if not threads:
        click.echo("No suggestions.")


@command.command("open")
@click.argument("name")
@click.argument("reports", type=NUMBER, nargs=-1, required=True)
@NOTE
@AS
@click.pass_context
def opened(context: click.Context, name: str, reports: tuple[int, ...], note: str, reviewer: str | None) -> None:
    """Open a case for the person NAME with REPORTS confirmed."""
    from storage.review import cases

    _decide(context, reviewer, lambda db, user, at: cases.open_case(db, name, reports, user.name, note, at))


@command.command("confirm")
@click.argument("case", type=NUMBER)
@click.argument("reports", type=NUMBER, nargs=-1, required=True)
@NOTE
@AS
@click.pass_context
def confirm(context: click.Context, case: int, reports: tuple[int, ...], note: str, reviewer: str | None) -> None:
    """Confirm that REPORTS are about the person of CASE."""
    from storage.review import cases

    _decide(
        context, reviewer, lambda db, user, at: cases.judge(db, case, "confirm", reports, user.name, note, at), case
    )


@command.command("reject")
@click.argument("case", type=NUMBER)
@click.argument("reports", type=NUMBER, nargs=-1, required=True)
@NOTE
@AS
@click.pass_context
def reject(context: click.Context, case: int, reports: tuple[int, ...], note: str, reviewer: str | None) -> None:
    """Record that REPORTS are about somebody else than the person of CASE; they are not suggested again."""
    from storage.review import cases

    _decide(context, reviewer, lambda db, user, at: cases.judge(db, case, "reject", reports, user.name, note, at), case)


@command.command("split")
@click.argument("case", type=NUMBER)
@click.argument("reports", type=NUMBER, nargs=-1, required=True)
@click.option("--name", default="", help="The other person's name; by default that of the case.")
@NOTE
@AS
@click.pass_context
def split(
    context: click.Context, case: int, reports: tuple[int, ...], name: str, note: str, reviewer: str | None
) -> None:
    """Move REPORTS of CASE to a new case."""
    from storage.review import cases

    _decide(context, reviewer, lambda db, user, at: cases.split(db, case, reports, name, user.name, note, at))


@command.command("merge")
@click.argument("case", type=NUMBER)
@click.argument("other", type=NUMBER)
@NOTE
@AS
@click.pass_context
def merge(context: click.Context, case: int, other: int, note: str, reviewer: str | None) -> None:
    """Add the reports of the case OTHER to CASE, which is the same person's."""
    from storage.review import cases

    _decide(context, reviewer, lambda db, user, at: cases.merge(db, case, other, user.name, note, at), case)


@command.command("note")
@click.argument("case", type=NUMBER)
@click.argument("text")
@AS
@click.pass_context
def note(context: click.Context, case: int, text: str, reviewer: str | None) -> None:
    """Add a note to CASE."""
    from storage.review import cases

    _decide(context, reviewer, lambda db, user, at: cases.add_note(db, case, text, user.name, at), case)


@command.command("undo")
@click.argument("case", type=NUMBER)
@AS
@click.pass_context
def undo(context: click.Context, case: int, reviewer: str | None) -> None:
    """Undo the newest decision about CASE: your own, or anyone's if you are a lead."""
    from storage.review import cases

    _decide(context, reviewer, lambda db, user, at: cases.undo(db, case, user.name, user.may("lead"), at), case)


def _decide(
    context: click.Context,
    reviewer: str | None,
    record: Callable[[ReviewDb, User, str], int | None],
    case: int | None = None,
) -> None:
    """Record a decision and print the case that it is about: the one returned, or else `case`."""
    from acca_crawler.clock import utc_stamp
    from storage.exceptions import ReviewError
    from storage.review import cases

    with _people(context) as db:
        try:
            number = record(db, reviewer_named(db, reviewer), utc_stamp()) or case
        except ReviewError as error:
            give_up(str(error), USAGE)
        found = cases.cases(db)[number or 0]
    click.echo(f"Case {found.id}: {found.name}, {counted(len(found.confirmed), 'report')}.")


def _line(status: str, report: MentioningReport) -> str:
    return f"  {status}  {report.article_id:>6}  {report.day}  {report.outlet}  {report.title}"


@contextmanager
def _people(context: click.Context) -> Iterator[ReviewDb]:
    from storage.review.database import open_people

    config = load_config(context)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        try:
            yield db
        finally:
            db.close()
