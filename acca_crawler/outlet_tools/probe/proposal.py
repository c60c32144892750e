"""Proposes a declaration for a probed site, as far as it can be determined from outside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from acca_crawler.discovery import Feed, Listing, Sitemap, WordPressApi
from acca_crawler.discovery.telegram import channel_of
from acca_crawler.outlet_tools.probe.findings import Findings, WayChecked
from acca_crawler.outlet_tools.probe.looking import channel_home

STANDARD_FEEDS = {
    "wordpress": ("/feed/",),
    "pangea": ("/api/", "/rssfeeds"),
    "drupal": ("/rss.xml",),
    "blogger": ("/feeds/posts/default",),
}
"""Feeds that a family's base already tries: if one answers, the family's ways are the best."""

FIXED_ADDRESSES = frozenset({"pangea", "blogger"})
"""Families whose article addresses have the same form everywhere, known to the family's base."""

SHAPES = (
    (r"^/(?:[^/?]+/)*?(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$", "{y}/{m}/{d}/{slug}"),
    (r"^/(?:[^/?]+/)*?(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$", "{y}/{m}/{slug}"),
    (r"^/(?:[^/?]+/)*(?P<id>\d{3,})[-_/][^/?]*/?$", "{id}"),
    (r"^/(?:[^/?]+/)*[^/?]*-(?P<id>\d{3,})(?:\.html)?/?$", "{id}"),
    (r"^/(?:[^/?]+/)*(?P<id>\d{3,})(?:\.html)?/?$", "{id}"),
)
"""Patterns of article addresses, the most specific first, each with the identity it yields."""

NEARLY_ALL = 0.9
"""Share of addresses in a feed or REST that must match a pattern: these list only articles."""

MANY = 0.5
"""Share that suffices in a sitemap or on a page, which list other things too."""

MIN_PATHS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A declaration as far as it can be determined from outside. `links` is set only if a listing is the only way."""

    url: str
    name: str
    family: str
    languages: tuple[str, ...]
    shape: tuple[str, str] | None
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    links: str = ""


def propose(url: str, findings: Findings) -> Proposal:
    """Propose a declaration for a site: the family's own ways if they answer, else those that did."""
    if findings.family == "telegram":
        return _channel(url, findings)
    shape = None if findings.family in FIXED_ADDRESSES else shape_of(findings)
    languages = tuple(dict.fromkeys(article.language for article in findings.articles if article.language))
    feeds = _feeds(findings.answering)
    sitemaps = tuple(one.way.refs[0] for one in findings.answering if isinstance(one.way, Sitemap))[:1]
    links = next((one.way.links for one in findings.answering if isinstance(one.way, Listing)), "")
    own = _answers_as_its_family(findings)
    return Proposal(
        url=url,
        name=name_of(url),
        family=findings.family,
        languages=languages or ("ru",),
        shape=shape,
        feeds=() if own else feeds,
        sitemaps=() if own or (feeds and shape is None) else sitemaps,
        links="" if own or feeds or sitemaps else links,
    )


def _channel(url: str, findings: Findings) -> Proposal:
    languages = tuple(dict.fromkeys(post.language for post in findings.articles if post.language))
    name = f"{channel_of(url).lower()}_telegram"
    return Proposal(channel_home(url), name, "telegram", languages or ("ru",), None)


def shape_of(findings: Findings) -> tuple[str, str] | None:
    """Return the pattern and identity shared by the listed addresses, or None."""
    listed = _paths(findings, ("rest", "feed"))
    if listed:
        return _shape(listed, NEARLY_ALL) or _section(listed, NEARLY_ALL)
    found = _paths(findings, ("sitemap",)) or _paths(findings, ("listing",))
    return _shape(found, MANY) or _section(found, MANY)


def _paths(findings: Findings, ways: tuple[str, ...]) -> list[str]:
    listed = [one for checked in findings.answering if checked.way.name in ways for one in checked.listed]
    return list(dict.fromkeys(urlsplit(one.url).path for one in listed))


def _shape(paths: Sequence[str], share: float) -> tuple[str, str] | None:
    for pattern, identity in SHAPES:
        fitting = sum(bool(re.search(pattern, path)) for path in paths)
        enough = fitting >= min(MIN_PATHS, len(paths)) and fitting >= len(paths) * share > 0
        if enough and _tells_apart(pattern, identity, paths):
            return pattern, identity
    return None


def _tells_apart(pattern: str, identity: str, paths: Sequence[str]) -> bool:
    """Whether a pattern gives nearly every address an identity of its own: a section's number is not an article's."""
    found = [identity.format(**match.groupdict()) for path in paths if (match := re.search(pattern, path))]
    return len(set(found)) >= len(found) * NEARLY_ALL


def _section(paths: Sequence[str], share: float) -> tuple[str, str] | None:
    """Find the section that most paths begin with, for article addresses without numbers and dates."""
    sections = Counter(path.split("/")[1] for path in paths if path.strip("/").count("/") >= 1)
    section, fitting = next(iter(sections.most_common(1)), ("", 0))
    if fitting < MIN_PATHS or fitting < len(paths) * share:
        return None
    return rf"^/{re.escape(section)}/(?:[^/?]+/)*(?P<slug>[^/?]+?)(?:\.html?)?/?$", "{path}"


def _feeds(answering: Sequence[WayChecked]) -> tuple[str, ...]:
    """Return the feeds that answered, without those that list nothing new compared to earlier ones."""
    known: set[str] = set()
    feeds: list[str] = []
    for checked in answering:
        listed = {one.url for one in checked.listed}
        if isinstance(checked.way, Feed) and not listed <= known:
            feeds += checked.way.refs
            known |= listed
    return tuple(feeds)


def _answers_as_its_family(findings: Findings) -> bool:
    standard = STANDARD_FEEDS.get(findings.family, ())
    return any(
        isinstance(one.way, WordPressApi)
        or (isinstance(one.way, Feed) and any(urlsplit(ref).path in standard for ref in one.way.refs))
        for one in findings.answering
    )


def name_of(url: str) -> str:
    """Derive an outlet's name from its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    name = re.sub(r"\W", "_", host.rsplit(".", 1)[0] if not host.replace(".", "").isdigit() else f"site_{host}")
    return name if name[:1].isalpha() else f"o{name}"
