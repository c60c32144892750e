"""Brings the alarms up to date with what is wrong now.

`now` is an aware time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from acca_crawler.clock import stamp
from acca_crawler.config.loading import Config
from acca_crawler.operations.conditions import conditions
from acca_crawler.operations.status_report import status_report
from acca_crawler.outlets import Outlet
from storage.alerts.alarms import update_alarms
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb


def watch(db: ArchiveDb, config: Config, outlets: Mapping[str, Outlet], now: datetime) -> tuple[int, int]:
    """Raise and resolve alarms about the enabled `outlets`, deliveries and the archive; returns how many of each."""
    report = status_report(db, config, now)
    found = list(conditions(db, report, config, outlets, now))
    with transaction(db):
        return update_alarms(db, found, stamp(now))
