"""Name look-ups that never lead into the operator's own network."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from acca_crawler.config.loading import Config

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


class PublicResolver(CachingThreadedResolver):
    """Refuses names that resolve to private addresses, unless the operator's acca.toml names that very host.

    A page can redirect anywhere, and a domain's owner can point it at 127.0.0.1 or 10.0.0.1.
    """

    own_hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.own_hosts = configured_hosts(crawler.settings["ACCA_CONFIG"])
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 Twisted's name
        found = super().getHostByName(name, timeout)
        if name not in self.own_hosts:
            found.addCallback(_refuse_private, name)
        return found


def configured_hosts(config: Config) -> frozenset[str]:
    """The hosts that the operator wrote into acca.toml by hand."""
    homes = [section.home for section in config.outlets.values() if section.home]
    homes += [own.home for own in config.outlet]
    return frozenset(host for home in homes if (host := urlsplit(home).hostname))


def is_private(address: str) -> bool:
    """Whether a text is an IP address that is not on the public internet."""
    try:
        return not ipaddress.ip_address(address.strip("[]")).is_global
    except ValueError:
        return False


def _refuse_private(address: str, name: str) -> str:
    if is_private(address):
        raise DNSLookupError(f"{name} resolves to {address}, which is not on the public internet")
    return address
