"""Atom feeds (RFC 4287) written as files: one for all reports, one per country and one per category."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from lxml import etree

from acca_crawler import __version__
from acca_crawler.alerts import render
from acca_crawler.alerts.channels import opaque
from acca_crawler.alerts.message import Message, RedactedReport
from acca_crawler.config.alerts import AtomChannel
from acca_crawler.exceptions import DeliveryError, FileInUse
from acca_crawler.i18n.catalogue import Language, language
from acca_crawler.i18n.labels import CATEGORIES, COUNTRIES
from acca_crawler.whole_file import whole_file

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
PUBLIC_FOLDER, PUBLIC_FILE = 0o755, 0o644
"""File modes of the feeds, wider than the archive's: a web server running as another user serves them."""

XML = "http://www.w3.org/XML/1998/namespace"

_OURS = b">acca-crawler</generator>"
"""Part of every feed that we wrote."""


class AtomFeeds:
    """Rewrites the feeds for every message, each file atomically."""

    def __init__(self, settings: AtomChannel, directory: Path, archive: UUID) -> None:
        self._settings = settings
        self._directory = directory
        self._archive = archive

    @property
    def targets(self) -> tuple[str, ...]:
        """Return one opaque name, for the directory."""
        return (opaque(str(self._settings.directory)),)

    def send(self, message: Message, target: str) -> None:
        """Write the feeds with the message's reports. Raises `DeliveryError`."""
        settings = self._settings
        try:
            say = language(message.language)
            feeds = feeds_of(message.reports, say)
            for feed in (*feeds, *self._emptied({feed.path for feed in feeds}, say)):
                href = f"{settings.url.rstrip('/')}/{feed.path}"
                id_ = uuid5(self._archive, f"feed {settings.name} {feed.path}")
                self._write(feed.path, document(feed, id_, href, settings.author, message.composed_at))
        except OSError as error:
            raise DeliveryError(f"{error.filename}: {error.strerror}") from None
        except FileInUse as error:
            raise DeliveryError(str(error)) from None

    def _emptied(self, written: Set[str], say: Language) -> Iterator[AtomDocument]:
        """Yield an empty feed for each file that has no reports left: readers may still ask for it."""
        for file in sorted(self._directory.glob("c*/*.xml")):
            path = file.relative_to(self._directory).as_posix()
            if path not in written and (of := _subject(path)) and _OURS in file.read_bytes():
                yield AtomDocument(path, title_of(of, say), (), say)

    def _write(self, path: str, feed: bytes) -> None:
        file = self._directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.parent.chmod(PUBLIC_FOLDER)
        with whole_file(file, PUBLIC_FILE) as stream:
            stream.write(feed)


@dataclass(frozen=True, slots=True)
class AtomDocument:
    """A feed to be written: its path relative to the feed directory, its title, and its reports, newest first."""

    path: str
    title: str
    reports: tuple[RedactedReport, ...]
    say: Language

    def updated(self, empty: str) -> str:
        """Return when the newest report was announced; `empty` if there are no reports."""
        return max((report.told_at for report in self.reports), default=empty)


def document(feed: AtomDocument, id_: UUID, href: str, author: str, empty: str) -> bytes:
    """Return the feed as XML; `href` is its URL, `empty` the update time of a feed without reports."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
    root.set(f"{{{XML}}}lang", feed.say.code)
    _add(root, "id", id_.urn)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated(empty))
    _add(_add(root, "author"), "name", author)
    _add(root, "generator", "acca-crawler", version=__version__)
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=href)
    for report in feed.reports:
        _entry(root, report, feed.say)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def feeds_of(reports: Sequence[RedactedReport], say: Language) -> list[AtomDocument]:
    """Return all feeds. The five countries have feeds even without reports."""
    found = [AtomDocument("all.xml", title_of("", say), tuple(reports), say)]
    for country in sorted({*filter(None, COUNTRIES), *(report.country for report in reports if report.country)}):
        chosen = tuple(report for report in reports if report.country == country)
        found.append(AtomDocument(f"countries/{_plain(country)}.xml", title_of(country, say), chosen, say))
    for category in sorted({category for report in reports for category in report.categories}):
        chosen = tuple(report for report in reports if category in report.categories)
        found.append(AtomDocument(f"categories/{_plain(category)}.xml", title_of(category, say), chosen, say))
    return found


def title_of(of: str, say: Language) -> str:
    """Return the title of the feed of a country, a category, or (empty) all reports."""
    if not of:
        return say.text("Reports")
    known = COUNTRIES.get(of) or CATEGORIES.get(of)
    return say.text("Reports: {of}", of=say.text(known) if known else of.replace("_", " "))


def _subject(path: str) -> str:
    """Return the country or category of a feed's path; empty if it is of neither."""
    folder, _, name = path.removesuffix(".xml").partition("/")
    return {"countries": name.upper(), "categories": name}.get(folder, "")


def _entry(feed: etree._Element, report: RedactedReport, say: Language) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", UUID(report.key).urn)
    title = _add(entry, "title", report.title or say.text(render.UNTITLED))
    if report.language and report.title:
        title.set(f"{{{XML}}}lang", report.language)
    _add(entry, "updated", report.told_at)
    if report.published_at and len(report.published_at) > len("2026-11-22"):
        _add(entry, "published", report.published_at)
    _add(_add(entry, "author"), "name", report.outlet_title)
    links = [url for url in (report.review_url, report.source_url) if url]
    for rel, url in zip(("alternate", "related"), links, strict=False):
        _add(entry, "link", rel=rel, href=url)
    for category in report.categories:
        _add(entry, "category", term=category, label=say.text(CATEGORIES.get(category, category)))
    if report.country:
        _add(entry, "category", term=report.country, scheme="urn:iso:std:iso:3166")
    _add(entry, "content", render.report_text(report, say), type="text")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", name.lower())
