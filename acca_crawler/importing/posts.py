"""Reads the posts of a channel's list that somebody else captured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from acca_crawler.dedup.address import host_key, host_of
from acca_crawler.detect import Detector
from acca_crawler.discovery.telegram import channel_of
from acca_crawler.exceptions import NoChannel
from acca_crawler.ingest.capture import listed_by_identity
from acca_crawler.ingest.page import process_page
from acca_crawler.items import Article, Capture, Page
from acca_crawler.outlets import Outlet


def channel_at(url: str, outlets: Mapping[str, Outlet]) -> str | None:
    """Return the name of the Telegram outlet whose list of posts, or a page of it, is at a URL; None for any other."""
    try:
        channel = channel_of(url).lower()
    except (NoChannel, ValueError):
        return None
    host = host_key(host_of(url))
    return next(
        (
            name
            for name, outlet in outlets.items()
            if outlet.reader == "telegram"
            and host_key(host_of(outlet.home)) == host
            and channel_of(outlet.home).lower() == channel
        ),
        None,
    )


def posts_in(
    capture: Capture, name: str, outlet: Outlet, capture_id: int, detector: Detector
) -> Iterator[tuple[Article, Page]]:
    """Yield the channel's own posts on a captured list, oldest first. Raises `DiscoveryError`, `PayloadError`."""
    for listed in listed_by_identity(capture, outlet).values():
        if outlet.identify(listed.url) is not None:
            page = Page(
                listed.url, b"", listed=listed, capture_id=capture_id,
                fetched_at=capture.fetched_at, route=capture.route,
            )  # fmt: skip
            yield process_page(page, name, outlet, detector), page
