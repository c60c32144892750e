"""`acca review`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from acca_crawler.cli.choices import NUMBER
from acca_crawler.cli.common import FAILED, USAGE, clear_errors, give_up, load_config
from acca_crawler.cli.reviewer import reviewer_named

if TYPE_CHECKING:
    from acca_crawler.items import FalseAlarmReason, Verdict

VERDICTS = ("confirm", "false_alarm", "duplicate_of", "watch", "second_pair", "reopen", "assign", "note", "undo")
REASONS = (
    "not_about_this", "no_state_agent", "abroad", "policy_only", "history", "fiction", "copy_error", "other",
)  # fmt: skip


@click.command("review")
@click.argument("report", type=NUMBER)
@click.option("--verdict", type=click.Choice(VERDICTS), required=True)
@click.option("--reason", type=click.Choice(REASONS), help="Why it is a false alarm.")
@click.option("--duplicate-of", type=NUMBER, metavar="REPORT", help="The report it repeats.")
@click.option("--assignee", help="Reviewer to assign; without it, the assignment is removed.")
@click.option("--note", default="", help="What the next reader should know.")
@click.option("--as", "reviewer", help="The deciding user (a monitor or lead); by default, your system user name.")
@click.pass_context
def command(
    context: click.Context,
    report: int,
    verdict: Verdict,
    reason: FalseAlarmReason | None,
    duplicate_of: int | None,
    assignee: str | None,
    note: str,
    reviewer: str | None,
) -> None:
    """Record a decision on the story of REPORT, a number shown by `acca alerts`, `acca diff` or a page.

    No password is needed: anyone who can write to the archive's directory can also change who may review. Undo by a
    lead reverts the newest decision, no matter who made it; by a monitor, the newest of their own.
    """
    from acca_crawler.clock import utc_stamp
    from storage.exceptions import ReviewError
    from storage.review import queue, queue_refresh, reviews
    from storage.review.database import open_people

    config = load_config(context)
    with clear_errors():
        db = open_people(config.people_file, config.archive_file)
        queue_refresh.refresh(db, config.web.second_reviewer)
        if queue.item(db, report) is None:
            give_up(f"report {report} is not in the queue: see `acca alerts --view all`", FAILED)
        user = reviewer_named(db, reviewer)
        newest = reviews.undoable(reviews.history(db, report), user.name, anyones=user.may("lead"))
        decision = reviews.Decision(
            verdict=verdict,
            reviewer=user.name,
            note=note,
            reason=reason,
            duplicate_of=duplicate_of,
            assignee=assignee,
            undoes=newest.id if verdict == "undo" and newest else None,
        )
        try:
            reviews.decide(db, report, decision, None, utc_stamp(), config.web.second_reviewer)
        except ReviewError as error:
            give_up(str(error), USAGE)
        item = queue.item(db, report)
        db.close()
    assert item is not None, "a decision was written about it"
    click.echo(f"Report {report}: {item.status}{f', assigned to {item.assignee}' if item.assignee else ''}.")
