"""Find the further parts of an article among the archive's captures."""

from __future__ import annotations

from collections.abc import Mapping

from acca_crawler.exceptions import PayloadError
from acca_crawler.ingest.payload import declared_encoding, decoded
from acca_crawler.items import Capture, PartPage
from storage.evidence.captures import CaptureStore
from storage.exceptions import CaptureError

NOT_STORED = "not in the archive"


class StoredParts:
    """Finds the parts of one article; a `PartFinder`. `known` are captures by part number, known to be its parts.

    Other parts are looked up by URL: the capture nearest in time to that of the first part.
    """

    def __init__(self, captures: CaptureStore, first: Capture, outlet: str, known: Mapping[int, int]) -> None:
        self._captures = captures
        self._first = first
        self._outlet = outlet
        self._known = known

    def __call__(self, number: int, url: str) -> PartPage:
        """Return the part's page, or why it is missing."""
        capture_id = self._known.get(number) or self._captures.nearest_page(
            (url, url.removesuffix("/"), f"{url}/"), self._outlet, self._first.fetched_at
        )
        if capture_id is None:
            return PartPage(number, url, missing=NOT_STORED)
        try:
            capture = self._captures.read(capture_id)
            return PartPage(number, url, decoded(capture), declared_encoding(capture), capture_id)
        except (CaptureError, PayloadError) as error:
            return PartPage(number, url, capture_id=capture_id, missing=str(error))
