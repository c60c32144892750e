"""The user in whose name a command decides, and the options that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import USAGE, account_name, give_up

if TYPE_CHECKING:
    from storage.review.users import User
    from storage.schema.kinds import ReviewDb

NOTE = click.option("--note", default="", help="Why.")
AS = click.option(
    "--as", "reviewer", help="The user who decides (a monitor or lead); by default, your system user name."
)


def reviewer_named(db: ReviewDb, name: str | None) -> User:
    """Return the user with this name, or that of the caller's account. Exits with code 2 unless they may review."""
    from storage.review.users import find_user

    name = name or account_name()
    user = find_user(db, name)
    if user is None or user.disabled_at or not user.may("monitor"):
        why = "no such user" if user is None else "disabled" if user.disabled_at else f"a {user.role}"
        give_up(f"{name} may not review ({why}): see `acca user`, and choose a reviewer with --as", USAGE)
    return user
