"""Checks of the network: every outlet's host, the clock against theirs, and the alert channels."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import requests

from acca_crawler import __version__
from acca_crawler.alerts.secrets import SecretScrubber, libraries_silenced
from acca_crawler.alerts.senders import open_sender
from acca_crawler.config.alerts import Channel, EmailChannel, WebhookChannel
from acca_crawler.config.loading import Config
from acca_crawler.counting import counted
from acca_crawler.exceptions import ChannelError, SecretMissing
from acca_crawler.http_date import http_date
from acca_crawler.operations.doctor_findings import CheckFinding, error, ok, warning
from acca_crawler.outlets import Outlet

TIMEOUT = 10
"""Seconds that a host may take to answer."""

AT_ONCE = 24
"""Hosts asked at the same time, each of them once: a resolver that does not answer takes seconds for every name."""

MAX_SKEW = 60
"""Seconds by which the clock may differ from the median of the hosts' clocks."""

BLOCKED = (401, 403, 407, 429, 451)
HOST_ADVICE = "Look at the site in a browser; if it opens there, at DNS, firewall and proxy of this machine."
MACHINE_ADVICE = "No host can be reached: look at network, DNS, firewall and proxy of this machine."


@dataclass(frozen=True, slots=True)
class RobotsVisit:
    """The answer to one request for robots.txt: status or reason for its absence, and our clock minus the host's."""

    outlet: str
    url: str
    status: int = 0
    location: str = ""
    error: str = ""
    skew: float | None = None


def network(config: Config, outlets: Mapping[str, Outlet]) -> Iterator[CheckFinding]:
    """Ask each outlet's host once for its robots.txt, several hosts at once; then compare the clocks.

    Outlets of which the same is found share a finding: what is wrong with this machine's network is said once.
    """
    agent = f"acca-crawler/{__version__} (+{config.crawl.contact or 'no contact configured'})"
    with ThreadPoolExecutor(AT_ONCE) as pool:
        visits = list(pool.map(lambda name: _visit(name, outlets[name].home, agent), outlets))
    advice = HOST_ADVICE if any(not visit.error for visit in visits) else MACHINE_ADVICE
    alike: dict[CheckFinding, list[str]] = {}
    for visit in visits:
        alike.setdefault(_of_visit(visit, outlets[visit.outlet], advice), []).append(visit.outlet)
    for finding, names in alike.items():
        yield replace(finding, found=f"{_counted(names)}{finding.found}: {', '.join(names)}")
    yield from _clock([visit.skew for visit in visits if visit.skew is not None])


def _visit(name: str, home: str, agent: str) -> RobotsVisit:
    url = urljoin(home, "/robots.txt")
    try:
        with requests.get(
            url, headers={"User-Agent": agent}, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            skew = _skew(answer.headers.get("Date"))
            return RobotsVisit(name, url, answer.status_code, answer.headers.get("Location", ""), skew=skew)
    except requests.RequestException as problem:
        return RobotsVisit(name, url, error=f"{type(problem).__name__}: {_reason(problem)}")


def _reason(problem: BaseException) -> str:
    """Return the innermost reason of a failed request, without the library's chain."""
    while (inner := getattr(problem, "reason", None) or problem.__cause__ or problem.__context__) is not None:
        if not isinstance(inner, BaseException):
            break
        problem = inner
    return " ".join(str(problem).split())[:150]


def _skew(date: str | None) -> float | None:
    theirs = http_date(date)
    return None if theirs is None else (datetime.now(UTC) - theirs).total_seconds()


def _counted(names: Sequence[str]) -> str:
    return f"{len(names)} outlets: " if len(names) > 1 else ""


def _of_visit(visit: RobotsVisit, outlet: Outlet, unreachable: str) -> CheckFinding:
    """Return what a visit shows, without the outlet's name; `unreachable` is the advice where no answer came."""
    if visit.error:
        return error("network", visit.error, unreachable)
    host = urlsplit(urljoin(visit.url, visit.location)).hostname or ""
    if visit.location and not any(_bare(host).endswith(_bare(own.partition(":")[0])) for own in outlet.hosts):
        advice = f"If the outlet has moved there, set outlets.{visit.outlet}.home."
        return warning("network", f"leads to another host, {host}", advice)
    if visit.status in BLOCKED:
        advice = f"Write to the outlet, or name a mirror: outlets.{visit.outlet}.mirrors."
        return warning("network", f"blocks us (HTTP {visit.status})", advice)
    if visit.status >= 500:
        return warning("network", f"HTTP {visit.status}", "Try again later.")
    return ok("network", "answered")


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _clock(skews: Sequence[float]) -> Iterator[CheckFinding]:
    if not skews:
        return
    skew = median(skews)
    if abs(skew) > MAX_SKEW:
        side, hosts = "ahead of" if skew > 0 else "behind", counted(len(skews), "host")
        found = f"{abs(skew):.0f} seconds {side} the clocks of {hosts}"
        yield error("clock", found, "Set the clock by NTP: every time in the archive is this computer's.")
    else:
        yield ok("clock", f"agrees with the clocks of {counted(len(skews), 'host')} to {max(abs(skew), 1):.0f} s")


def channels(config: Config, online: bool) -> Iterator[CheckFinding]:
    """Open each channel with its secrets; if `online`, also connect to its mail server or webhook. Sends nothing."""
    for channel in config.channel:
        area = f"channel {channel.name}"
        try:
            with libraries_silenced():
                sender = open_sender(channel, config, UUID(int=0))
        except (ChannelError, SecretMissing) as problem:
            yield error(
                area,
                str(problem).removeprefix(f"{area}: "),
                "Set the secret, then run `acca alerts test " + channel.name + "`.",
            )
            continue
        problem_found = _unreachable(channel) if online else None
        if problem_found:
            yield error(area, problem_found, "Look at host, port and firewall.")
        else:
            found = f"{channel.kind}, {counted(len(sender.targets), 'receiver')}"
            yield ok(area, f"{found}; `acca alerts test {channel.name}` sends a test")
    if not config.operations.channels:
        yield warning("alarms", "operations.channels is empty", "Name a channel that reaches you, or nobody gets them.")
    if config.operations.ping_url is None:
        yield warning(
            "alarms", "operations.ping_url is not set", "Nothing notices if runs stop: use a dead man's switch outside."
        )


def _unreachable(channel: Channel) -> str | None:
    """Return why a mail server or webhook can't be connected to, without its address; None if it can."""
    if isinstance(channel, EmailChannel):
        place = (channel.host, channel.port)
    elif isinstance(channel, WebhookChannel):
        url = urlsplit(channel.url)
        place = (url.hostname or "", url.port or (443 if url.scheme == "https" else 80))
    else:
        return None
    try:
        with closing(socket.create_connection(place, TIMEOUT)):
            return None
    except OSError as problem:
        return SecretScrubber.of([getattr(channel, "url", "")]).clean(f"no connection: {problem}")
