"""`acca completeness`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import FAILED, STOPPED, USAGE, clear_errors, give_up, load_config

if TYPE_CHECKING:
    from acca_crawler.config.loading import Config
    from storage.reports.completeness import Completeness

WORDS = {
    "stored": "stored", "pending": "waiting", "duplicate": "another address", "not_article": "not an article",
    "missing": "missing", "removed": "removed", "blocked": "blocked", "refused": "refused", "failed": "failed",
}  # fmt: skip


@click.command("completeness")
@click.argument("outlet")
@click.option("--offline", is_flag=True, help="Use the last census instead of asking the site again.")
@click.option("--archive", metavar="ARCHIVE", help="Read a web archive's index too: wayback, commoncrawl, CC-MAIN-....")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.pass_context
def command(context: click.Context, outlet: str, offline: bool, archive: str | None, as_json: bool) -> None:
    """Compare everything that OUTLET lists with the archive, month by month.

    Follows every way of discovery (REST totals and numbers, sitemaps, archive pages) to its end, but fetches no
    articles; the next crawl fetches what is found. Then counts the articles that web archives have and we lack, by the
    indexes read so far. Exits with 1 if no way answers, 130 if a signal stopped it.
    """
    config = load_config(context)
    from storage.reports.completeness import completeness, last_census
    from storage.schema.database import open_read_only

    with clear_errors():
        if not offline:
            _ask(config, outlet)
        if archive:
            _read_index(config, outlet, archive)
        db = open_read_only(config.archive_file)
        census = last_census(db, outlet)
        if census is None:
            give_up(f"{outlet} has not been asked yet what it has: run this without --offline", FAILED)
        found = completeness(db, outlet, *census)
        db.close()
    if as_json:
        click.echo(json.dumps(_as_dict(found), ensure_ascii=False, indent=2))
    else:
        _print(found)
    sys.exit(0)


def _ask(config: Config, name: str) -> None:
    """List what the site has. Exits with a message if it does not answer or a signal ends this."""
    from acca_crawler.crawl.start import take_census
    from acca_crawler.exceptions import UnknownOutlet

    try:
        ended = take_census(config, name)
    except UnknownOutlet as error:
        give_up(str(error), USAGE)
    if ended.stopped:
        give_up("stopped before everything was listed; run the same command again", STOPPED)
    if ended.statuses[name] != "ok":
        give_up(f"{name}: {ended.messages.get(name, 'no way answered')}", FAILED)


def _read_index(config: Config, name: str, archive: str) -> None:
    """Read a web archive's index of an outlet. Exits with 1 if the archive does not answer."""
    from acca_crawler.archives.choosing import archive_named
    from acca_crawler.archives.filling import fill_gaps
    from acca_crawler.crawl.start import choose

    (spider,) = choose(config, [name])
    filled = fill_gaps(config, name, spider.outlet, archive_named(archive, config), limit=None, index_only=True)
    if filled.message:
        give_up(f"{name}: {filled.message}", FAILED)


def _print(found: Completeness) -> None:
    click.echo(f"{found.outlet}: {_line(found.statuses)}")
    for month in found.months:
        click.echo(f"  {month.month:<8} {_line(month.statuses)}")
    for way in found.ways:
        total = f" of {way.total:,}" if way.total is not None else ""
        reason = f": {way.reason}" if way.reason else ""
        click.echo(f"by {way.way}: {way.outcome}{reason}, {way.listed:,}{total} listed")
    for one in found.archives:
        unread = "" if one.complete else " (the index was not read to its end)"
        click.echo(
            f"{one.archive} lists {one.articles:,} articles; {one.lacking:,} of them are not in this archive{unread}"
        )
    if found.unlisted:
        click.echo(f"in this archive, but no longer listed: {_counts(found.unlisted)}")
    click.echo(f"every address ever seen, by its status: {_counts(found.addresses)}")


def _line(statuses: Counter[str]) -> str:
    """Format counts, e.g. `stored 4,812 of 4,815; 3 missing: blocked 2, not an article 1`."""
    missing = Counter({status: count for status, count in statuses.items() if status != "stored"})
    summary = f"stored {statuses['stored']:,} of {statuses.total():,}"
    return f"{summary}; {missing.total():,} missing: {_counts(missing)}" if missing else summary


def _counts(statuses: Counter[str]) -> str:
    return ", ".join(f"{WORDS[status]} {count:,}" for status, count in statuses.most_common())


def _as_dict(found: Completeness) -> dict[str, object]:
    return {
        "outlet": found.outlet,
        "counted_at": found.counted_at,
        "statuses": dict(found.statuses),
        "months": [{"month": month.month, "statuses": dict(month.statuses)} for month in found.months],
        "ways": [
            {"way": way.way, "outcome": way.outcome, "reason": way.reason, "listed": way.listed, "total": way.total}
            for way in found.ways
        ],
        "archives": [asdict(one) for one in found.archives],
        "no_longer_listed": dict(found.unlisted),
        "addresses": dict(found.addresses),
    }
