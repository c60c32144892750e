"""Learn an outlet's template from the pages in the archive, and read its pages with it."""

from __future__ import annotations

from dataclasses import replace

from acca_crawler.clock import utc_stamp
from acca_crawler.exceptions import AccaError
from acca_crawler.extract.template import MIN_PAGES, learn, see
from acca_crawler.ingest.payload import declared_encoding, decoded
from acca_crawler.outlets import Outlet
from storage.evidence.captures import CaptureStore
from storage.exceptions import CaptureError
from storage.ledger import templates
from storage.ledger.templates import Learned
from storage.schema.database import transaction
from storage.schema.kinds import ArchiveDb

SAMPLE = 40
"""Newest pages of an outlet that its template is learned from: an earlier layout must not outweigh today's."""


def with_template(db: ArchiveDb, name: str, outlet: Outlet) -> Outlet:
    """Return the outlet with the template learned from its pages, if there is one."""
    places = templates.places(db, name)
    return replace(outlet, template=frozenset(place.path for place in places)) if places else outlet


def learn_template(db: ArchiveDb, captures: CaptureStore, name: str, run_id: int) -> Learned | None:
    """Learn an outlet's template again and store it; None if too few of its pages were read without selectors."""
    pages = []
    for number in templates.captures_to_learn_from(db, name, SAMPLE):
        try:
            capture = captures.read(number)
            page = see(decoded(capture), capture.url, declared_encoding(capture))
        except (CaptureError, AccaError):  # pruned or damaged: `acca verify` reports it
            continue
        if page:
            pages.append(page)
    if len(pages) < MIN_PAGES:
        return None
    found = learn(pages, templates.headlines(db, name))
    with transaction(db) as writing:
        return templates.save(writing, name, run_id, found, len(pages), utc_stamp())


def learn_if_due(db: ArchiveDb, captures: CaptureStore, name: str, run_id: int) -> Learned | None:
    """Learn an outlet's template if enough of its articles were read without selectors since the last time."""
    return learn_template(db, captures, name, run_id) if templates.read_since(db, name) >= MIN_PAGES else None
