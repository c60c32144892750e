"""What to write down for a site that was probed: an [[outlet]] table, or a spider file to start from."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from acca_crawler.discovery import Feed, Listing, Sitemap, Way
from acca_crawler.probing import Findings

CLASSES = {
    "wordpress": "WordPressSpider",
    "pangea": "PangeaSpider",
    "drupal": "DrupalSpider",
    "blogger": "BloggerSpider",
    "generic": "GenericSpider",
}

SHAPES = (
    (r"^/(?:[^/?]+/)*?(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$", "{y}/{m}/{d}/{slug}"),
    (r"^/(?:[^/?]+/)*?(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$", "{y}/{m}/{slug}"),
    (r"^/(?:[^/?]+/)*(?P<id>\d{3,})[-_/][^/?]*/?$", "{id}"),
    (r"^/(?:[^/?]+/)*[^/?]*-(?P<id>\d{3,})(?:\.html)?/?$", "{id}"),
    (r"^/(?:[^/?]+/)*(?P<id>\d{3,})(?:\.html)?/?$", "{id}"),
)
"""Shapes of article addresses, the most telling first, each with the identity it gives."""

MOST = 0.9
"""The share of listed addresses that a shape has to fit."""


def shape_of(findings: Findings) -> tuple[str, str] | None:
    """The shape that nearly all addresses have which a feed or REST lists, with its identity; None if none fits."""
    paths = [
        urlsplit(listed.url).path
        for checked in findings.answering
        if checked.way.name in ("rest", "feed")
        for listed in checked.listed
    ]
    for pattern, identity in SHAPES:
        if paths and sum(bool(re.search(pattern, path)) for path in paths) >= len(paths) * MOST:
            return pattern, identity
    return None


def name_of(url: str) -> str:
    """A name for an outlet out of its host."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    name = re.sub(r"\W", "_", host.rsplit(".", 1)[0] if not host.replace(".", "").isdigit() else f"site_{host}")
    return name if name[:1].isalpha() else f"o{name}"


def table(url: str, findings: Findings) -> str:
    """The [[outlet]] table for acca.toml; what nobody can see from outside is marked."""
    feeds, sitemaps = _refs(findings, Feed), _refs(findings, Sitemap)
    shape = shape_of(findings)
    lines = [
        "[[outlet]]",
        f'name = "{name_of(url)}"',
        f'base = "{findings.family}"',
        f'home = "{url}"',
        'countries = ["KG"]          # put right: KZ, KG, TJ, UZ, TM',
        'languages = ["ru"]          # put right: the most used first',
        'timezone = "Asia/Bishkek"   # put right',
        *([f"article_path = {json.dumps(shape[0])}"] if shape else []),
        *([f"feeds = {json.dumps(feeds)}"] if feeds and findings.family != "wordpress" else []),
        *([f"sitemaps = {json.dumps(sitemaps)}"] if sitemaps and not feeds else []),
        *(['listings = [""]', 'links = "article a, h2 a, h3 a"'] if not feeds and not sitemaps else []),
    ]
    return "\n".join(lines) + "\n"


def spider_file(url: str, findings: Findings) -> str:
    """A spider file to start from; what has to be put right says so."""
    base, name, shape = CLASSES[findings.family], name_of(url), shape_of(findings)
    ways = [_way(checked.way) for checked in findings.answering if isinstance(checked.way, Feed | Sitemap | Listing)]
    own_ways = findings.family not in ("wordpress", "pangea", "blogger") and ways
    used = sorted({way.partition("(")[0] for way in ways}) if own_ways else []
    imports = [f"from acca_crawler.discovery import {', '.join(used)}"] if used else []
    declared = [
        f'title="{urlsplit(url).hostname}"',
        f'home="{url}"',
        f'hosts=("{urlsplit(url).hostname}",)',
        'countries=("KG",)',
        'languages=("ru",)',
        *([f'article_path=r"{shape[0]}"', f'identity=("{shape[1]}",)'] if shape else []),
        'timezone="Asia/Bishkek"',
        'note="Written by `acca outlet probe`: put countries, languages, timezone and kind right."',
    ]
    return "\n".join(
        [
            f'"""{urlsplit(url).hostname}: say in a line what it is."""', "", "from dataclasses import replace", "",
            *imports, f"from spiders._{findings.family} import {base}", "", "",
            f"class {name.title().replace('_', '')}Spider({base}):", f'    """{urlsplit(url).hostname}."""', "",
            f'    name = "{name}"', "    outlet = replace(", f"        {base}.outlet,",
            *(f"        {line}," for line in declared), "    )",
            *(["    ways = (", *(f"        {way}," for way in ways), "    )"] if own_ways else []),
        ]
    ) + "\n"  # fmt: skip


def _refs(findings: Findings, kind: type[Feed] | type[Sitemap]) -> list[str]:
    found: list[str] = []
    for checked in findings.answering:
        if isinstance(checked.way, kind):
            found += checked.way.refs if kind is Feed else checked.way.refs[:1]
    return found


def _way(way: Way) -> str:
    if isinstance(way, Listing):
        return f'Listing(links="{way.links}")'
    refs = ", ".join(json.dumps(ref) for ref in getattr(way, "refs", ()))
    return f"Feed(({refs},))" if isinstance(way, Feed) else f"Sitemap(({refs},), lists_all=False)"
