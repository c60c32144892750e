"""`acca search`."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.choices import CATEGORY, COUNTRY, LANGUAGE, LEVEL, outlet_in
from acca_crawler.cli.common import USAGE, clear_errors, give_up, load_config, on_day, reading, say_on_terminal, writing
from acca_crawler.counting import counted

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from acca_crawler.search import SearchHit


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--since", default="", metavar="DAY", callback=on_day, help="Published on this day or later (2026-01-31)."
)
@click.option("--until", default="", metavar="DAY", callback=on_day, help="Published on this day or before.")
@click.option("--country", default="", type=COUNTRY, help="A code or a name: KG, Kyrgyzstan, Кыргызстан.")
@click.option("--outlet", default="")
@click.option("--category", default="", type=CATEGORY, help="A code or a name: torture, death_in_custody.")
@click.option("--language", default="", type=LANGUAGE, help="A code or a name: ru, uz-Cyrl, Kazakh.")
@click.option("--level", default="", type=LEVEL, help="alert, digest or ignore.")
@click.option("--sort", type=click.Choice(["best", "newest"]), default="best", show_default=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "form", flag_value="json", help="As JSON Lines, one article each.")
@click.option("--csv", "form", flag_value="csv", help="As CSV with a header.")
@click.pass_context
def command(
    context: click.Context, /, query: tuple[str, ...], sort: str, limit: int, form: str | None, **narrowed: str
) -> None:
    """Find articles by words in their current title and text, best match first.

    Matches words in every inflected form, and names in every script and romanisation (Ruzakhunov, Рузахунов). Supports
    "exact phrases", AND, OR, NOT (or -word), brackets and prefixes (задерж*). An article without a date uses the day on
    which it was first seen. If more than 50 articles match, the best of the newest 50 come first, then
    the earlier ones. Put `--` before a query that begins with -.
    """
    from acca_crawler.search import QueryError, search
    from storage.articles.search import SearchFilter

    _bring_up_to_date(load_config(context))
    with reading(context) as db:
        narrowed["outlet"] = outlet_in(db, narrowed["outlet"])
        try:
            hits = search(db, _joined(query), SearchFilter(**narrowed), order=sort, limit=limit)  # type: ignore[arg-type]
        except QueryError as error:
            give_up(f"can't read the query: {error}", USAGE)
    _SHOWN[form](hits)


def _joined(query: tuple[str, ...]) -> str:
    """Join several arguments into one query: an argument with spaces was a quoted phrase before the shell parsed it."""
    if len(query) == 1:
        return query[0]
    return " ".join(f'"{part}"' if " " in part and '"' not in part else part for part in query)


def _bring_up_to_date(config: Config) -> None:
    """Index pending articles (mostly of an archive older than the index), or say why that failed."""
    from acca_crawler.search.indexing import bring_up_to_date, is_up_to_date
    from storage.exceptions import ArchiveError, ArchiveLocked
    from storage.schema.database import open_read_only

    with clear_errors():
        db = open_read_only(config.archive_file)
        complete = is_up_to_date(db)
        db.close()
        if complete:
            return
        try:
            with writing(config) as db:
                done = 0
                for number in bring_up_to_date(db):
                    done += number
                    say_on_terminal(f"{counted(done, 'article')} indexed")
        except (ArchiveLocked, ArchiveError) as error:
            click.echo(f"acca: some articles are not in the index yet: {error}", err=True)


def _print(hits: list[SearchHit]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    if not hits:
        console.print("Nothing was found.")
    for hit in hits:
        line = Text(f"{hit.article_id:>6}  {hit.country or '??'}  {hit.date or 'date unknown'}  {hit.outlet}  ")
        line.append(hit.title, style="bold")
        if hit.level in ("alert", "digest"):
            line.append(f"  ({hit.level})", style="red" if hit.level == "alert" else "yellow")
        console.print(line)
        passage = Text(hit.snippet.text)
        for start, end in hit.snippet.marks:
            passage.stylize("bold red", start, end)
        console.print(Text("        ").append_text(passage))


def _print_json(hits: list[SearchHit]) -> None:
    for hit in hits:
        click.echo(json.dumps(_row(hit) | {"categories": hit.categories}, ensure_ascii=False))


def _print_csv(hits: list[SearchHit]) -> None:
    from acca_crawler.reports.spreadsheet import inert
    from acca_crawler.search import SearchHit

    sys.stdout.write("\ufeff")  # Excel needs a byte order mark to read Cyrillic
    writer = csv.DictWriter(sys.stdout, list(SearchHit.__dataclass_fields__))
    writer.writeheader()
    for hit in hits:
        row = _row(hit) | {"categories": "; ".join(hit.categories)}
        writer.writerow({name: inert(value) for name, value in row.items()})


def _row(hit: SearchHit) -> dict[str, object]:
    return asdict(hit) | {"snippet": hit.snippet.marked()}


_SHOWN = {None: _print, "json": _print_json, "csv": _print_csv}
