"""Verifies outlets' declarations against their live sites and records the date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from acca_crawler.clock import utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.outlet_tools.probe.declaration_check import corrections
from acca_crawler.outlet_tools.probe.findings import Findings
from acca_crawler.outlet_tools.probe.looking import look
from acca_crawler.outlet_tools.probe.visitor import VisitTask, make_visits
from storage.ledger import runs
from storage.ledger.outlet_checks import OutletCheck, record_check
from storage.schema.database import open_archive, transaction
from storage.schema.lock import writer_lock


def verify(
    config: Config, spiders: Sequence[type[OutletSpider]]
) -> Iterator[tuple[type[OutletSpider], Findings, list[str]]]:
    """Try every way of each outlet, read three articles, record the date; yield the findings and corrections.

    Raises `storage.exceptions.ArchiveLocked`, `storage.exceptions.ArchiveError`, and `ProbeError` when stopped by a
    signal.
    """
    visits = [
        VisitTask(
            partial(look, outlet=spider.outlet, ways=spider.ways, family=spider.family),
            (*spider.outlet.hosts, *spider.outlet.mirrors),
        )
        for spider in spiders
    ]
    make_visits(config, visits)
    for spider, visit in zip(spiders, visits, strict=True):
        findings = visit.outcome()
        said = corrections(spider.outlet, findings)
        _record(config, spider, said)
        yield spider, findings, said


def _record(config: Config, spider: type[OutletSpider], said: Sequence[str]) -> None:
    outlet = spider.outlet
    with writer_lock(config.lock_file):
        db = open_archive(config.archive_file)
        try:
            with transaction(db):
                runs.save_outlet(
                    db, spider.name, outlet.title, outlet.home, outlet.kind, outlet.countries, outlet.languages
                )
                record_check(db, OutletCheck(spider.name, utc_stamp(), tuple(said)))
        finally:
            db.close()
