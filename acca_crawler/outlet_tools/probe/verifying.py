"""Checking an outlet's declaration against its live site, and writing down that it was done."""

from __future__ import annotations

import asyncio

from acca_crawler.clock import utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.outlet_tools.probe.corrections import corrections
from acca_crawler.outlet_tools.probe.findings import Findings
from acca_crawler.outlet_tools.probe.looking import look
from acca_crawler.outlet_tools.probe.visitor import Visitor
from storage.ledger import runs
from storage.ledger.outlet_checks import OutletCheck, record_check
from storage.schema.database import open_archive, transaction
from storage.schema.lock import writer_lock


def verify(config: Config, spider: type[OutletSpider]) -> tuple[Findings, list[str]]:
    """Go every way in, read three articles, record the date; returns what was found and what is to be corrected.

    Raises `storage.exceptions.ArchiveLocked`, `storage.exceptions.ArchiveError`.
    """
    outlet = spider.outlet
    findings = asyncio.run(look(Visitor(config), outlet, spider.ways, spider.family))
    said = corrections(outlet, findings)
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
    return findings, said
