"""Find the declared outlet of an address among millions of a collection's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acca_crawler.dedup.address import canonical_address, host_key, host_of
from acca_crawler.extract.parts import possible_firsts
from acca_crawler.outlets import Outlet


class HostIndex:
    """Finds the outlets of a host among thousands of records per second."""

    def __init__(self, outlets: Mapping[str, Outlet]) -> None:
        self._outlets = outlets
        self._by_host: dict[str, list[str]] = {}
        for name, outlet in outlets.items():
            for host in dict.fromkeys(host_key(own.partition(":")[0]) for own in (*outlet.hosts, *outlet.mirrors)):
                self._by_host.setdefault(host, []).append(name)

    def names(self, host: str) -> Sequence[str]:
        """Return the outlets on a host or on the nearest domain above it."""
        while host:
            if found := self._by_host.get(host):
                return found
            host = host.partition(".")[2]
        return ()

    def outlet_at(self, url: str) -> str | None:
        """Return the outlet on a URL's host; of several, the first with an article at the URL, else the first.

        Many channels share a messenger's host, and only the path tells them apart.
        """
        names = self.names(host_of(url)) if url.lower().startswith(("http://", "https://")) else ()
        first = names[0] if names else None
        return next((one for one in names if may_be_article(url, self._outlets[one])), first) if names[1:] else first

    def outlet_of(self, url: str) -> tuple[str, str]:
        """Return the outlet of an article's address and "", or "" and the reason to skip it."""
        names = self.names(host_of(url))
        if not names:
            return "", "host not declared"
        for name in names:
            outlet = self._outlets[name]
            try:
                if outlet.identify(canonical_address(url, keep_query=outlet.keep_query)) is not None:
                    return name, ""
            except ValueError:
                break
        return "", "not an article's address"


def may_be_article(url: str, outlet: Outlet) -> bool:
    """Whether an address is an article's, or that of a further part of one."""
    return any(outlet.identify(one) is not None for one in (url, *possible_firsts(url)))
