"""Compares an outlet's declaration with its live site."""

from __future__ import annotations

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.ingest.page import is_on
from acca_crawler.outlet_tools.probe.findings import ArticleRead, Findings
from acca_crawler.outlets import Outlet

AGREE = 0.8
"""Agreement (0 to 1) below which two extractions of an article should be reviewed."""


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
    for article in findings.articles:
        said += _article_corrections(outlet, article)
    return list(dict.fromkeys(said))


def _article_corrections(outlet: Outlet, article: ArticleRead) -> list[str]:
    if article.failure:
        return [f"{article.url} could not be read: {article.failure}"]
    said = []
    if not article.known:
        said.append(f"article_path does not match {article.url}")
    if outlet.selectors.body and article.method != "selectors":
        said.append(f"selectors.body finds nothing on {article.url}")
    said += [
        f"the selectors' text and the {name} agree to {value:.0%} only on {article.url}"
        for name, value in article.agreements.items()
        if value < AGREE
    ]
    if article.words < outlet.expected.min_words:
        said.append(f"only {article.words} words on {article.url}")
    if article.published is None:
        said.append(f"no date of publication on {article.url}")
    return said
