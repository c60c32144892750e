"""Everything that `acca status`, its page and the metrics show, read from the archive at one time.

Times are UTC stamps (`2026-11-22T06:30:00Z`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from acca_crawler.clock import stamp
from acca_crawler.config.loading import Config
from acca_crawler.i18n.alarm_texts import advice, what
from acca_crawler.i18n.catalogue import language
from storage.alerts.alarms import Alarm, open_alarms
from storage.alerts.status import ChannelStatus, channel_statuses
from storage.articles import elsewhere
from storage.articles.elsewhere import CopyCounts
from storage.evidence import timestamps
from storage.evidence.timestamps import TimestampCounts
from storage.reports.archive_figures import ArchiveFigures, archive_figures
from storage.reports.diff import OutletStatus, outlet_statuses
from storage.reports.outlet_activity import OutletActivity, activities
from storage.schema.kinds import ArchiveDb


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The state of outlets (with their recent activity by name), alert channels and the archive; the open alarms."""

    at: str
    outlets: Sequence[OutletStatus]
    activity: Mapping[str, OutletActivity]
    channels: Sequence[ChannelStatus]
    archive: ArchiveFigures
    timestamps: TimestampCounts
    copies: CopyCounts
    alarms: Sequence[Alarm] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "at": self.at,
            "outlets": [{**asdict(one), **asdict(self.activity[one.outlet])} for one in self.outlets],
            "channels": [asdict(one) for one in self.channels],
            "alarms": [
                {**asdict(one), "what": what(one, language("en")), "advice": advice(one, language("en"))}
                for one in self.alarms
            ],
            "archive": {**asdict(self.archive), "days_left": self.archive.days_left},
            "timestamps": asdict(self.timestamps),
            "elsewhere": asdict(self.copies),
        }


def status_report(db: ArchiveDb, config: Config, now: datetime) -> StatusReport:
    """Read the report; `now` is an aware time."""
    at = stamp(now)
    return StatusReport(
        at=at,
        outlets=outlet_statuses(db),
        activity=activities(db, at),
        channels=channel_statuses(db),
        archive=archive_figures(db, config.archive_file, at),
        alarms=open_alarms(db),
        timestamps=timestamps.counts(db),
        copies=elsewhere.counts(db),
    )
