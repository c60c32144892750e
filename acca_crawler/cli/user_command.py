"""`acca user`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import click

from acca_crawler.cli.common import FAILED, USAGE, account_name, clear_errors, give_up, load_config

if TYPE_CHECKING:
    from storage.review.users import Role
    from storage.schema.kinds import ReviewDb

ROLES = ("reader", "monitor", "lead")
NAME = click.argument("name")
ROLE = click.option(
    "--role",
    type=click.Choice(ROLES),
    help="reader reads the archive, monitor reviews alerts, lead also undoes others' decisions.",
)


@click.group("user")
def command() -> None:
    """Manage who may sign in to the review pages."""


@contextmanager
def _people(context: click.Context) -> Iterator[ReviewDb]:
    from storage.exceptions import UserError
    from storage.review.database import open_people
    from storage.schema.database import open_archive

    config = load_config(context)
    with clear_errors():
        if not config.archive_file.exists():  # users may be added before the first crawl
            open_archive(config.archive_file).close()
        db = open_people(config.people_file, config.archive_file)
        try:
            yield db
        except UserError as error:
            give_up(str(error), FAILED)
        finally:
            db.close()


def _asked_password(from_stdin: bool) -> str:
    """Return a hashed password, typed twice or read as one line from standard input."""
    from acca_crawler.web.auth.passwords import hash_password

    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        return hash_password(password)
    except ValueError as error:
        give_up(str(error), FAILED)


@contextmanager
def _noted(db: ReviewDb, name: str, action: str, **more: str) -> Iterator[None]:
    """Run a change of a user in a transaction, with its entry in the journal by this operating system account."""
    from acca_crawler.clock import utc_stamp
    from storage.review import journal
    from storage.schema.database import transaction

    with transaction(db):
        yield
        journal.append(db, "user", account_name(), {"user": name, "action": action, **more}, None, utc_stamp())


@command.command("add")
@NAME
@ROLE
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--time-zone", metavar="ZONE", help="The zone in which the user reads times, such as Asia/Bishkek.")
@click.pass_context
def add(context: click.Context, name: str, role: str | None, password_stdin: bool, time_zone: str | None) -> None:
    """Add a user and ask for the password."""
    from acca_crawler.clock import utc_stamp
    from storage.review import users

    given = cast("Role", role or "monitor")
    with _people(context) as db:
        if users.find_user(db, name):
            give_up(f"the name {name} is taken", FAILED)
        zone = _known_zone(time_zone) if time_zone else None
        hashed = _asked_password(password_stdin)
        with _noted(db, name, "add", role=given):
            users.add_user(db, name, given, hashed, utc_stamp())
            if zone:
                users.set_time_zone(db, name, zone)
    click.echo(f"User {name} added. Role: {given}.")


@command.command("password")
@NAME
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_context
def password(context: click.Context, name: str, password_stdin: bool) -> None:
    """Change a user's password, end their sessions and cancel their sign-in link."""
    from storage.review import users

    with _people(context) as db:
        hashed = _asked_password(password_stdin)
        with _noted(db, name, "password"):
            users.set_password(db, name, hashed)
    click.echo(f"{name} has a new password.")


@command.command("role")
@NAME
@click.argument("role", type=click.Choice(ROLES))
@click.pass_context
def role(context: click.Context, name: str, role: str) -> None:
    """Change a user's role."""
    from storage.review import users

    with _people(context) as db, _noted(db, name, "role", role=role):
        users.set_role(db, name, cast("Role", role))
    click.echo(f"{name} is now {role}.")


@command.command("time-zone")
@NAME
@click.argument("zone")
@click.pass_context
def time_zone(context: click.Context, name: str, zone: str) -> None:
    """Set the time ZONE in which a user reads times, such as Asia/Bishkek."""
    from storage.review import users

    with _people(context) as db:
        zone = _known_zone(zone)
        with _noted(db, name, "time-zone", time_zone=zone):
            users.set_time_zone(db, name, zone)
    click.echo(f"{name} reads times in {zone}.")


def _known_zone(typed: str) -> str:
    """Return the zone's name in its canonical case. Exits with code 2 if the zone is unknown."""
    from zoneinfo import available_timezones

    from acca_crawler.exceptions import UnknownChoice
    from acca_crawler.i18n.choices import known_name

    try:
        return known_name(available_timezones(), typed)
    except UnknownChoice as error:
        give_up(f"time zone: {error}; a name is such as Asia/Bishkek", USAGE)


@command.command("disable")
@NAME
@click.pass_context
def disable(context: click.Context, name: str) -> None:
    """Disable a user's sign-in, end their sessions and cancel their sign-in link; their reviews are kept."""
    from acca_crawler.clock import utc_stamp
    from storage.review import users

    with _people(context) as db, _noted(db, name, "disable"):
        users.disable(db, name, utc_stamp())
    click.echo(f"{name} can no longer sign in.")


@command.command("enable")
@NAME
@click.pass_context
def enable(context: click.Context, name: str) -> None:
    """Re-enable a disabled user."""
    from storage.review import users

    with _people(context) as db, _noted(db, name, "enable"):
        users.enable(db, name)
    click.echo(f"User {name} enabled.")


@command.command("list")
@click.pass_context
def list_users(context: click.Context) -> None:
    """List the users with their roles and time zones."""
    from storage.review import users

    with _people(context) as db:
        found = users.all_users(db)
    for user in found:
        marks = ["disabled"] if user.disabled_at else []
        marks += [user.time_zone] if user.time_zone else []
        marks += [] if user.has_password else ["no password"]
        click.echo(f"{user.name}: {user.role}" + (f" ({'; '.join(marks)})" if marks else ""))
