"""Puts a backup's new databases in place as a pair, so that a kill at any moment leaves one that belongs together.

Renaming a folder is the only step that counts at once, so the copies are made in a folder of their own:

- `copying`: not complete yet, made anew by the next backup
- `next`: complete; the databases beside it are the backup before
- `installing`: complete; those of the backup before are kept in `replaced`, and the new ones are moved out of the
  folder, `people.db` first

From `next` on the new pair is the backup, wherever its files are: `newest` finds them, and the next backup finishes the
move.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from storage.evidence.directories import sync_directory

DATABASE_NAME = "acca.db"
PEOPLE_NAME = "people.db"

EARLIER = "earlier-{}"
"""Folder of an earlier backup's databases; 1 is the one before the newest."""

_COPYING, _NEXT, _INSTALLING, _REPLACED, _DISCARDED = "copying", "next", "installing", "replaced", "discarded"


def newest(target: Path) -> tuple[Path, Path]:
    """Return where a backup's newest `acca.db` and `people.db` are; one that does not exist is in `target`."""
    for folder in (target / _INSTALLING, target / _NEXT):
        if (folder / DATABASE_NAME).is_file():
            people = folder / PEOPLE_NAME
            return folder / DATABASE_NAME, people if people.is_file() else target / PEOPLE_NAME
    return target / DATABASE_NAME, target / PEOPLE_NAME


def copying_folder(target: Path) -> Path:
    """Return an empty folder for the copies."""
    return _empty(target / _COPYING)


def install(target: Path, keep: int, *, replaces: bool) -> None:
    """Make the copies in the folder the newest backup, and keep the `keep` - 1 before it.

    With `replaces` the databases now in place are not kept: a killed backup left them, and its next try is this one.
    """
    _rename(target / _COPYING, target / (_INSTALLING if replaces else _NEXT))
    finish(target, keep)


def finish(target: Path, keep: int) -> bool:
    """Finish what a killed `install` began; return False if there was nothing."""
    if (target / _NEXT).is_dir():
        if keep > 1 and (target / DATABASE_NAME).is_file():
            _set_aside(target)
        _rename(target / _NEXT, target / _INSTALLING)
    _shift(target, keep)
    installing = target / _INSTALLING
    if not installing.is_dir():
        return False
    for name in (PEOPLE_NAME, DATABASE_NAME):
        if (installing / name).is_file():
            _put_in_place(installing / name, target / name)
    installing.rmdir()
    return True


def _set_aside(target: Path) -> None:
    """Keep the databases in place in a folder, too."""
    folder = _empty(target / f"{_REPLACED}.partial")
    for name in (PEOPLE_NAME, DATABASE_NAME):
        if (target / name).is_file():
            _link(target / name, folder / name)
    _discard(target, target / _REPLACED)
    _rename(folder, target / _REPLACED)


def _shift(target: Path, keep: int) -> None:
    """Give each earlier backup the next number, from the first gap down, and delete those beyond `keep`."""
    places = [target / EARLIER.format(number) for number in range(1, keep)]
    if (target / _REPLACED).is_dir():
        if places and all(place.is_dir() for place in places):
            _discard(target, places[-1])
        free = next((number for number, place in enumerate(places) if not place.is_dir()), 0)
        for number in range(free, 0, -1):
            _rename(places[number - 1], places[number])
        if places:
            _rename(target / _REPLACED, places[0])
        else:
            _discard(target, target / _REPLACED)
    for left in target.glob(EARLIER.format("*")):
        if left.name.removeprefix("earlier-").isdigit() and left not in places:
            _discard(target, left)


def _link(file: Path, link: Path) -> None:
    """Hard-link a file; copy it if the file system does not support links."""
    try:
        link.hardlink_to(file)
    except OSError:
        shutil.copy2(file, link)
        with link.open("r+b") as stream:
            os.fsync(stream.fileno())


def _put_in_place(copy: Path, database: Path) -> None:
    for leftover in ("-wal", "-shm", "-journal"):
        # Side files of an earlier database must not be mistaken for the new one's.
        database.with_name(database.name + leftover).unlink(missing_ok=True)
    _rename(copy, database)


def _rename(old: Path, new: Path) -> None:
    """Rename a file or folder so that a power cut does not undo it after a later one."""
    if old.is_dir():
        sync_directory(old)
    old.replace(new)
    sync_directory(new.parent)


def _empty(folder: Path) -> Path:
    """Make a folder anew."""
    if folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir()
    return folder


def _discard(target: Path, folder: Path) -> None:
    """Delete a folder, whose name is free at once."""
    if folder.is_dir():
        discarded = target / _DISCARDED
        if discarded.is_dir():
            shutil.rmtree(discarded)
        folder.replace(discarded)
        shutil.rmtree(discarded)
