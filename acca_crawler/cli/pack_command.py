"""`acca pack`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.choices import NUMBER
from acca_crawler.cli.common import USAGE, clear_errors, give_up, load_config, note_custody
from acca_crawler.counting import counted
from acca_crawler.whole_file import whole_file

if TYPE_CHECKING:
    from storage.schema.kinds import ReviewDb


@click.command("pack")
@click.argument("reports", nargs=-1, type=NUMBER, metavar="REPORT...")
@click.option("--case", type=NUMBER, help="Also the confirmed reports of this case, as `acca case show` lists them.")
@click.option("--search", "query", help="Also the reports that this search finds, as `acca search` does.")
@click.option(
    "--output", "-o", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The ZIP file to write."
)
@click.option("--language", type=click.Choice(["en", "ru"]), default="en", show_default=True, help="Of the cover.")
@click.pass_context
def command(
    context: click.Context, reports: tuple[int, ...], case: int | None, query: str | None, output: Path, language: str
) -> None:
    """Write reports with all their evidence to one ZIP that strangers can check without this software.

    REPORT is a number shown by `acca alerts`, `acca diff` or a page. The ZIP contains the captures as a web archive
    (WACZ), a cover, the texts, the proofs that lead from each report to the newest manifest, and a program that checks
    them offline. It includes what reviewers decided. docs/evidence.md describes it.
    """
    from acca_crawler.clock import utc_stamp
    from acca_crawler.i18n import catalogue
    from acca_crawler.packing.build import make_pack
    from acca_crawler.packing.contents import collect
    from storage.exceptions import NoSuchArticle
    from storage.review.database import open_people

    if not reports and not query and case is None:
        give_up("name a report, or reports with --case or --search", USAGE)
    config = load_config(context)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        wanted = [*reports, *_of_case(db, case), *_of_search(db, query)]
        if not wanted:
            give_up(f"nothing was found by {query!r}" if query else f"case {case} has no confirmed reports", USAGE)
        try:
            contents = collect(db, config.warc_directory, wanted)
        except NoSuchArticle as error:
            give_up(str(error.args[0]), USAGE)
        pack = make_pack(contents, utc_stamp(), catalogue.language(language))
        db.close()
        subject = {"reports": [report.record.id for report in contents.reports], "to": str(output)}
        with whole_file(output) as file:
            file.write(pack.data)
            file.flush()
            # Noted before the file has its name: a kill in between leaves an entry without a file, not the reverse.
            note_custody(config, "pack", subject, pack.sha256)
    click.echo(
        f"{output}: {counted(len(contents.reports), 'report')}, {counted(len(contents.captures), 'capture')}, "
        f"sha256 {pack.sha256}"
    )


def _of_case(db: ReviewDb, number: int | None) -> list[int]:
    """Return the confirmed reports of a case, or of the one it was merged into; none without a number."""
    from storage.review import cases

    if number is None:
        return []
    found = cases.current(cases.cases(db), number)
    if found is None:
        give_up(f"case {number} not found: see `acca case list`", USAGE)
    return found.confirmed


def _of_search(db: ReviewDb, query: str | None) -> list[int]:
    """Return the reports that a search finds; one more than a pack may have if there are too many."""
    from acca_crawler.packing.contents import MAX_REPORTS
    from acca_crawler.search import QueryError, search
    from storage.articles.search import SearchFilter

    if not query:
        return []
    try:
        return [hit.article_id for hit in search(db, query, SearchFilter(), limit=MAX_REPORTS + 1)]
    except QueryError as error:
        give_up(f"can't read the query: {error}", USAGE)
