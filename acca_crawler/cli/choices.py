"""Options that accept a coded value by code or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from acca_crawler.cli.common import USAGE, give_up

if TYPE_CHECKING:
    from storage.schema.kinds import ArchiveDb


class Named(click.ParamType[str]):
    """Parameter type for a code or name from a table of `i18n.labels`, such as `COUNTRIES`; converts to the code."""

    def __init__(self, table: str) -> None:
        self.name = table.lower()
        self._table = table

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code. Exits with code 2 and the list of choices if the value is not in the table."""
        from acca_crawler.exceptions import UnknownChoice
        from acca_crawler.i18n import labels
        from acca_crawler.i18n.choices import code_of

        try:
            return code_of(getattr(labels, self._table), value)
        except UnknownChoice as error:
            self.fail(str(error), param, ctx)


class RecordNumber(click.ParamType[int]):
    """Parameter type for the number of a report, a case or a correction, also as pages write it (`#12`)."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number. Exits with code 2 for what can't be one."""
        from storage.schema.numbers import typed_number

        number = value if isinstance(value, int) else typed_number(value)
        if number is None:
            self.fail(f"{value!r} is not a number such as 12", param, ctx)
        return number


NUMBER = RecordNumber()
COUNTRY, CATEGORY, LANGUAGE = Named("COUNTRIES"), Named("CATEGORIES"), Named("SPOKEN")
LEVEL, STATUS = Named("LEVELS"), Named("STATUSES")


def outlet_in(db: ArchiveDb, typed: str) -> str:
    """Return the typed outlet, empty for none. Exits with code 2 if the archive does not know it."""
    from acca_crawler.exceptions import UnknownChoice
    from acca_crawler.i18n.choices import known_name

    if not typed:
        return ""
    try:
        return known_name((row[0] for row in db.execute("SELECT name FROM outlets").fetchall()), typed)
    except UnknownChoice as error:
        give_up(f"--outlet: {error}; `acca status` lists the outlets of this archive", USAGE)
