"""Atom feeds (RFC 4287) as files: all reports, and those of each country and each category."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid5

from lxml import etree

from acca_crawler import __version__
from acca_crawler.alerts import render
from acca_crawler.alerts.channels import Undelivered, opaque
from acca_crawler.alerts.message import Message, Report
from acca_crawler.alerts.settings import AtomChannel
from acca_crawler.reports.diff import COUNTRIES

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"


class AtomFeeds:
    """Writes the feeds anew for every message, each file whole or not at all."""

    def __init__(self, settings: AtomChannel, directory: Path, archive: UUID) -> None:
        self._settings = settings
        self._directory = directory
        self._archive = archive

    @property
    def targets(self) -> tuple[str, ...]:
        """One name: the directory's."""
        return (opaque(str(self._settings.directory)),)

    def send(self, message: Message, target: str) -> None:
        """Write the feeds with the message's reports. Raises `Undelivered`."""
        try:
            for path, title, reports in feeds_of(message.reports):
                self._write(path, self._feed(path, title, reports, message.composed_at))
        except OSError as error:
            raise Undelivered(f"{error.filename}: {error.strerror}") from None

    def _write(self, path: str, feed: bytes) -> None:
        file = self._directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(f"{file.name}.partial")
        partial.write_bytes(feed)
        partial.replace(file)

    def _feed(self, path: str, title: str, reports: Sequence[Report], composed_at: str) -> bytes:
        feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})  # type: ignore[dict-item]
        feed.set(f"{{{XML}}}lang", "en")
        _add(feed, "id", uuid5(self._archive, f"feed {self._settings.name} {path}").urn)
        _add(feed, "title", title)
        _add(feed, "updated", max((report.told_at for report in reports), default=composed_at))
        _add(_add(feed, "author"), "name", self._settings.author)
        _add(feed, "generator", "acca-crawler", version=__version__)
        href = f"{self._settings.url.rstrip('/')}/{path}"
        _add(feed, "link", rel="self", type="application/atom+xml", href=href)
        for report in reports:
            _entry(feed, report)
        return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True))


def feeds_of(reports: Sequence[Report]) -> list[tuple[str, str, list[Report]]]:
    """Path, title and reports of each feed. The five countries have theirs before anything is reported of them."""
    found = [("all.xml", "Reports", list(reports))]
    countries = sorted({*COUNTRIES, *(report.country for report in reports if report.country)})
    for country in countries:
        chosen = [report for report in reports if report.country == country]
        found.append((f"countries/{_plain(country)}.xml", f"Reports: {COUNTRIES.get(country, country)}", chosen))
    for category in sorted({category for report in reports for category in report.categories}):
        chosen = [report for report in reports if category in report.categories]
        found.append((f"categories/{_plain(category)}.xml", f"Reports: {category.replace('_', ' ')}", chosen))
    return found


def _entry(feed: etree._Element, report: Report) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", UUID(report.key).urn)
    title = _add(entry, "title", report.title or render.UNTITLED)
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
        _add(entry, "category", term=category)
    if report.country:
        _add(entry, "category", term=report.country, scheme="urn:iso:std:iso:3166")
    _add(entry, "content", render.report_text(report), type="text")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", name.lower())
