"""Looking at a site that is no outlet yet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from acca_crawler.config.loading import Config
from acca_crawler.exceptions import ProbeError
from acca_crawler.outlet_tools.probe.findings import Findings
from acca_crawler.outlet_tools.probe.looking import probe
from acca_crawler.outlet_tools.probe.visitor import Visit, make_visits
from acca_crawler.outlets import Outlet


def probe_site(config: Config, url: str, families: Mapping[str, Outlet]) -> Findings:
    """Go every way into the site at an address and read three articles.

    A private address is asked because it was typed by hand; redirects lead to the site's own hosts only. Raises
    `ProbeError` where the address has no host or its front page does not answer.
    """
    host = urlsplit(url).hostname
    if not host or urlsplit(url).scheme not in ("http", "https"):
        raise ProbeError(f"{url!r} is not an address with a host")
    visit = Visit(partial(probe, url=url, families=dict(families)), (host.removeprefix("www."),))
    make_visits(config, [visit], own_hosts=frozenset({host}))
    return visit.outcome()
