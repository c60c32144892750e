"""The XML of a sitemap (https://www.sitemaps.org/protocol.html), read one entry at a time."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from acca_crawler.exceptions import DiscoveryError

ENTRIES = ("url", "sitemap")


def parse(body: bytes) -> tuple[str, Iterator[dict[str, str]]]:
    """The root element's name and, lazily, each entry's fields by name (`loc`, `lastmod`, ...).

    A namespace or none, comments and stray markup make no difference; entities are not expanded. Raises
    `DiscoveryError` where there is no element at all, `etree.XMLSyntaxError` where it can't be read, also later on.
    """
    events = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    _, root = next(events, ("", None))
    if root is None:
        raise DiscoveryError("not a sitemap: no element in it")
    return _name(root), _entries(events)


def _entries(events: etree.iterparse[tuple[str, etree._Element]]) -> Iterator[dict[str, str]]:
    for event, element in events:
        if event != "end" or _name(element) not in ENTRIES:
            continue
        fields = {_name(child): (child.text or "").strip() for child in element}
        _forget(element)
        if "loc" in fields:
            yield fields


def _forget(element: etree._Element) -> None:
    """Drop what was read, so that a sitemap of 50 MB does not become a tree of 500."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
