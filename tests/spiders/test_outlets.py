"""Every outlet, by its declaration and its frozen pages; `acca fixture` writes those."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.dedup.address import canonical_address
from acca_crawler.discovery import DatedListing, Fetched, Way
from acca_crawler.exceptions import DiscoveryError
from acca_crawler.extract import extract
from acca_crawler.ingest.page import identity_of, is_on, process_page
from acca_crawler.items import CaptureKind, Page
from acca_crawler.outlet_tools.checks import mistakes
from acca_crawler.outlet_tools.fixtures.fixture import read_addresses
from acca_crawler.outlets import BoilerplateRule, Expected, Poll, Selectors
from tests.support import warm
from tests.support.desk import TIMEOUT
from tests.support.known import FIXTURES, fixture_of, outlets

SEEN = {"24kg", "kaktus", "kloop", "vlast"}
"""The outlets whose selectors come from a real page's markup, by the facts that the project started from."""

every_outlet = pytest.mark.parametrize("name", sorted(outlets()))


@every_outlet
def test_its_declaration_is_sound(name: str) -> None:
    spider = outlets()[name]
    assert mistakes(spider, FIXTURES) == []
    assert spider.outlet.home.startswith("https://")


@every_outlet
def test_its_standing_is_honest(name: str) -> None:
    assert (outlets()[name].outlet.verified == "seen") == (name in SEEN)


def with_outlet(**changes: Any) -> type[OutletSpider]:
    """A sound spider's twin with something wrong in its declaration."""
    sound = outlets()["vlast"]
    return type("Wrong", (sound,), {"__doc__": "Wrong.", "outlet": replace(sound.outlet, **changes)})


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": ""}, "title is missing"),
        ({"hosts": ("elsewhere.kz",)}, "hosts do not hold home's vlast.kz"),
        ({"countries": ("FR",)}, "countries are not of the region"),
        ({"languages": ("tlh",)}, "languages are missing or unknown"),
        ({"kind": "blog"}, "kind 'blog' is unknown"),
        ({"timezone": "Asia/Nowhere"}, "timezone 'Asia/Nowhere' is not a time zone"),
        ({"poll": Poll(min_minutes=90, max_minutes=60)}, "poll's bounds are turned around"),
        ({"article_path": "^/(?P<id>"}, "is not a regular expression"),
        ({"article_path": "^/(?P<id>.+)$"}, "is taken for an article"),
        ({"article_path": "^/(?P<id>.*)$"}, "no form of identity"),
        ({"identity": ("{path}",)}, "is not the article"),
        ({"selectors": Selectors(body="p[[")}, "is not a CSS selector"),
        ({"selectors": Selectors(body=".nowhere")}, "the frozen article's method is not what expected.json says"),
        ({"boilerplate": (BoilerplateRule("share", "", css=".share"),)}, "lacks its name, its reason"),
        ({"old_selectors": (Selectors(body="p"),)}, "old selectors without a day"),
        ({"old_selectors": (Selectors(body="p[[", valid_until="2026-01-31"),)}, "is not a CSS selector"),
        ({"expected": Expected(max_without_date=30)}, "are not between 0 and 1"),
        ({"verified": "unseen"}, "selectors for pages that nobody has seen"),
        ({"enabled": False}, "switched off without saying what is to be checked"),
        ({"concerns": "region"}, "only a part is fetched without saying which"),
        ({"kind": "state"}, "a state source that does not say so"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_named(changes: dict[str, Any], problem: str) -> None:
    assert any(problem in mistake for mistake in mistakes(with_outlet(**changes), FIXTURES))


def test_scrapy_check_holds_every_outlet_against_its_contract() -> None:
    process = warm.Started(["check"], warm.ROOT, module="scrapy")
    _, errors = process.communicate(TIMEOUT)
    assert process.returncode == 0, errors
    assert f"Ran {len(outlets())} contracts" in errors


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
def test_its_addresses_are_those_that_are_listed(name: str) -> None:
    assert fixture_of(name).addresses == read_addresses(FIXTURES, name)


@every_outlet
def test_its_selectors_agree_with_the_page_built_from_them(name: str) -> None:
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
    for boilerplate in expected.gone:
        assert boilerplate in page.decode()
        assert boilerplate not in found.text


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
    assert fixture_of(name).verified == outlets()[name].outlet.verified


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
    given: set[str] = set()

    async def fetch(url: str, kind: CaptureKind) -> Fetched:
        """The frozen page of this kind, once: only one exists."""
        if url == spider.outlet.home and isinstance(way, DatedListing) and way.sections:
            return Fetched(url, 200, {}, b'<a href="/z/330">Section</a>', "utf-8")
        if kind not in files or kind in given:
            raise DiscoveryError("HTTP 404")
        given.add(kind)
        return Fetched(url, 200, {}, (FIXTURES / name / files[kind]).read_bytes(), "utf-8")

    found: set[str] = set()
    try:
        async for batch in way.walk(fetch, spider.outlet.home, None):
            found |= {listed.url for listed in batch.listed}
    except DiscoveryError:
        assert found, f"{name}: {way}"
    return found
