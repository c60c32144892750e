"""Conditional requests; for servers that wrongly answer "unchanged", a comparison of body hashes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from acca_crawler.clock import earlier, utc_stamp
from acca_crawler.items import CaptureKind, Listed
from storage.ledger.discovery_pages import PageState

REMEMBERED: frozenset[CaptureKind] = frozenset({"feed", "listing"})
"""Pages that list new articles. Sitemaps are read in full, because an address that disappears from one matters too."""

TRUSTED_HOURS = 6
"""Hours for which we believe "unchanged" answers; after that we request the page in full."""

PUBLISHING_MINUTES = 60
"""Minutes by which an article's date may precede its appearance in a feed while we still believe the server."""


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """A page's answer when it was last read in full, and whether it is unchanged now."""

    state: PageState | None = None
    unchanged: bool = False

    def conditions(self) -> dict[str, str]:
        """Return the headers of a conditional request (RFC 9110, 13.1)."""
        state = self.state
        if state is None or state.lies or state.read_at < earlier(utc_stamp(), hours=TRUSTED_HOURS):
            return {}
        named = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        return {name: value for name, value in named.items() if value}

    def after(self, status: int, headers: Mapping[str, str], body: bytes, at: str) -> EarlierAnswer:
        """Return the updated state after an answer. Header names are in lower case; `at` is its time (UTC)."""
        if status == 304 and self.state is not None:
            return EarlierAnswer(replace(self.state, unchanged_at=at), unchanged=True)
        if status != 200:
            return EarlierAnswer()
        digest = sha256(body).hexdigest()
        before = self.state
        state = PageState(
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            body_sha256=digest,
            read_at=at,
            unchanged_at=before.unchanged_at if before else None,
            lies=before.lies if before else False,
        )
        return EarlierAnswer(state, unchanged=before is not None and before.body_sha256 == digest)


def judged(state: PageState, new: Iterable[Listed]) -> PageState:
    """Mark a server as unreliable for good if new articles are older than its last "unchanged" answer."""
    said = state.unchanged_at
    if said is None:
        return state
    before = earlier(said, minutes=PUBLISHING_MINUTES)
    lied = any(listed.published and listed.published < before for listed in new)
    return replace(state, lies=state.lies or lied, unchanged_at=None if lied else said)
