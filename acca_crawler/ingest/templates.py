"""Learn an outlet's template from the pages in the archive, and read its pages with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from acca_crawler.clock import utc_stamp
from acca_crawler.exceptions import AccaError, ReadersLost
from acca_crawler.extract.template import MIN_PAGES, SeenPage, learn, see
from acca_crawler.ingest.payload import declared_encoding, decoded
from acca_crawler.outlets import Outlet
from storage.evidence.captures import CaptureStore
from storage.exceptions import CaptureError
from storage.ledger import templates
from storage.ledger.templates import Learned
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

SeePage = Callable[[bytes, str, str | None], Awaitable[SeenPage | None]]

SAMPLE = 40
"""Newest pages of an outlet that its template is learned from: an earlier layout must not outweigh today's."""


def with_template(db: ArchiveDb, name: str, outlet: Outlet) -> Outlet:
    """Return the outlet with the template learned from its pages, if there is one."""
    places = templates.places(db, name)
    return replace(outlet, template=frozenset(place.path for place in places)) if places else outlet


def learn_template(db: ArchiveDb, captures: CaptureStore, name: str, run_id: int) -> Learned | None:
    """Learn an outlet's template again and store it; None if too few of its pages were read without selectors."""
    return _learn(db, name, run_id, [see(*page) for page in _sample(db, captures, name)])


async def learn_if_due(db: ArchiveDb, captures: CaptureStore, name: str, run_id: int, see: SeePage) -> Learned | None:
    """Learn an outlet's template if enough of its articles were read without selectors since the last time.

    `see` is `extract.template.see` in another process: a crawl goes on in the meantime. A page that it can't read
    within its limits is skipped. Returns None if too few pages were read, or no process is left to read them.
    """
    if templates.read_since(db, name) < MIN_PAGES:
        return None
    pages = []
    for page in _sample(db, captures, name):
        try:
            pages.append(await see(*page))
        except ReadersLost:
            return None
        except AccaError:  # too heavy, above all
            continue
    return _learn(db, name, run_id, pages)


def _sample(db: ArchiveDb, captures: CaptureStore, name: str) -> Iterator[tuple[bytes, str, str | None]]:
    """Yield the markup, the address and the declared encoding of an outlet's newest pages."""
    for number in templates.captures_to_learn_from(db, name, SAMPLE):
        if page := _page(captures, number):
            yield page


def _page(captures: CaptureStore, number: int) -> tuple[bytes, str, str | None] | None:
    try:
        capture = captures.read(number)
        return decoded(capture), capture.url, declared_encoding(capture)
    except (CaptureError, AccaError):  # pruned or damaged: `acca verify` reports it
        return None


def _learn(db: ArchiveDb, name: str, run_id: int, pages: Sequence[SeenPage | None]) -> Learned | None:
    seen = [page for page in pages if page]
    if len(seen) < MIN_PAGES:
        return None
    found = learn(seen, templates.headlines(db, name))
    with transaction(db) as writing:
        return templates.save(writing, name, run_id, found, len(seen), utc_stamp())
