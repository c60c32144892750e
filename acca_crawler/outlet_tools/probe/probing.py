"""Probes a site that is not an outlet yet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from acca_crawler.config.loading import Config
from acca_crawler.exceptions import ProbeError
from acca_crawler.outlet_tools.probe.findings import Findings
from acca_crawler.outlet_tools.probe.looking import probe
from acca_crawler.outlet_tools.probe.visitor import VisitTask, make_visits
from acca_crawler.outlets import Outlet


def probe_site(config: Config, url: str, families: Mapping[str, Outlet]) -> Findings:
    """Try every way of the site at an address and read three articles.

    A private address is allowed because the user typed it; redirects are followed only on the site's own hosts. Raises
    `ProbeError` if the address has no host or its front page does not answer.
    """
    host = urlsplit(url).hostname
    if not host or urlsplit(url).scheme not in ("http", "https"):
        raise ProbeError(f"{url!r} is not an address with a host")
    visit = VisitTask(partial(probe, url=url, families=dict(families)), (host.removeprefix("www."),))
    make_visits(config, [visit], own_hosts=frozenset({host}))
    return visit.outcome()
