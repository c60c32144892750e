"""`acca import`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import (
    FAILED,
    USAGE,
    clear_errors,
    ending_on_signals,
    file_sha256,
    give_up,
    load_config,
    note_custody,
)
from acca_crawler.cli.engine_options import engine_option, require_dask, scheduler_option
from acca_crawler.cli.progress import meter
from acca_crawler.exceptions import AccaError, ReadersLost

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from acca_crawler.engines import Engine, EngineName
    from acca_crawler.importing.cc_news import FileReport
    from acca_crawler.importing.import_articles import Imported


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--outlet", help="Outlet of the articles if the files don't name it; text dumps are acca's by default.")
@click.option("--url", help="URL of the article if the file doesn't contain it.")
@click.option(
    "--opml",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Add the feeds of a feed reader's list to acca.toml.",
)
@click.option("--cc-news", is_flag=True, help="The files are CC-NEWS or other large WARC files: keep declared outlets.")
@click.option("--outlets", metavar="NAMES", help="With --cc-news: only these outlets, separated by commas.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that read pages; by default 1, with --cc-news or Dask one per core.",
)
@engine_option
@scheduler_option
@click.pass_context
def command(
    context: click.Context,
    files: tuple[Path, ...],
    outlet: str | None,
    url: str | None,
    opml: Path | None,
    cc_news: bool,
    outlets: str | None,
    jobs: int | None,
    engine: EngineName,
    scheduler: str,
) -> None:
    """Import text dumps, saved HTML pages and WARC files, or follow a reader's feeds.

    Exits with 1 if a file could not be read.
    """
    config = load_config(context)
    require_dask(engine, scheduler)
    if opml is not None:
        if files or outlet or url:
            give_up("--opml is a list of feeds: give nothing else", USAGE)
        _follow_feeds(config, opml)
        return
    if not files:
        give_up("which files?", USAGE)
    if cc_news:
        if outlet or url:
            give_up("--cc-news takes --outlets, and neither --outlet nor --url", USAGE)
        only = tuple(filter(None, (outlets or "").split(",")))
        _import_cc_news(config, files, only, _engine(engine, jobs or os.cpu_count() or 1, scheduler))
        return
    if outlets:
        give_up("--outlets goes with --cc-news", USAGE)
    if url and len(files) > 1:
        give_up("--url is the address of one article: give one file", USAGE)
    from acca_crawler.crawl.start import load_outlets
    from acca_crawler.exceptions import UnknownOutlet
    from acca_crawler.importing.import_articles import import_files
    from acca_crawler.interrupts import interruptible

    readers = _engine(engine, jobs or (os.cpu_count() if engine == "dask" else None) or 1, scheduler)
    failed = False
    with clear_errors(), ending_on_signals():
        known = {name: spider.outlet for name, spider in load_outlets(config).items()}
        try:
            with interruptible():
                hashes = {str(file): file_sha256(file) for file in files}
            custody = _in_the_journal(config, {"files": hashes, "outlet": outlet, "url": url})
            with meter("import", "MB") as advance, custody:
                for imported in import_files(
                    config, known, files, outlet=outlet, url=url, engine=readers, progress=advance
                ):
                    failed = failed or imported.error is not None
                    _print(imported)
        except UnknownOutlet as error:
            give_up(str(error), USAGE)
    if failed:
        sys.exit(FAILED)


def _import_cc_news(config: Config, files: tuple[Path, ...], only: tuple[str, ...], engine: Engine) -> None:
    """Import large WARC files and say of each what was kept and why the rest was skipped."""
    from acca_crawler.crawl.start import load_outlets
    from acca_crawler.exceptions import UnknownOutlet
    from acca_crawler.importing.cc_news import import_cc_news, missing_files
    from acca_crawler.interrupts import interruptible

    failed = False
    with clear_errors(), ending_on_signals():
        outlets = {name: spider.outlet for name, spider in load_outlets(config).items()}
        missing_files(files)
        with interruptible():
            hashes = {str(file): file_sha256(file) for file in files}
        custody = _in_the_journal(config, {"files": hashes, "cc_news": True, "outlets": list(only)})
        try:
            with meter("import", "MB") as advance, custody:
                for report in import_cc_news(config, outlets, files, only=only, engine=engine, progress=advance):
                    _print_file(report)
                    failed = failed or bool(report.error)
        except UnknownOutlet as error:
            give_up(str(error), USAGE)
    if failed:
        sys.exit(FAILED)


def _engine(name: EngineName, jobs: int, scheduler: str) -> Engine:
    from acca_crawler.engines import Engine

    return Engine(name, jobs, scheduler)


@contextmanager
def _in_the_journal(config: Config, subject: Mapping[str, object]) -> Iterator[None]:
    """Note an import in the journal when it ends, also by a signal, a fault, a full disk or a lost cluster.

    One that could not begin is left out.
    """
    from storage.exceptions import ArchiveError, ArchiveLocked

    try:
        yield
    except BaseException as error:
        if isinstance(error, ReadersLost) or not isinstance(error, AccaError | ArchiveError | ArchiveLocked):
            note_custody(config, "import", {**subject, "interrupted": True})
        raise
    note_custody(config, "import", subject)


def _print_file(report: FileReport) -> None:
    """Say what was kept of a large file, and why the rest was skipped."""
    kept = ", ".join(f"{name} {count}" for name, count in sorted(report.outcomes.items())) or "nothing kept"
    skipped = "; ".join(f"{why} {count:,}" for why, count in report.skipped.most_common())
    resumed = f" (continued at offset {report.resumed_at:,})" if report.resumed_at else ""
    click.echo(f"{report.file}{resumed}: {kept}" + (f"; skipped: {skipped}" if skipped else ""))
    if report.error:
        click.echo(f"{report.file}: {report.error}", err=True)


def _follow_feeds(config: Config, file: Path) -> None:
    """Add the feeds of an OPML file to acca.toml and say what became of each."""
    from acca_crawler.crawl.start import load_outlets
    from acca_crawler.outlet_tools.opml import follow, read_opml

    with clear_errors():
        feeds = read_opml(file)
        added = 0
        for feed, why_not in follow(config, feeds, load_outlets(config)):
            added += not why_not
            click.echo(f"{feed.url}: {why_not or 'added'}")
        click.echo(f"{added} of {len(feeds)} feeds added to {config.file}; `acca crawl` follows them from now on.")


def _print(imported: Imported) -> None:
    if imported.article is None:
        click.echo(f"{imported.file}: {imported.error}", err=True)
        return
    if imported.stored is None:
        title = imported.article.extraction.title
        click.echo(f"{imported.file}: kept as evidence; the archive has a newer version of: {title}")
        return
    detection = imported.article.detection
    found = f"{detection.level}: {', '.join(detection.categories)}" if detection.categories else detection.level
    click.echo(
        f"{imported.file}: {imported.stored.outcome}, article {imported.stored.article_id} of "
        f"{imported.article.outlet}: {imported.article.extraction.title}  [{found}]"
    )
