"""Collects what a pack contains: the reports with their captures, versions and decisions, and the proofs of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from acca_crawler.exceptions import PackError
from acca_crawler.packing.wacz import PackedCapture
from storage.articles import read
from storage.articles.elsewhere import Copy, copies_of
from storage.articles.history import VisitRecord, troubled_visits
from storage.articles.read import ArticleRecord
from storage.evidence import index as capture_index
from storage.evidence import manifest, proof, timestamps
from storage.evidence.captures import CaptureStore
from storage.evidence.manifest import Manifest
from storage.evidence.proof import ProvingBlock, RevisionRow
from storage.evidence.sources import SourceCapture, captures_behind
from storage.evidence.timestamps import Timestamp
from storage.review import journal, reviews
from storage.review.journal import JournalEntry
from storage.review.reviews import Review
from storage.schema.kinds import ReviewDb

MAX_REPORTS = 200
"""Maximum reports in one pack: it is built in memory and read by people."""


@dataclass(frozen=True, slots=True)
class PackedReport:
    """One report of a pack. `visits` are those that did not find it; `decisions` those about its story; `copies` are
    in other archives."""

    record: ArticleRecord
    outlet_title: str
    revisions: tuple[RevisionRow, ...]
    captures: tuple[SourceCapture, ...]
    visits: tuple[VisitRecord, ...]
    decisions: tuple[Review, ...]
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class ProvedDecision:
    """A decision's row as the journal hashes it, and its entry in the journal."""

    values: tuple[object, ...]
    entry: JournalEntry


@dataclass(frozen=True, slots=True)
class PackContents:
    """Everything that a pack is made of.

    `pruned` are captures behind a report whose file retention removed; `journal` are the entries from the one before
    the first decision to the one that the newest manifest contains.
    """

    archive: str
    reports: tuple[PackedReport, ...]
    captures: tuple[PackedCapture, ...]
    heads: dict[str, bytes]
    pruned: tuple[int, ...]
    blocks: tuple[ProvingBlock, ...]
    chain: tuple[Manifest, ...]
    decisions: tuple[ProvedDecision, ...]
    journal: tuple[JournalEntry, ...]
    stamps: tuple[Timestamp, ...]

    @property
    def head(self) -> Manifest:
        """The newest manifest of the archive."""
        return self.chain[-1]


def collect(db: ReviewDb, warc_directory: Path, article_ids: Sequence[int]) -> PackContents:
    """Collect the contents of a pack from a review database with its archive attached.

    Raises `PackError` and errors of `storage.exceptions`: `NoSuchArticle`, `RunOpen` if a run has not ended, `NoProof`
    if a row is missing from its manifest, `CaptureError` if a capture has changed since it was stored.
    """
    wanted = list(dict.fromkeys(article_ids))
    if not 1 <= len(wanted) <= MAX_REPORTS:
        raise PackError("a pack has 1 to {most} reports, these are {n}", most=MAX_REPORTS, n=len(wanted))
    reports = tuple(_report(db, number) for number in wanted)
    store = CaptureStore(warc_directory, db)
    rows = {source.row.id: source.row for report in reports for source in report.captures}
    gone = {row.path for row in capture_index.pruned(db)}
    kept = [row for _, row in sorted(rows.items()) if row.warc_file not in gone]
    heads = {}
    for name in sorted({row.warc_file for row in kept}):
        file = capture_index.file(db, name)
        if file is None:
            raise PackError("{file}: the file is not in the index: run `acca verify`", file=name)
        heads[name] = store.head(file)
    revisions = [revision for report in reports for revision in report.revisions]
    blocks = (
        *proof.proving_blocks(db, "captures", [(row.run_id, row.id) for row in rows.values()]),
        *proof.proving_blocks(db, "revisions", [(revision.run_id, revision.id) for revision in revisions]),
    )
    chain = _chain(db, blocks)
    decisions = _decisions(db, reports)
    return PackContents(
        archive=db.execute("SELECT uuid FROM archive_identity").fetchone()[0],
        reports=reports,
        captures=tuple(PackedCapture(row, store.raw(row)) for row in kept),
        heads=heads,
        pruned=tuple(sorted(rows.keys() - {row.id for row in kept})),
        blocks=blocks,
        chain=chain,
        decisions=decisions,
        journal=_journal(db, decisions, chain[-1]),
        stamps=_stamps(db, {block.run_id for block in blocks}),
    )


def _report(db: ReviewDb, article_id: int) -> PackedReport:
    record = read.load(db, article_id)
    title = db.execute("SELECT title FROM outlets WHERE name = ?", [record.outlet]).fetchone()
    return PackedReport(
        record=record,
        outlet_title=title[0] if title else record.outlet,
        revisions=tuple(proof.revision_rows(db, article_id)),
        captures=tuple(captures_behind(db, article_id)),
        visits=tuple(troubled_visits(db, article_id)),
        decisions=tuple(reviews.history(db, article_id)),
        copies=tuple(copies_of(db, article_id)),
    )


def _chain(db: ReviewDb, blocks: Iterable[ProvingBlock]) -> tuple[Manifest, ...]:
    newest = manifest.head(db)
    if newest is None:
        raise PackError("the archive has no manifest yet: the first is written when a run ends")
    return tuple(proof.chain_since(db, min((block.run_id for block in blocks), default=newest.run_id)))


def _decisions(db: ReviewDb, reports: Iterable[PackedReport]) -> tuple[ProvedDecision, ...]:
    numbers = {decision.id for report in reports for decision in report.decisions}
    found = []
    for number, entry in sorted(journal.entries_of_reviews(db, numbers).items()):
        sql = f"SELECT {', '.join(journal.REVIEW_COLUMNS)} FROM reviews WHERE id = ?"
        found.append(ProvedDecision(tuple(db.execute(sql, [number]).fetchone()), entry))
    if missing := numbers - {decision.values[0] for decision in found}:
        raise PackError("decision {id} is not in the journal: run `acca verify`", id=min(missing))
    return tuple(found)


def _journal(db: ReviewDb, decisions: Sequence[ProvedDecision], newest: Manifest) -> tuple[JournalEntry, ...]:
    anchored = json.loads(newest.body).get("journal", {}).get("count", 0)
    first = min((decision.entry.id for decision in decisions), default=anchored + 1)
    return tuple(entry for entry in journal.entries(db, first - 1) if entry.id <= anchored) if first <= anchored else ()


def _stamps(db: ReviewDb, runs: set[int]) -> tuple[Timestamp, ...]:
    """Return each authority's first time-stamp at or after each run: later ones prove less."""
    chosen: dict[int, Timestamp] = {}
    found = [one for one in timestamps.stamps(db, min(runs, default=0)) if one.token is not None]
    for run in sorted(runs):
        for authority in {one.authority for one in found}:
            first = next((one for one in found if one.authority == authority and one.run_id >= run), None)
            if first is not None:
                chosen[first.id] = first
    return tuple(one for _, one in sorted(chosen.items()))
