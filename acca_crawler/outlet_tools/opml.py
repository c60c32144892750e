"""OPML, the format in which feed readers exchange their lists: http://opml.org/spec2.opml."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import etree

from acca_crawler.config.loading import Config, parse_text
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.dedup.address import host_key
from acca_crawler.discovery import Feed, FeedCatalogue, Way
from acca_crawler.exceptions import ConfigError, ImportFileError
from acca_crawler.text.scrub import scrub
from acca_crawler.whole_file import whole_file

MAX_BYTES = 5_000_000
"""Largest list that is read; a reader's list of a thousand feeds has a few hundred kilobytes."""


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed in a reader's list: its address, its title and the address of its site, empty if the list has none."""

    url: str
    title: str = ""
    site: str = ""


def read_opml(file: Path) -> list[ListedFeed]:
    """Read the feeds in an OPML file, in folders or not, each once. Raises `ImportFileError`."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ImportFileError(f"{file}: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise ImportFileError(f"{file}: {len(data)} bytes are too many for a list of feeds")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ImportFileError(f"{file}: no OPML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ImportFileError(f"{file}: no OPML: an <opml> element is expected")
    found: dict[str, ListedFeed] = {}
    for outline in root.iter("outline"):
        values = {str(name).lower(): scrub(str(value)).strip() for name, value in outline.attrib.items()}
        if url := values.get("xmlurl"):
            title = " ".join((values.get("title") or values.get("text") or "").split())
            found.setdefault(url, ListedFeed(url, title, values.get("htmlurl", "")))
    if not found:
        raise ImportFileError(f"{file}: the list has no feed (no outline with an xmlUrl)")
    return list(found.values())


def follow(
    config: Config, feeds: Sequence[ListedFeed], spiders: Mapping[str, type[OutletSpider]]
) -> Iterator[tuple[ListedFeed, str]]:
    """Append a `[[feed]]` table to acca.toml for each feed that is not followed yet; yield each with why it was not.

    Raises `ConfigError` if there is no acca.toml.
    """
    file = config.file
    if file is None:
        raise ConfigError("there is no acca.toml to add feeds to: `acca init` writes one")
    followed = {feed.url for feed in config.feed}
    names = set(spiders)
    for feed in feeds:
        why_not = _why_not(feed, followed, spiders)
        if not why_not:
            name = _name_of(feed.url, names)
            try:
                _append(file, _table(feed, name))
            except ConfigError as error:
                why_not = f"not added: {error}"
            else:
                names.add(name)
                followed.add(feed.url)
        yield feed, why_not


def _why_not(feed: ListedFeed, followed: set[str], spiders: Mapping[str, type[OutletSpider]]) -> str:
    parts = urlsplit(feed.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "not added: not a web address"
    if feed.url in followed:
        return "followed already"
    for name, spider in spiders.items():
        if spider.family != "telegram" and host_key(parts.hostname) in map(host_key, spider.outlet.hosts):
            return f"followed already as the outlet {name}"
    return ""


def _name_of(url: str, names: set[str]) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    name = re.sub(r"[^a-z0-9]+", "_", f"feed_{host}".lower()).strip("_")
    number = 2
    while name in names:
        name = f"{re.sub(r'_n[0-9]+$', '', name)}_n{number}"
        number += 1
    return name


def _table(feed: ListedFeed, name: str) -> str:
    lines = ["", "[[feed]]", f"name = {json.dumps(name)}", f"url = {json.dumps(feed.url, ensure_ascii=False)}"]
    site = urlsplit(feed.site)
    if site.scheme in ("http", "https") and site.hostname and "@" not in site.netloc:
        lines.append(f"site = {json.dumps(feed.site, ensure_ascii=False)}")
    title = re.sub(r"[\x00-\x1f\x7f]", " ", feed.title)
    if title:
        lines.append(f"title = {json.dumps(title, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _append(file: Path, table: str) -> None:
    """Append a table to acca.toml if the whole is still valid. Raises `ConfigError`, `FileInUse`."""
    with whole_file(file) as stream:
        whole = f"{file.read_text(encoding='utf-8-sig').rstrip()}\n{table}"
        parse_text(whole, file)
        stream.write(whole.encode())


def opml_of(spiders: Mapping[str, type[OutletSpider]]) -> str:
    """Return the outlets as OPML: one outline for each feed, or for the site of an outlet without one."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "acca-crawler: outlets"
    body = etree.SubElement(root, "body")
    for spider in spiders.values():
        outlet = spider.outlet
        feeds = [urljoin(outlet.home, ref) for way in spider.ways for ref in _refs(way)]
        for feed in dict.fromkeys(feeds):
            etree.SubElement(
                body, "outline", type="rss", text=outlet.title, title=outlet.title, xmlUrl=feed, htmlUrl=outlet.home
            )
        if not feeds:
            etree.SubElement(body, "outline", type="link", text=outlet.title, url=outlet.home, htmlUrl=outlet.home)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True).decode()


def _refs(way: Way) -> tuple[str, ...]:
    """Return the addresses of a way's feeds; of guesses only the first."""
    if isinstance(way, FeedCatalogue):
        return way.always
    if isinstance(way, Feed):
        return way.refs if way.every else way.refs[:1]
    return ()
