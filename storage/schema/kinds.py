"""The two databases as types, so that the type checker sees which one a function needs."""

import sqlite3
from pathlib import Path

from storage.schema.sqlite_utils_alone import Database


class ArchiveDb(Database):
    """A connection that reads the archive's tables: `acca.db` itself, or a review database that has it attached.

    It has no plugins of sqlite-utils: looking for them reads the metadata of every installed package.
    """

    def __init__(self, file: sqlite3.Connection | Path) -> None:
        super().__init__(file, execute_plugins=False)


class ReviewDb(ArchiveDb):
    """A connection to the review database (`people.db`) with the archive attached read-only under the name `archive`.

    Table names are unique over both files, so that whatever reads an archive reads it here too.
    """
