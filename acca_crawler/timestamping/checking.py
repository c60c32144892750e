"""Checks the stored time-stamps against the manifests that they date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

from acca_crawler.clock import parse_stamp
from acca_crawler.exceptions import EvidenceExtraMissing, TimestampError
from acca_crawler.timestamping import calendars, rfc3161
from storage.evidence import timestamps
from storage.evidence.timestamps import Timestamp
from storage.evidence.verify_findings import Finding
from storage.schema.kinds import ArchiveDb

MAX_DELAY = timedelta(days=3)
"""A time-stamp this much later than the end of its run is noted: it does not date the run."""


def check_timestamps(
    db: ArchiveDb, since_run: int = 0, certificates: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Finding]:
    """Check each time-stamp, of the manifests from a run on, without the network.

    `certificates` are those (PEM) that the operator has from the authorities, by address: what is stored beside a token
    is only as good as who stored it.
    """
    bodies = dict(db.execute("SELECT run_id, body FROM manifests WHERE run_id >= ?", [since_run]).fetchall())
    hashes = dict(db.execute("SELECT run_id, sha256 FROM manifests WHERE run_id >= ?", [since_run]).fetchall())
    closed = dict(db.execute("SELECT run_id, closed_at FROM manifests WHERE run_id >= ?", [since_run]).fetchall())
    for one in timestamps.stamps(db, since_run):
        if hashes.get(one.run_id) != one.manifest_sha256:
            message = f"{one.authority} dated another manifest of run {one.run_id} than the one that is there"
            yield Finding("bad-timestamp", message, table="timestamps", row=one.id)
            continue
        try:
            yield from _check(one, bodies[one.run_id], closed[one.run_id])
            expected = certificates.get(one.authority, one.certificate)
            if one.token is not None and one.certificate != expected:
                message = f"was checked against another certificate than the one of {one.authority} in acca.toml"
                yield Finding("other-certificate", message, table="timestamps", row=one.id)
        except TimestampError as error:
            yield Finding("bad-timestamp", f"{one.authority}: {error}", table="timestamps", row=one.id)
        except EvidenceExtraMissing as error:
            yield Finding("unchecked-timestamp", str(error), table="timestamps", row=one.id)


def _check(one: Timestamp, body: str, closed_at: str) -> Iterator[Finding]:
    if one.token is None:
        message = f"{one.authority} has not dated run {one.run_id} yet: {one.error or 'not asked'}"
        yield Finding("open-timestamp", message, table="timestamps", row=one.id)
        return
    if one.kind == "opentimestamps":
        block = calendars.check_proof(one.token, one.manifest_sha256)
        if block != one.block:
            yield Finding("bad-timestamp", f"the proof leads to block {block}", table="timestamps", row=one.id)
        elif block is None:
            message = f"{one.authority} has promised to date run {one.run_id}, but not done it yet"
            yield Finding("open-timestamp", message, table="timestamps", row=one.id)
        return
    stamped_at = rfc3161.check_stamp(one.token, body.encode("utf-8", "surrogatepass"), one.certificate or "")
    if stamped_at != one.stamped_at:
        yield Finding("bad-timestamp", f"the token's time is {stamped_at}", table="timestamps", row=one.id)
    late = parse_stamp(stamped_at) - parse_stamp(closed_at)
    if late > MAX_DELAY:
        message = f"run {one.run_id} says that it ended at {closed_at}, {one.authority} saw it {late.days} days later"
        yield Finding("late-timestamp", message, table="timestamps", row=one.id)
    elif late < -timedelta(hours=1):
        message = f"run {one.run_id} says that it ended at {closed_at}, after {one.authority} saw it at {stamped_at}"
        yield Finding("late-timestamp", message, table="timestamps", row=one.id)
