"""What the cover of a pack says, as headings, fields and diffs; `cover_html` and `cover_pdf` lay it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from acca_crawler.i18n import labels
from acca_crawler.i18n.catalogue import Language
from acca_crawler.packing.contents import PackContents, PackedReport
from acca_crawler.reports.worddiff import Changed, changed_paragraphs, words
from storage.evidence.sources import SourceCapture
from storage.review.reviews import Review


@dataclass(frozen=True, slots=True)
class CoverField:
    """A label with its value; an empty label continues the field before it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CoverSection:
    """A heading of level 1 or 2, fields, and paragraphs that show what an edit removed and added."""

    heading: str
    level: int
    fields: tuple[CoverField, ...] = ()
    diffs: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """The whole cover."""

    title: str
    introduction: str
    sections: tuple[CoverSection, ...]


def _(text: str) -> str:
    """Mark a text for the catalogues."""
    return text


ROLES = {
    "page": _("page of the report"),
    "listing": _("the answer that listed it"),
    "visit": _("later visit"),
    "robots": _("robots.txt in force"),
    "original": _("payload of a repeated answer"),
    "rendered_from": _("what a browser made the page from"),
    "screenshot": _("picture of the captured page, rendered without network"),
}
"""What a capture is to a report, by code."""


def make_cover(contents: PackContents, made_at: str, say: Language) -> Cover:
    """Return the cover of a pack made at a time (UTC stamp), in an interface language."""
    introduction = say.text(
        "This pack contains {n} reports of an archive of news, with the answers of the servers that they were read "
        "from. README.txt explains its parts. To check it, unpack it and run: python3 verify.py",
        n=len(contents.reports),
    )
    head = contents.head
    proofs = CoverSection(
        say.text("The archive"),
        1,
        (
            CoverField(say.text("Pack made"), made_at),
            CoverField(say.text("Archive"), contents.archive),
            CoverField(say.text("Newest manifest"), say.text("run {run}, {at}", run=head.run_id, at=head.closed_at)),
            CoverField(say.text("Head of the chain (SHA-256)"), head.sha256),
            *_stamps(contents, say),
        ),
    )
    sections = [section for report in contents.reports for section in _report(contents, report, say)]
    return Cover(say.text("Evidence pack"), introduction, (proofs, *sections))


def _stamps(contents: PackContents, say: Language) -> Iterator[CoverField]:
    if not contents.stamps:
        yield CoverField(say.text("Outside time-stamps"), say.text("none"))
    for one in contents.stamps:
        when = one.stamped_at or (
            say.text("in Bitcoin block {number}", number=one.block) if one.block else say.text("promised, not complete")
        )
        label = say.text("Run {run} dated by", run=one.run_id)
        yield CoverField(label, f"{one.authority}: {when}")


def _report(contents: PackContents, report: PackedReport, say: Language) -> Iterator[CoverSection]:
    record = report.record
    yield CoverSection(f"#{record.id} {record.title}", 1, tuple(_identity(report, say)))
    yield CoverSection(
        say.text("Captures"), 2, tuple(field for one in report.captures for field in _capture(contents, one, say))
    )
    yield from _versions(report, say)
    if report.visits:
        found = (CoverField(one.visited_at, " ".join(filter(None, (one.outcome, one.reason)))) for one in report.visits)
        yield CoverSection(say.text("Visits that did not find it"), 2, tuple(found))
    if report.copies:
        kept = (CoverField(one.captured_at or say.text("date unknown"), str(one.address)) for one in report.copies)
        yield CoverSection(say.text("Copies in other archives"), 2, tuple(kept))
    if report.decisions:
        decided = (CoverField(one.created_at, _decision(one, say)) for one in report.decisions)
        yield CoverSection(say.text("Decisions about its story"), 2, tuple(decided))


