"""`acca export`."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import click

from acca_crawler.cli.choices import CATEGORY, COUNTRY, LANGUAGE, LEVEL, outlet_in
from acca_crawler.cli.common import USAGE, clear_errors, give_up, load_config, note_custody, on_day, reading
from acca_crawler.cli.progress import meter
from acca_crawler.whole_file import whole_file

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from acca_crawler.config.loading import Config
    from storage.schema.kinds import ArchiveDb

T = TypeVar("T")
VIEWS = (
    "reports", "report_categories", "articles", "facts", "alerts", "revisions", "timeline", "outlets", "addresses",
    "evidence",
)  # fmt: skip
DECISIONS = "decisions"
"""The view of the review database; the others are the archive's."""
FORMATS = ("csv", "jsonl", "parquet")


@click.command("export")
@click.argument("view", type=click.Choice((*VIEWS, DECISIONS)), default="reports")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: from the file name's extension, else csv.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Output file; by default, standard output.",
)
@click.option("--since", default="", metavar="DAY", callback=on_day, help="The row's date is this day or later.")
@click.option("--until", default="", metavar="DAY", callback=on_day, help="The row's date is this day or before.")
@click.option("--country", default="", type=COUNTRY, help="A code or a name: KG, Kyrgyzstan, Кыргызстан.")
@click.option("--outlet", default="")
@click.option("--category", default="", type=CATEGORY)
@click.option("--language", default="", type=LANGUAGE)
@click.option("--level", default="", type=LEVEL, help="alert, digest or ignore.")
@click.pass_context
def command(context: click.Context, /, view: str, form: str | None, output: Path | None, **narrowed: str) -> None:
    """Export VIEW (default: reports) for other programs as CSV, JSON Lines or Parquet.

    Rows are streamed, so an archive of any size can be exported. docs/schema.md describes the columns. The view
    `decisions` has the stories with alerts, their status, and who decided what and why.
    """
    from acca_crawler.reports.export import WRITERS
    from storage.articles.search import SearchFilter
    from storage.exceptions import FilterError
    from storage.reports.export import count_rows, rows
    from storage.reports.view_columns import view_named
    from storage.review.decisions_view import DECISIONS as DECIDED

    config = load_config(context)
    form = form or _format_of(output)
    if form == "parquet" and output is None and sys.stdout.isatty():
        give_up("Parquet can't be printed to a terminal: name a file with --output", USAGE)
    with _opened(context, config, view) as db:
        narrowed["outlet"] = outlet_in(db, narrowed["outlet"])
        chosen = DECIDED if view == DECISIONS else view_named(view)
        try:
            found = rows(db, chosen, SearchFilter(**narrowed))
        except FilterError as error:
            give_up(str(error), USAGE)
        total = count_rows(db, chosen, SearchFilter(**narrowed)) if sys.stderr.isatty() else None
        with meter("export", "rows") as advance:
            watched = _watched(found, lambda done: advance(done, total))
            subject = {"view": view, "format": form, "to": str(output or "standard output")}
            subject |= {name: value for name, value in narrowed.items() if value}
            note = partial(note_custody, config, "export", subject)
            _write(lambda stream: WRITERS[form](chosen, watched, stream), output, note)


@contextmanager
def _opened(context: click.Context, config: Config, view: str) -> Iterator[ArchiveDb]:
    """Open what has the view: the archive, or the review database with the archive attached."""
    if view != DECISIONS:
        with reading(context) as db:
            yield db
        return
    from storage.review import queue_refresh
    from storage.review.database import open_people
    from storage.review.decisions_view import create_view

    with clear_errors():
        people = open_people(config.people_file, config.archive_file)
        try:
            queue_refresh.refresh(people, config.web.second_reviewer)
            create_view(people)
            yield people
        finally:
            people.close()


def _watched(rows: Iterable[T], advance: Callable[[int], None]) -> Iterator[T]:
    """Yield the rows, and tell every hundredth time how many there were."""
    done = 0
    for done, row in enumerate(rows, start=1):
        yield row
        if done % 100 == 0:
            advance(done)
    advance(done)


def _write(write: Callable[[IO[bytes]], None], output: Path | None, note: Callable[[str], None]) -> None:
    """Write to a file or standard output, and note the SHA-256 (hex) of what was written."""
    if output is None:
        hashing = HashingWriter(sys.stdout.buffer)
        write(hashing)  # type: ignore[arg-type]
        sys.stdout.flush()
        note(hashing.sha256.hexdigest())
        return
    with whole_file(output) as stream:
        hashing = HashingWriter(stream)
        write(hashing)  # type: ignore[arg-type]
        stream.flush()
        # Noted before the file has its name: a kill in between leaves an entry without a file, not the reverse.
        note(hashing.sha256.hexdigest())


class HashingWriter(io.RawIOBase):
    """Passes everything on to another stream, which it does not close, and hashes it."""

    def __init__(self, to: IO[bytes]) -> None:
        super().__init__()
        self._to = to
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Buffer, /) -> int:
        """Write and hash all of `data`; returns its length in bytes."""
        view = memoryview(data).cast("B")
        self.sha256.update(view)
        self._to.write(view)
        return len(view)


def _format_of(output: Path | None) -> str:
    ending = output.suffix.removeprefix(".") if output else "csv"
    if ending not in FORMATS:
        give_up(f"{output}: which format? name it with --format ({', '.join(FORMATS)})", USAGE)
    return ending
