"""Writes a proposal as an [[outlet]] table or as a draft spider file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

from acca_crawler.outlet_tools.probe.proposal import Proposal

CLASSES = {
    "wordpress": "WordPressSpider",
    "pangea": "PangeaSpider",
    "drupal": "DrupalSpider",
    "blogger": "BloggerSpider",
    "generic": "GenericSpider",
    "telegram": "TelegramSpider",
}


def table(proposal: Proposal) -> str:
    """Return the [[outlet]] table for acca.toml; marks values that can't be determined from outside."""
    shape = proposal.shape
    lines = [
        "[[outlet]]",
        f"name = {json.dumps(proposal.name)}",
        f"base = {json.dumps(proposal.family)}",
        f"home = {json.dumps(proposal.url)}",
        'countries = ["KG"]          # put right: KZ, KG, TJ, UZ, TM',
        f"languages = {json.dumps(proposal.languages)}   # of three articles: put the most used first, add the others",
        'timezone = "Asia/Bishkek"   # put right',
        *([f"article_path = {json.dumps(shape[0])}", f"identity = {json.dumps([shape[1]])}"] if shape else []),
        *([f"feeds = {json.dumps(proposal.feeds)}"] if proposal.feeds else []),
        *([f"sitemaps = {json.dumps(proposal.sitemaps)}"] if proposal.sitemaps else []),
        *(['listings = [""]', f"links = {json.dumps(proposal.links)}"] if proposal.links else []),
    ]
    return "\n".join(lines) + "\n"


def spider_file(proposal: Proposal) -> str:
    """Return a draft spider file; comments mark what has to be corrected."""
    base, shape, host = CLASSES[proposal.family], proposal.shape, urlsplit(proposal.url).hostname
    ways = list(_ways(proposal))
    used = sorted({way.partition("(")[0] for way in ways})
    imports = [f"from acca_crawler.discovery import {', '.join(used)}"] if used else []
    declared = [
        f'title="{host}"',
        f"home={json.dumps(proposal.url)}",
        f'hosts=("{host}",)',
        'countries=("KG",)',
        f"languages={_tuple(proposal.languages)}",
        *([f'article_path=r"{shape[0]}"', f'identity=("{shape[1]}",)'] if shape else []),
        'timezone="Asia/Bishkek"',
        'note="Written by `acca outlet probe`: put countries, languages, timezone and kind right."',
    ]
    opening, closing = ("replace(", ")")
    if proposal.family == "telegram":  # the family derives the posts' addresses from the home
        opening, closing = (f"{base}.adapted(replace(", "))")
    return "\n".join(
        [
            f'"""{host}: say in a line what it is."""', "", "from dataclasses import replace", "",
            *imports, f"from spiders._{proposal.family} import {base}", "", "",
            f"class {proposal.name.title().replace('_', '')}Spider({base}):", f'    """{host}."""', "",
            f'    name = "{proposal.name}"', f"    outlet = {opening}", f"        {base}.outlet,",
            *(f"        {line}," for line in declared), f"    {closing}",
            *(["    ways = (", *(f"        {way}," for way in ways), "    )"] if ways else []),
        ]
    ) + "\n"  # fmt: skip


def _ways(proposal: Proposal) -> Iterator[str]:
    if proposal.feeds:
        yield f"Feed({_tuple(proposal.feeds)})"
    if proposal.sitemaps:
        yield f"Sitemap({_tuple(proposal.sitemaps)}, lists_all=False)"
    if proposal.links:
        yield f"Listing(links={json.dumps(proposal.links)})"


def _tuple(values: tuple[str, ...]) -> str:
    return f"({', '.join(json.dumps(value) for value in values)},)"