def _identity(report: PackedReport, say: Language) -> Iterator[CoverField]:
    record = report.record
    yield CoverField(say.text("Outlet"), f"{report.outlet_title} ({record.outlet})")
    yield CoverField(say.text("Address"), record.url)
    for address in record.addresses:
        if address.url != record.url:
            yield CoverField("", f"{address.url} ({address.way})")
    published = record.published_at or say.text("date unknown")
    source = ", ".join(filter(None, (record.published_source, record.published_certainty)))
    yield CoverField(say.text("Published"), f"{published} ({source})" if source else published)
    yield CoverField(say.text("First seen"), record.first_seen_at)
    yield CoverField(say.text("Last seen"), record.last_seen_at)
    if record.removed_at:
        yield CoverField(say.text("Removed"), record.removed_at)
    level = say.text(labels.LEVELS[record.level]) if record.level else ""
    categories = [say.text(labels.CATEGORIES[one]) for one in record.flag_categories if one in labels.CATEGORIES]
    yield CoverField(say.text("Flagged by the program as"), ", ".join(filter(None, (level, *categories))))
    if authors := ", ".join(record.authors):
        yield CoverField(say.text("Authors"), authors)


def _capture(contents: PackContents, source: SourceCapture, say: Language) -> Iterator[CoverField]:
    row = source.row
    roles = ", ".join(say.text(ROLES[role]) for role in source.roles)
    yield CoverField(say.text("Capture {number}", number=row.id), roles)
    yield CoverField("", row.url)
    where = say.text("from IP address {ip}", ip=row.ip_address) if row.ip_address else say.text("IP address unknown")
    answer = say.text("HTTP {status}", status=row.status) if row.status else say.text("imported file")
    yield CoverField("", f"{row.fetched_at}, {answer}, {where}, {row.route}")
    yield CoverField("", say.text("{n} bytes, SHA-256 {sha256}", n=row.payload_bytes, sha256=row.payload_sha256))
    if row.id in contents.pruned:
        yield CoverField("", say.text("not in the pack: its file was removed by retention, only its hashes remain"))
    else:
        yield CoverField("", f"captures.wacz: {row.warc_file}, " + say.text("run {run}", run=row.run_id))
    if "screenshot" in source.roles and row.id not in contents.pruned:
        yield CoverField("", f"screenshots/{row.id}.png")
    if row.revisit_of is not None:
        yield CoverField("", say.text("the same payload as capture {number}", number=row.revisit_of))


def _versions(report: PackedReport, say: Language) -> Iterator[CoverSection]:
    before_after = pairwise((None, *report.revisions))
    for before, after in before_after:
        assert after is not None, "only the first has nothing before it"
        new = after.columns
        fields = (
            CoverField(say.text("Stored"), f"{new['stored_at']}, " + say.text("run {run}", run=after.run_id)),
            CoverField(say.text("Change"), say.text(labels.CHANGES.get(new["change"], new["change"]))),
            CoverField(say.text("Read from"), say.text("Capture {number}", number=new["capture_id"] or "?")),
            CoverField(say.text("Hash of the row"), after.row_sha256),
        )
        diffs: list[Changed] = []
        if before is not None:
            old = before.columns
            diffs += [words(old["title"], new["title"])] if old["title"] != new["title"] else []
            diffs += changed_paragraphs(old["text"], new["text"])
        yield CoverSection(say.text("Version {number}", number=new["number"]), 2, fields, tuple(diffs))


def _decision(one: Review, say: Language) -> str:
    parts = [say.text("{who} {verdict}", who=one.reviewer, verdict=say.text(labels.VERDICTS[one.verdict]))]
    parts += [say.text(labels.REASONS[one.reason])] if one.reason else []
    parts += [f"#{one.duplicate_of}"] if one.duplicate_of else []
    parts += [f"→ {one.assignee}"] if one.assignee else []
    parts += [f"({say.text('undone')})"] if one.undone else []
    parts += [f"“{one.note}”"] if one.note else []
    return " ".join(parts)
