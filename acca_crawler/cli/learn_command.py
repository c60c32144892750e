"""`acca lexicon learn`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acca_crawler.cli.common import USAGE, clear_errors, give_up, load_config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acca_crawler.config.loading import Config
    from acca_crawler.learning.proposals import Effect, TermProposal
    from storage.review.labelled_alerts import Outcome

SHOWN = 10


@click.command("learn")
@click.option("--yes", is_flag=True, help="Write the proposals without asking; without a terminal nothing is written.")
@click.pass_context
def learn(context: click.Context, yes: bool) -> None:
    """Propose terms for your own lexicon from what was confirmed and what were false alarms.

    Learns from two thirds of the decided stories and shows what the proposals would change in the rest. Writes them
    only after you confirm, to `<language>-learned.toml` in detect.lexicon_directory, for crawls from then on; `acca
    reprocess` applies them to the archive. Nothing is ever learned automatically.
    """
    from acca_crawler.detect.detector import Detector
    from acca_crawler.learning.lexicon_file import write_terms
    from acca_crawler.learning.proposals import divided, proposals

    config = load_config(context)
    with clear_errors():
        learnt, held = divided(_outcomes(config))
        detector = Detector(config.lexicon_directories)
        found = proposals(learnt, detector)
        click.echo(f"{len(learnt)} decided stories to learn from, {len(held)} held out")
        if not found:
            click.echo("Nothing is proposed.")
            return
        kept = _harmless(found, learnt, config)
        for one in kept:
            click.echo(f"  {_described(one)}")
        if not kept:
            click.echo("Nothing is proposed: each proposal would silence a confirmed report.")
            return
        _print_effect(_effect(kept, held, config))
        directory = next(iter(config.lexicon_directories), None)
        if directory is None:
            give_up("name your own lexicon in acca.toml first: [detect] lexicon_directory", USAGE)
        if yes or (sys.stdin.isatty() and click.confirm("Write them?")):
            for path in write_terms(directory, (one.term for one in kept)):
                click.echo(f"written: {path}")
        else:
            click.echo("Nothing was written.")


def _outcomes(config: Config) -> list[Outcome]:
    from storage.review import queue_refresh
    from storage.review.database import open_people
    from storage.review.labelled_alerts import outcomes

    db = open_people(config.people_file, config.archive_file)
    try:
        queue_refresh.refresh(db, config.web.second_reviewer)
        return list(outcomes(db))
    finally:
        db.close()


def _harmless(found: Sequence[TermProposal], learnt: Sequence[Outcome], config: Config) -> list[TermProposal]:
    """Return the proposals that, each alone, silence no confirmed report among those they were learnt from."""
    confirmed = [one for one in learnt if one.is_right]
    return [one for one in found if not _effect([one], confirmed, config).lost]


def _effect(found: Sequence[TermProposal], decided: Sequence[Outcome], config: Config) -> Effect:
    from acca_crawler.detect.detector import Detector
    from acca_crawler.learning.lexicon_file import write_terms
    from acca_crawler.learning.proposals import effect

    with tempfile.TemporaryDirectory() as directory:
        write_terms(Path(directory), (one.term for one in found))
        theirs = Detector((*config.lexicon_directories, Path(directory)))
        return effect(decided, Detector(config.lexicon_directories), theirs)


def _described(one: TermProposal) -> str:
    if one.kind == "mask":
        return f"mask ({one.term.language}): “{one.term.lemma}”, in {one.decided} false alarms and no confirmed report"
    return (
        f"weaker: {one.term.name}, strength {one.term.strength + 1} -> {one.term.strength}, "
        f"confirmed {one.right} of {one.decided}"
    )


def _print_effect(found: Effect) -> None:
    click.echo(
        f"Held out: {len(found.silenced)} of {found.false_alarms} false alarms would fall silent, "
        f"{len(found.lost)} of {found.decided - found.false_alarms} confirmed reports would be LOST"
    )
    for sign, reports in (("silent", found.silenced), ("LOST", found.lost)):
        for one in reports[:SHOWN]:
            click.echo(f"  {sign}: {one.article_id} {one.title}")
