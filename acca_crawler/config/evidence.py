"""The `[evidence]` table of acca.toml: who outside dates our manifests."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from acca_crawler.config.section import Section
from acca_crawler.config.values import Count, FilePath, Minutes, WebAddress


class TimestampAuthority(Section):
    """An RFC 3161 authority. `certificate` is a PEM file with its root (and intermediates), relative to acca.toml."""

    url: WebAddress
    certificate: FilePath


class EvidenceSection(Section):
    """Who outside dates our manifests (authorities, calendars) and keeps copies of flagged reports; nobody by default.

    `wayback_key_env` names the environment variable with `ACCESS:SECRET` of an archive.org account, if there is one.
    Copies are asked for of versions stored in the last `elsewhere_days`; `acca run` begins no request after
    `elsewhere_minutes`. With `screenshots` a crawl also stores
    pictures of flagged reports, which needs Chromium.
    """

    authority: tuple[TimestampAuthority, ...] = ()
    calendars: tuple[WebAddress, ...] = ()
    screenshots: bool = False
    wayback: bool = False
    wayback_key_env: str = ""
    archive_today: bool = False
    archive_today_url: WebAddress = "https://archive.ph"
    elsewhere_days: Annotated[Count, Field(le=3650)] = 14
    elsewhere_minutes: Minutes = 5.0
