"""`acca diff`."""

from __future__ import annotations

import click

from acca_crawler.cli.common import USAGE, give_up, reading


@click.command("diff")
@click.option(
    "--since",
    default="last",
    show_default=True,
    metavar="RUN|DATE|last",
    help="Changes after this run, since this day, or in the last crawl.",
)
@click.option("--json", "form", flag_value="json", help="As JSON Lines, one report each.")
@click.option("--csv", "form", flag_value="csv", help="As CSV with a header.")
@click.pass_context
def command(context: click.Context, since: str, form: str | None) -> None:
    """Show which reports are new, edited or removed, by country, with the deciding words.

    Repeating it without a crawl in between shows the same.
    """
    from acca_crawler.reports import diff as diff_report
    from storage.exceptions import NoSuchRun
    from storage.reports.diff import diff, runs_after

    with reading(context) as db:
        try:
            found = diff(db, runs_after(db, since))
        except NoSuchRun as error:
            give_up(f"--since: {error}", USAGE)
    if form == "json":
        click.echo(diff_report.as_json_lines(found), nl=False)
    elif form == "csv":
        click.echo(diff_report.as_csv(found), nl=False)
    else:
        diff_report.print_diff(found)
