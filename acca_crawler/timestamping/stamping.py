"""Asks for the outside time-stamps of the newest manifest, and for those that earlier passes did not get.

A missing network is not a failure of the run: what was not answered stays in the queue, and `acca status` shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from acca_crawler.clock import utc_stamp
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import AccaError, TimestampError
from acca_crawler.timestamping import calendars, rfc3161
from storage.evidence import timestamps
from storage.evidence.timestamps import Stamp, Timestamp
from storage.schema.kinds import ArchiveDb

MAX_PER_PASS = 20
"""Maximum requests to one authority in a pass: a long outage must not become a burst."""


@dataclass(frozen=True, slots=True)
class StampingPass:
    """What a pass brought: new or completed time-stamps, and the reasons of failures by authority."""

    stamped: int
    errors: dict[str, str]


def stamp_manifests(db: ArchiveDb, config: Config) -> StampingPass:
    """Ask every configured authority once; the first failure of an authority ends its part of the pass."""
    for authority in config.evidence.authority:
        timestamps.enqueue(db, "rfc3161", authority.url)
    for calendar in config.evidence.calendars:
        timestamps.enqueue(db, "opentimestamps", calendar)
    stamped, errors = 0, {}
    for url in (*(one.url for one in config.evidence.authority), *config.evidence.calendars):
        for one in timestamps.unfinished(db, url)[:MAX_PER_PASS]:
            try:
                found = _ask(db, config, one)
            except (AccaError, OSError) as error:
                errors[url] = str(error)
                timestamps.save_error(db, one, str(error), utc_stamp())
                break
            if found is not None:
                timestamps.save(db, one, found, utc_stamp())
                stamped += 1
    return StampingPass(stamped, errors)


def _ask(db: ArchiveDb, config: Config, one: Timestamp) -> Stamp | None:
    if one.kind == "opentimestamps":
        if one.token is None:
            return calendars.request_proof(one.authority, one.manifest_sha256)
        return calendars.upgrade_proof(one.token, one.manifest_sha256, config.evidence.calendars)
    (body,) = db.execute("SELECT body FROM manifests WHERE run_id = ?", [one.run_id]).fetchone()
    return rfc3161.request_stamp(one.authority, body.encode("utf-8", "surrogatepass"), _certificate(config, one))


def _certificate(config: Config, one: Timestamp) -> str:
    path: Path = next(
        config.base_directory / authority.certificate
        for authority in config.evidence.authority
        if authority.url == one.authority
    )
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise TimestampError(f"{path}: the authority's certificate can't be read: {error}") from error
