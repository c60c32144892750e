"""`acca opinion`."""

from __future__ import annotations

import click

from acca_crawler.cli.choices import NUMBER
from acca_crawler.cli.common import FAILED, USAGE, clear_errors, give_up, load_config
from acca_crawler.cli.reviewer import reviewer_named


@click.command("opinion")
@click.argument("report", type=NUMBER)
@click.option("--as", "reviewer", help="The user who asks (a monitor or lead); by default, your system user name.")
@click.pass_context
def command(context: click.Context, report: int, reviewer: str | None) -> None:
    """Ask the language model of `[opinion]` in acca.toml for a second opinion on REPORT, an alert or a near miss.

    The answer is recorded and shown on the report's page. It is not evidence; level and queue stay as they are.
    """
    from dataclasses import asdict

    from acca_crawler.assist import asking
    from acca_crawler.assist.reports import opinion_on
    from acca_crawler.clock import utc_stamp
    from acca_crawler.exceptions import SecretMissing, ServiceError
    from acca_crawler.i18n.labels import LEVELS
    from storage.exceptions import NoSuchArticle, ReviewError
    from storage.review import assistance
    from storage.review.database import open_people

    config = load_config(context)
    if not config.opinion.url:
        give_up("no model is set: name one in acca.toml, [opinion] url", USAGE)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        user = reviewer_named(db, reviewer)
        try:
            begun = asking.begin_opinion(db, config.opinion, config.base_directory, report, user.name, utc_stamp())
            found, model = opinion_on(config.opinion, begun.key, begun.source)
        except (NoSuchArticle, ReviewError, SecretMissing) as error:
            give_up(str(error), USAGE)
        except ServiceError as error:
            assistance.finish(db, begun.number, asking.failure(error), utc_stamp(), str(error))
            give_up(f"the service gave no usable answer: {error}", FAILED)
        assistance.finish(db, begun.number, "answered", utc_stamp(), model=model, answer=asdict(found))
        db.close()
    click.echo(f"Report {report}: {LEVELS[found.level].lower()}, says {model} (an opinion, not evidence)")
    click.echo(f"  {found.sentence}")
    for label, said in (("who", found.who), ("where", found.where), ("by whom", found.by_whom)):
        if said:
            click.echo(f"  {label}: {said}")
    for quote in found.quotes:
        click.echo(f"  “{quote}”")
