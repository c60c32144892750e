"""Compares an outlet's declaration with its live site."""

from __future__ import annotations

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.dedup.address import canonical_address
from acca_crawler.ingest.page import identity_of, is_on
from acca_crawler.outlet_tools.probe.findings import ArticleRead, Findings
from acca_crawler.outlets import Outlet

AGREE = 0.8
"""Agreement (0 to 1) below which two extractions of an article should be reviewed."""

MAX_SHARED = 3
"""Maximum shared identities that are listed."""


def corrections(outlet: Outlet, findings: Findings) -> list[str]:
    """Return what to correct in an outlet's declaration, given the findings; empty if nothing."""
    said = [f"way {one.way.name} does not answer: {one.failure}" for one in findings.ways if one.failure]
    if not findings.answering:
        said.append("no way in answers: the outlet can't be crawled")
    limit = earlier(utc_stamp(), days=outlet.expected.max_silence_days)
    for one in findings.answering:
        if one.newest and one.newest < limit:
            said.append(f"way {one.way.name} is silent: its newest is from {one.newest[:10]}")
        elsewhere = sum(not is_on(listed.url, outlet) for listed in one.listed)
        if elsewhere:
            said.append(f"way {one.way.name} lists {elsewhere} addresses on other hosts than {', '.join(outlet.hosts)}")
    said += _shared_identities(outlet, findings)
    for article in findings.articles:
        said += _article_corrections(outlet, article)
    return list(dict.fromkeys(said))


def _shared_identities(outlet: Outlet, findings: Findings) -> list[str]:
    """Say which listed addresses the outlet's identity does not tell apart, though their titles differ."""
    titles: dict[str, dict[str, str]] = {}
    for one in (listed for checked in findings.answering for listed in checked.listed):
        if one.title and is_on(one.url, outlet):
            address = canonical_address(one.url, keep_query=outlet.keep_query)
            titles.setdefault(identity_of(address, outlet), {}).setdefault(one.title.strip().casefold(), one.url)
    return [
        f"identity {identity} is that of {len(found)} articles: {', '.join(list(found.values())[:2])}"
        for identity, found in titles.items()
        if len(found) > 1
    ][:MAX_SHARED]


def _article_corrections(outlet: Outlet, article: ArticleRead) -> list[str]:
    if article.failure:
        return [f"{article.url} could not be read: {article.failure}"]
    said = []
    if not article.known:
        said.append(f"article_path does not match {article.url}")
    if outlet.selectors.body and article.method != "selectors":
        said.append(f"selectors.body finds nothing on {article.url}")
    said += [
        f"text agreement of selectors and {name} is only {value:.0%} on {article.url}"
        for name, value in article.agreements.items()
        if value < AGREE
    ]
    if article.words < outlet.expected.min_words:
        said.append(f"only {article.words} words on {article.url}")
    if article.published is None:
        said.append(f"no date of publication on {article.url}")
    return said
