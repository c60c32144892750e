"""Parser for sitemap XML (https://www.sitemaps.org/protocol.html) as sites actually write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape
from io import BytesIO

from lxml import etree

from acca_crawler.exceptions import DiscoveryError
from acca_crawler.text.scrub import escape_bare, outside_cdata

ENTRIES = {"urlset": "url", "sitemapindex": "sitemap"}
"""Name of the entry element for each kind of sitemap."""

_ROOT = re.compile(r"<((?:\w{1,32}:)?(urlset|sitemapindex))\b", re.IGNORECASE)
_PREFIXED = re.compile(r"<(\w{1,32}):")
_ENTITY = re.compile(r"&([A-Za-z]\w{1,31});")
_OF_XML = frozenset(("amp", "lt", "gt", "quot", "apos"))


@dataclass(frozen=True, slots=True)
class SitemapXml:
    """A sitemap's kind (`urlset`, `sitemapindex`) and each entry's texts by element name.

    Fields of Google's news extension begin with `news:`. `broken` is why the file is incomplete, empty if it is
    complete.
    """

    kind: str
    entries: tuple[dict[str, str], ...]
    broken: str = ""


def parse(text: str) -> SitemapXml:
    """Parse a sitemap's text and ignore its declared encoding. Raises `DiscoveryError` if it is not a sitemap.

    Ignores text around the XML (a script's notice, a cache's remark), accepts bare ampersands, undeclared prefixes and
    plain lists of addresses (the protocol's text form). If a sitemap is truncated, only its complete entries are read,
    so that no partial address is requested.
    """
    start = _ROOT.search(text)
    if start is None and (lines := _lines(text)):
        return SitemapXml("urlset", tuple({"loc": line} for line in lines))
    if start is None:
        raise DiscoveryError(_what_else(text[:5000]))
    name, kind = start[1], start[2].lower()
    end, broken = text.rfind(f"</{name}"), ""
    if end < start.end():
        end, broken = _last_entry(text, kind), "it breaks off in the middle"
    text = f"{escape_bare(outside_cdata(text[start.start() : end], _declared))}</{name}>"
    try:
        return SitemapXml(kind, _entries(text, kind), broken)
    except etree.XMLSyntaxError:
        text = _with_prefixes(text)
    try:
        return SitemapXml(kind, _entries(text, kind), broken)
    except etree.XMLSyntaxError as error:
        return SitemapXml(kind, _entries(text, kind, recover=True), f"it is malformed: {error}"[:200])


def _lines(text: str) -> list[str]:
    """Return the addresses in a sitemap of one address a line; none if anything else is in it."""
    lines = text.split()
    return lines if all(line.startswith(("http://", "https://")) for line in lines) else []


def _with_prefixes(text: str) -> str:
    """Declare the prefixes that a sitemap uses without declaring them (`news:`)."""
    missing = sorted(prefix for prefix in set(_PREFIXED.findall(text)) if f"xmlns:{prefix}=" not in text)
    declared = "".join(f' xmlns:{prefix}="{prefix}"' for prefix in missing)
    return _ROOT.sub(lambda match: f"{match[0]}{declared}", text, count=1)


def _what_else(text: str) -> str:
    if "<html" in text.lower():
        return "HTML instead of a sitemap"
    other = re.search(r"<(\w[\w:.-]{0,40})", text)
    return f"not a sitemap but <{other[1]}>" if other else "not a sitemap"


def _last_entry(text: str, kind: str) -> int:
    """Return the offset at which the last complete entry of a truncated sitemap ends."""
    ends = [match.end() for match in re.finditer(rf"</(?:\w{{1,32}}:)?{ENTRIES[kind]}\s{{0,9}}>", text)]
    return ends[-1] if ends else len(text)


def _declared(text: str) -> str:
    """Replace HTML entities by their characters: XML defines only five."""
    return _ENTITY.sub(lambda match: match[0] if match[1] in _OF_XML else escape(unescape(match[0])), text)


def _entries(text: str, kind: str, recover: bool = False) -> tuple[dict[str, str], ...]:
    """Return each entry's texts. Entities are not expanded. Raises `XMLSyntaxError`."""
    found: list[dict[str, str]] = []
    events = etree.iterparse(
        BytesIO(text.encode()),
        events=("end",),
        recover=recover,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    for _, element in events:
        if _name(element) != ENTRIES[kind]:
            continue
        texts = _texts(element)
        for news in element.iterchildren("{*}news"):
            texts |= {f"news:{name}": text for name, text in _texts(news).items()}
        if texts.get("loc"):
            found.append(texts)
        _forget(element)
    return tuple(found)


def _texts(element: etree._Element) -> dict[str, str]:
    """Return the texts of an element's children by name, without the namespace."""
    return {_name(child): (child.text or "").strip() for child in element}


def _forget(element: etree._Element) -> None:
    """Free elements already read, so that a sitemap of 50 MB does not become a tree of 500 MB."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
