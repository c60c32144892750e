"""The `[evidence]` table of acca.toml: who outside dates our manifests."""

from __future__ import annotations

from acca_crawler.config.section import Section
from acca_crawler.config.values import FilePath, WebAddress


class TimestampAuthority(Section):
    """An RFC 3161 authority. `certificate` is a PEM file with its root (and intermediates), relative to acca.toml."""

    url: WebAddress
    certificate: FilePath


class EvidenceSection(Section):
    """Outside time-stamps: RFC 3161 authorities and OpenTimestamps calendars; none by default."""

    authority: tuple[TimestampAuthority, ...] = ()
    calendars: tuple[WebAddress, ...] = ()
