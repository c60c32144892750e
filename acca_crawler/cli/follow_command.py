"""`acca follow`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from acca_crawler.cli.choices import CATEGORY, COUNTRY, LANGUAGE, NUMBER
from acca_crawler.cli.common import USAGE, clear_errors, give_up, load_config
from acca_crawler.cli.reviewer import reviewer_named
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from storage.review.users import User
    from storage.schema.kinds import ReviewDb

AS = click.option("--as", "user", help="The user who follows (a monitor or lead); by default, your system user name.")


@click.group("follow")
def command() -> None:
    """Follow a person, a place, a prison, an agency or a search.

    New reports that match are starred in the queue, listed by `acca alerts --view followed` and named in digests.
    """


@command.command("person")
@click.argument("name")
@AS
@click.pass_context
def person(context: click.Context, name: str, user: str | None) -> None:
    """Follow a person by given name and surname, in any script."""
    from acca_crawler.cases.names import name_of

    if not name_of(name).keys:
        give_up(f"{name!r} is not a given name and a surname", USAGE)
    _add(context, user, "person", name, name)


@command.command("prison")
@click.argument("name")
@AS
@click.pass_context
def prison(context: click.Context, name: str, user: str | None) -> None:
    """Follow a prison by its name in a report."""
    from acca_crawler.dedup.prisons import prison_key

    _add(context, user, "prison", prison_key(name), name)


@command.command("place")
@click.argument("name")
@AS
@click.pass_context
def place(context: click.Context, name: str, user: str | None) -> None:
    """Follow a town by its name, in any script; a region, by the code in the address of its page."""
    from acca_crawler.cases.mention_index import town_key
    from acca_crawler.i18n.regions import REGIONS

    if name in REGIONS:
        _add(context, user, "region", name, name)
    else:
        _add(context, user, "place", town_key(name), name)


@command.command("agency")
@click.argument("name")
@AS
@click.pass_context
def agency(context: click.Context, name: str, user: str | None) -> None:
    """Follow an agency by its English name in a report's facts, such as "police"."""
    _add(context, user, "agency", name.casefold(), name)


@command.command("search")
@click.argument("words", default="")
@click.option("--country", default="", type=COUNTRY, help="A code or a name: KG, Kyrgyzstan, Кыргызстан.")
@click.option("--category", default="", type=CATEGORY)
@click.option("--language", default="", type=LANGUAGE)
@AS
@click.pass_context
def search(context: click.Context, /, words: str, user: str | None, **narrowed: str) -> None:
    """Follow a search for WORDS, as for `acca search`, narrowed by filters."""
    given = {name: value for name, value in {"q": words, **narrowed}.items() if value}
    if not given:
        give_up("enter words or a filter", USAGE)
    _add(context, user, "search", urlencode(given), " · ".join(given.values()))


@command.command("list")
@AS
@click.pass_context
def listed(context: click.Context, user: str | None) -> None:
    """List what you follow, with the number of matching reports and of those found since."""
    from acca_crawler.cases import following
    from storage.review import follows

    with _as_user(context, user) as (db, found):
        following.refresh(db)
        followed = follows.follows(db, found.name)
        for one in followed:
            click.echo(f"{one.id:>5}  {one.kind}  {one.label}  {counted(one.reports, 'report')}, {one.new_reports} new")
        if not followed:
            click.echo(f"{found.name} follows nothing.")


@command.command("stop")
@click.argument("number", type=NUMBER)
@AS
@click.pass_context
def stop(context: click.Context, number: int, user: str | None) -> None:
    """Stop following NUMBER, as shown by `acca follow list`."""
    from storage.exceptions import ReviewError
    from storage.review import follows

    with _as_user(context, user) as (db, found):
        try:
            follows.stop(db, found.name, number)
        except ReviewError as error:
            give_up(str(error), USAGE)
    click.echo(f"{number} is no longer followed.")


def _add(context: click.Context, user: str | None, kind: str, key: str, label: str) -> None:
    from acca_crawler.cases import following
    from acca_crawler.clock import utc_stamp
    from storage.exceptions import ReviewError
    from storage.review import follows

    with _as_user(context, user) as (db, found):
        try:
            number = follows.add(db, found.name, kind, key, label, utc_stamp())
        except ReviewError as error:
            give_up(str(error), USAGE)
        following.refresh(db)
        one = next(one for one in follows.follows(db, found.name) if one.id == number)
    click.echo(f"{one.id}: {one.kind} {one.label}, {counted(one.reports, 'report')} so far.")


@contextmanager
def _as_user(context: click.Context, name: str | None) -> Iterator[tuple[ReviewDb, User]]:
    from storage.review.database import open_people

    config = load_config(context)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        try:
            yield db, reviewer_named(db, name)
        finally:
            db.close()
