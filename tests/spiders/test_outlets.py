"""Every outlet, by its declaration and its frozen pages; `acca fixture` writes those."""

from __future__ import annotations

import asyncio
import re
from typing import get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from acca_crawler.dedup.address import canonical_address
from acca_crawler.discovery import Fetched, Way
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.extract import extract
from acca_crawler.extract.document import compiled
from acca_crawler.items import CaptureKind, Page
from acca_crawler.outlet_spider import OutletSpider
from acca_crawler.outlets import REGION, Outlet, OutletKind, Selectors, Standing
from acca_crawler.process import identity_of, is_on, process_page
from tests.spiders.known import FIXTURES, fixture_of, outlets

LANGUAGES = {"ru", "en", "kk", "ky", "uz", "tg", "tk", "fr", "no"}
SEEN = {"24kg", "kaktus", "kloop", "vlast"}
"""The outlets whose selectors come from a real page's markup, by the facts that the project started from."""

every_outlet = pytest.mark.parametrize("name", sorted(outlets()))


@every_outlet
def test_its_declaration_is_complete(name: str) -> None:
    spider = outlets()[name]
    outlet = spider.outlet
    assert outlet.title and spider.__doc__
    assert outlet.home.startswith("https://")
    assert urlsplit(outlet.home).hostname in outlet.hosts
    assert outlet.countries and set(outlet.countries) <= set(REGION)
    assert outlet.languages and set(outlet.languages) <= LANGUAGES
    assert outlet.kind in get_args(OutletKind)
    assert outlet.standing in get_args(Standing)
    assert ZoneInfo(outlet.timezone)
    assert spider.ways
    assert 0 < outlet.poll.least <= outlet.poll.most
    assert outlet.expected.least_words > 0 and outlet.expected.greatest_silence > 0
    assert "{" in "".join(outlet.identity)


@every_outlet
def test_its_standing_is_honest(name: str) -> None:
    outlet = outlets()[name].outlet
    assert (outlet.standing == "seen") == (name in SEEN)
    if outlet.standing == "unseen":
        assert outlet.selectors == Selectors()
    if not outlet.enabled:
        assert "To check" in outlet.note
    if outlet.concerns == "region":
        assert "Fetched:" in outlet.note
    if outlet.kind == "state":
        assert "State source" in outlet.note


@every_outlet
def test_its_patterns_and_selectors_are_valid(name: str) -> None:
    outlet = outlets()[name].outlet
    re.compile(outlet.article_path)
    for selector in _selectors(outlet):
        assert not selector or compiled(selector)
    for rule in outlet.boilerplate:
        assert rule.name and rule.why and (rule.css or rule.pattern)
        re.compile(rule.pattern)


@every_outlet
def test_one_article_has_one_identity_under_all_its_addresses(name: str) -> None:
    outlet, fixture = outlets()[name].outlet, fixture_of(name)
    for form in fixture.addresses.forms:
        address = canonical_address(form, keep_query=outlet.keep_query)
        assert is_on(address, outlet), form
        assert outlet.identify(address) == fixture.identity, form
        assert canonical_address(address, keep_query=outlet.keep_query) == address
    for refused in fixture.addresses.refused:
        assert outlet.identify(canonical_address(refused, keep_query=outlet.keep_query)) is None, refused


@every_outlet
def test_its_frozen_article_is_read_exactly(name: str) -> None:
    outlet, fixture = outlets()[name].outlet, fixture_of(name)
    page = (FIXTURES / name / "article.html").read_bytes()
    found = extract(page, fixture.addresses.forms[0], outlet=outlet)
    expected = fixture.article
    assert found.title == expected.title
    assert found.text == expected.text
    assert found.authors == expected.authors
    assert found.published_at == expected.published
    assert found.method == expected.method
    assert expected.gone
    for furniture in expected.gone:
        assert furniture in page.decode()
        assert furniture not in found.text


@every_outlet
def test_its_frozen_article_becomes_one_of_its_own(name: str) -> None:
    outlet, fixture = outlets()[name].outlet, fixture_of(name)
    for form in fixture.addresses.forms:
        page = Page(url=form, html=(FIXTURES / name / "article.html").read_bytes())
        article = process_page(page, name, outlet)
        assert article.identity == fixture.identity, form
        assert article.language == outlet.languages[0]


@every_outlet
def test_the_standing_frozen_is_todays(name: str) -> None:
    assert fixture_of(name).standing == outlets()[name].outlet.standing


@every_outlet
def test_every_way_lists_the_article(name: str) -> None:
    spider, fixture = outlets()[name], fixture_of(name)
    for way in (*spider.ways, *spider.archive_ways):
        listed = asyncio.run(_walk(way, name, spider))
        wanted = {
            identity_of(address, spider.outlet)
            for url in listed
            if is_on(url, spider.outlet)
            and spider.outlet.identify(address := canonical_address(url, keep_query=spider.outlet.keep_query))
        }
        assert wanted == {fixture.identity}, way


def test_no_fixture_is_left_behind() -> None:
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} == set(outlets())


async def _walk(way: Way, name: str, spider: type[OutletSpider]) -> set[str]:
    files = {"rest": "rest.json", "feed": "feed.xml", "sitemap": "sitemap.xml", "listing": "listing.html"}
    asked: list[str] = []

    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        """The frozen page of this kind, once: there is no second page."""
        asked.append(url)
        if kind not in files or kind in [frozen for frozen in asked if frozen in files]:
            raise DiscoveryError("HTTP 404")
        asked.append(kind)
        return Fetched(url, 200, {}, (FIXTURES / name / files[kind]).read_bytes(), "utf-8")

    found: set[str] = set()
    try:
        async for batch in way.walk(fetch, spider.outlet.home, None):
            found |= {listed.url for listed in batch.listed}
    except DiscoveryError:
        assert found, f"{name}: {way}"
    return found


def _selectors(outlet: Outlet) -> list[str]:
    return [
        *(getattr(outlet.selectors, field) for field in Selectors.__dataclass_fields__),
        *(rule.css for rule in outlet.boilerplate),
    ]
