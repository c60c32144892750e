"""Compare what two reports of an outlet have in common with its latest reports in the archive."""

from __future__ import annotations

from acca_crawler.dedup.habits import LATEST, PATTERNED, is_told_again
from acca_crawler.dedup.pair_features import days_between
from acca_crawler.dedup.profile import stems_in
from acca_crawler.dedup.relation import MAX_DAYS, Relation, Report
from storage.articles import stories
from storage.schema.kinds import ArchiveDb


def is_next_of_pattern(
    db: ArchiveDb, found: Relation, report: Report, other: Report, other_id: int, own_id: int | None
) -> bool:
    """Whether a report only repeats its outlet's words for another event; `own_id` is None until it is stored."""
    if report.outlet != other.outlet or found.kind not in PATTERNED:
        return False
    days = days_between(report.published, other.published)
    if report.profile.body_hash == other.profile.body_hash or (days is not None and days > MAX_DAYS):
        return False  # Further apart only a near-verbatim copy of a long text is related.
    latest = stories.latest_of_outlet(db, report.outlet, None if own_id is None else max(own_id, other_id), LATEST)
    places = {number: place for place, number in enumerate(latest, start=1)}
    between = abs(places[other_id] - places.get(own_id or 0, 0)) - 1 if other_id in places else LATEST
    texts = [stems_in(kept) for number, kept in latest.items() if kept and number not in (own_id, other_id)]
    return not is_told_again(found.kind, report.profile, other.profile, texts, between)
