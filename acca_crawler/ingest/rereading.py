"""Read archived articles again: gather what that needs from the archive, then read it without the archive.

The second step is pure, so that it can run in other processes and on other machines.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from acca_crawler.detect import Detector
from acca_crawler.exceptions import AccaError, NotAnArticle
from acca_crawler.ingest.capture import article_in, article_of_listed, listed_by_identity
from acca_crawler.ingest.preparation import prepare
from acca_crawler.ingest.stored_parts import NOT_STORED, StoredParts
from acca_crawler.ingest.templates import with_template
from acca_crawler.items import Article, Capture, Listed, PartPage
from acca_crawler.outlets import Outlet
from storage.articles.reprocessing import Subject
from storage.evidence.captures import CaptureStore
from storage.exceptions import CaptureError
from storage.schema.kinds import ArchiveDb

_log = logging.getLogger(__name__)

LISTINGS = ("rest", "feed", "posts")
"""Kinds of captures with several articles' texts, used for an article whose page was unreachable."""


@dataclass(frozen=True, slots=True)
class Material:
    """What reading an article again needs: its capture, what its way of discovery said, and its known further parts.

    `capture` is None for an article that was only listed; `error` is why nothing could be gathered.
    """

    subject: Subject
    capture: Capture | None = None
    listed: Listed | None = None
    parts: tuple[PartPage, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """The result for one article: the article as read today, or why it could not be read."""

    subject: Subject
    article: Article | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads material; needs no archive. `prepares` is whether another process compares the articles with others."""

    outlets: Mapping[str, Outlet]
    detector: Detector
    prepares: bool

    def read(self, material: Material) -> Read:
        """Return the article as read today, or why it could not be read."""
        subject = material.subject
        if material.error:
            return Read(subject, error=material.error)
        try:
            article = self._article(material)
            return Read(subject, replace(article, prepared=prepare(article, indexed=False) if self.prepares else None))
        except AccaError as error:
            return Read(subject, error=f"not read: {error}")
        except Exception as error:  # noqa: BLE001 - a page that our code fails on must not abort the run
            return Read(subject, error=f"failed: {type(error).__name__}: {error}")

    def _article(self, material: Material) -> Article:
        subject = material.subject
        outlet, capture_id = self.outlets[subject.outlet], subject.capture_id
        if material.capture is None:
            if material.listed is None or not material.listed.body_html:
                raise NotAnArticle("the answer that listed it does not hold its text")
            return article_of_listed(
                material.listed, subject.outlet, outlet, capture_id=capture_id, detector=self.detector
            )
        known = {part.number: part for part in material.parts}
        article, _ = article_in(
            material.capture, subject.outlet, outlet, capture_id=capture_id, listed=material.listed,
            detector=self.detector, find=partial(_known_part, known),
        )  # fmt: skip
        return article


def _known_part(known: Mapping[int, PartPage], number: int, url: str) -> PartPage:
    return replace(known[number], url=url) if number in known else PartPage(number, url, missing=NOT_STORED)


class Gatherer:
    """Gathers material from the archive; for the process that has it open."""

    def __init__(
        self, db: ArchiveDb, captures: CaptureStore, outlets: Mapping[str, Outlet], detector: Detector
    ) -> None:
        self._captures = captures
        self._detector = detector
        self.outlets = {name: with_template(db, name, outlet) for name, outlet in outlets.items()}
        # One REST document contains a hundred consecutive articles.
        self._listed_in = lru_cache(4)(self._read_listed)

    def reader(self, *, prepares: bool) -> Reader:
        """Return a reader for what is gathered, which `prepares` articles for this process or does not."""
        return Reader(self.outlets, self._detector, prepares)

    def gather(self, subjects: Sequence[Subject]) -> list[Material]:
        """Return the material of each subject, in their order."""
        return [self._gather(subject) for subject in subjects]

    def complete(self, read: Read) -> Read:
        """Look for further parts in the archive that the article as read today has and was not known to have.

        An article that can't be read with them stays as it was read without.
        """
        if read.article is None or not any(part.missing == NOT_STORED for part in read.article.parts):
            return read
        subject = read.subject
        material = self._gather(subject)
        if material.capture is None:
            return read
        find = StoredParts(self._captures, material.capture, subject.outlet, subject.part_captures)
        try:
            article, _ = article_in(
                material.capture, subject.outlet, self.outlets[subject.outlet], capture_id=subject.capture_id,
                listed=material.listed, detector=self._detector, find=find,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 - a part that our code fails on must not abort the run
            _log.warning("article %d without its further parts: %s", subject.article_id, type(error).__name__)
            return read
        return Read(subject, article)

    def _gather(self, subject: Subject) -> Material:
        if subject.capture_id is None:
            return Material(subject, error="no capture")
        if subject.outlet not in self.outlets:
            return Material(subject, error=f"no outlet {subject.outlet} today")
        try:
            return self._found(subject, self._captures.read(subject.capture_id), subject.capture_id)
        except CaptureError as error:
            return Material(subject, error="pruned" if "pruned by" in str(error) else f"damaged: {error}")
        except AccaError as error:
            return Material(subject, error=f"not read: {error}")
        except Exception as error:  # noqa: BLE001 - an answer that our code fails on must not abort the run
            return Material(subject, error=f"failed: {type(error).__name__}: {error}")

    def _found(self, subject: Subject, capture: Capture, capture_id: int) -> Material:
        if capture.kind in LISTINGS:
            return Material(subject, listed=self._listed_in(capture_id, subject.outlet).get(subject.identity))
        listed = self._listed(subject) or _remembered(subject, capture.url)
        find = StoredParts(self._captures, capture, subject.outlet, subject.part_captures)
        parts = tuple(find(number, "") for number in subject.part_captures)
        return Material(subject, capture, listed, parts)

    def _listed(self, subject: Subject) -> Listed | None:
        """Return what the REST document or feed said about the article, if its capture still exists."""
        if subject.listed_capture_id is None:
            return None
        try:
            return self._listed_in(subject.listed_capture_id, subject.outlet).get(subject.identity)
        except (CaptureError, AccaError):  # the page itself is still read, with the listing data stored in the archive
            return None

    def _read_listed(self, capture_id: int, outlet: str) -> Mapping[str, Listed]:
        return listed_by_identity(self._captures.read(capture_id), self.outlets[outlet])


def _remembered(subject: Subject, url: str) -> Listed | None:
    """Return what the way of discovery said about the article: keeps dates and title that are not on the page."""
    sources = {"published": subject.published_source, "modified": subject.modified_source}
    way = next((source for source in sources.values() if source in ("rest", "feed", "listing")), None)
    if way is None:
        return None
    return Listed(
        url=url,
        published=subject.published_at if sources["published"] == way else None,
        modified=subject.modified_at if sources["modified"] == way else None,
        title=subject.title,
        body_html="" if way == "rest" else None,
        way=way,
    )
