"""Checking an outlet's declaration against its live site, and writing down that it was done."""

from __future__ import annotations

import asyncio

from acca_crawler.clock import utc_stamp
from acca_crawler.config import Config
from acca_crawler.outlet_spider import OutletSpider
from acca_crawler.probing.corrections import corrections
from acca_crawler.probing.findings import Findings
from acca_crawler.probing.looking import look
from acca_crawler.probing.visitor import Visitor
from storage import runs
from storage.database import open_archive, transaction
from storage.lock import writer_lock
from storage.outlet_checks import OutletCheck, record_check


def verify(config: Config, spider: type[OutletSpider]) -> tuple[Findings, list[str]]:
    """Go every way in, read three articles, record the date; returns what was found and what is to be corrected.

    Raises `storage.lock.ArchiveLocked`, `storage.database.ArchiveError`.
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
