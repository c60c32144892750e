"""DNS resolver that never resolves into the operator's private network."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from acca_crawler.crawl.settings import OWN_HOSTS_SETTING

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


class PublicResolver(CachingThreadedResolver):
    """Refuses names that resolve to private addresses, unless the operator's acca.toml names the host.

    A page can redirect anywhere, and a domain's owner can point it at 127.0.0.1 or 10.0.0.1.
    """

    own_hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """Called by Scrapy once per process."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.own_hosts = crawler.settings[OWN_HOSTS_SETTING]
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 Twisted's name
        """Look a name up. It fails with `DNSLookupError` if the address is private."""
        found = super().getHostByName(name, timeout)
        if name not in self.own_hosts:
            found.addCallback(_refuse_private, name)
        return found


def is_private(address: str) -> bool:
    """Whether a string is an IP address outside the public internet."""
    try:
        return not ipaddress.ip_address(address.strip("[]")).is_global
    except ValueError:
        return False


def _refuse_private(address: str, name: str) -> str:
    if is_private(address):
        raise DNSLookupError(f"{name} resolves to {address}, which is not on the public internet")
    return address
