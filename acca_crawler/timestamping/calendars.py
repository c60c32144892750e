"""Time-stamps by OpenTimestamps: a calendar promises at once, and later proves that Bitcoin contains our hash."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from acca_crawler.exceptions import EvidenceExtraMissing, TimestampError
from storage.evidence.timestamps import Stamp

TIMEOUT = 20
"""Seconds to wait for a calendar's answer."""

_EXTRA = "OpenTimestamps needs opentimestamps: pip install 'acca-crawler[evidence]'"


def request_proof(url: str, sha256: str) -> Stamp:
    """Submit a SHA-256 (hex) to a calendar. Raises `TimestampError` and `EvidenceExtraMissing`."""
    timestamp, calendar = _library("core.timestamp"), _library("calendar")
    digest = bytes.fromhex(sha256)
    proof = timestamp.Timestamp(digest)
    try:
        proof.merge(calendar.RemoteCalendar(f"{url.rstrip('/')}/").submit(digest, timeout=TIMEOUT))
    except Exception as error:  # the library raises plain exceptions, urllib's and its own
        raise TimestampError(f"no promise: {error}") from error
    return _stamp(proof)


def upgrade_proof(token: bytes, sha256: str, calendars: Iterable[str]) -> Stamp | None:
    """Ask the calendars of a pending proof for its completion; None if there is none yet.

    Only `calendars` and the library's well-known ones are asked, whatever address the proof names. Raises
    `TimestampError` if none of them can be asked.
    """
    calendar, notary = _library("calendar"), _library("core.notary")
    proof = _parsed(token, sha256)
    ours = {url.rstrip("/") for url in calendars}
    errors, asked, before = [], 0, len(token)
    for part, attestation in list(_attestations(proof)):
        if not isinstance(attestation, notary.PendingAttestation):
            continue
        if attestation.uri.rstrip("/") not in ours and attestation.uri not in calendar.DEFAULT_CALENDAR_WHITELIST:
            errors.append(f"{attestation.uri} is not a calendar that may be asked")
            continue
        try:
            part.merge(calendar.RemoteCalendar(f"{attestation.uri.rstrip('/')}/").get_timestamp(part.msg, TIMEOUT))
            asked += 1
        except calendar.CommitmentNotFoundError:
            asked += 1
        except Exception as error:  # noqa: BLE001 - the library raises plain exceptions, urllib's and its own
            errors.append(f"{attestation.uri}: {error}")
    if errors and not asked:
        raise TimestampError(errors[0])
    upgraded = _stamp(proof)
    return upgraded if len(upgraded.token) > before else None


def check_proof(token: bytes, sha256: str) -> int | None:
    """Check that a proof begins at a SHA-256 (hex); returns the Bitcoin block that it leads to, None while pending.

    Whether that block contains what the proof says only a Bitcoin node or explorer can tell. Raises `TimestampError`.
    """
    return _block(_parsed(token, sha256))


def _parsed(token: bytes, sha256: str) -> Any:
    timestamp, serialize = _library("core.timestamp"), _library("core.serialize")
    try:
        file = timestamp.DetachedTimestampFile.deserialize(serialize.BytesDeserializationContext(token))
    except Exception as error:  # the library raises many kinds for bytes that are not a proof
        raise TimestampError(f"not an OpenTimestamps proof: {error!r}") from error
    if file.file_digest.hex() != sha256:
        raise TimestampError("the proof is of another hash")
    return file.timestamp


def _stamp(proof: Any) -> Stamp:
    timestamp, serialize, op = _library("core.timestamp"), _library("core.serialize"), _library("core.op")
    out = serialize.BytesSerializationContext()
    timestamp.DetachedTimestampFile(op.OpSHA256(), proof).serialize(out)
    return Stamp(out.getbytes(), block=_block(proof))


def _attestations(proof: Any) -> Iterable[tuple[Any, Any]]:
    """Yield each attestation with the part of the proof that it ends."""
    for attestation in proof.attestations:
        yield proof, attestation
    for part in proof.ops.values():
        yield from _attestations(part)


def _block(proof: Any) -> int | None:
    notary = _library("core.notary")
    heights = [
        attestation.height
        for _, attestation in _attestations(proof)
        if isinstance(attestation, notary.BitcoinBlockHeaderAttestation)
    ]
    return min(heights, default=None)


def _library(module: str) -> Any:
    from importlib import import_module

    try:
        return import_module(f"opentimestamps.{module}")
    except ImportError as error:
        raise EvidenceExtraMissing(_EXTRA) from error
