"""The spiders against what is known of the sites; the facts lie beside the project."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from acca_crawler.dedup.address import canonical_address
from acca_crawler.extract import extract
from tests.support.known import fixture_of, outlets

pytestmark = pytest.mark.shared

NEVER_UNREVIEWED = {"pamirdaily", "nhc", "orda", "zakon", "hook", "knews", "prok_kz", "prok_uz"}


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, Any]]:
    """Every outlet that the facts name."""
    found: list[dict[str, Any]] = json.loads((shared / "facts/outlets.json").read_text())
    assert len(found) == 55
    return found


def test_every_outlet_of_the_facts_has_a_spider(rows: list[dict[str, Any]]) -> None:
    assert {row["id"] for row in rows} <= set(outlets())


def test_what_is_not_to_be_enabled_unreviewed_is_off(rows: list[dict[str, Any]]) -> None:
    assert {row["id"] for row in rows if not outlets()[row["id"]].outlet.enabled} >= NEVER_UNREVIEWED


def test_home_languages_and_hosts_are_those_of_the_facts(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        outlet = outlets()[row["id"]].outlet
        assert outlet.home == row["home"], row["id"]
        assert set(row["languages"]) <= set(outlet.languages), row["id"]
        hosts = set(row["hosts"]) - {"nadejda-atayeva-en.blogspot.com"}  # an outlet of its own
        assert hosts <= {*outlet.hosts, *outlet.mirrors}, row["id"]


def test_known_articles_are_recognised(rows: list[dict[str, Any]]) -> None:
    examples = [(row["id"], example) for row in rows for example in row["examples"]]
    assert len(examples) > 25
    for name, example in examples:
        outlet = outlets()[name].outlet
        assert outlet.identify(canonical_address(example, keep_query=outlet.keep_query)), example


def test_the_frozen_articles_have_addresses_that_the_facts_allow(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["article_regex"]:
            url = fixture_of(row["id"]).addresses.forms[0]
            assert re.search(row["article_regex"], url), f"{row['id']}: {url}"


def test_every_feed_that_answered_is_asked_for(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        ways = repr(outlets()[row["id"]].ways)
        for feed in row["feeds"]:
            if feed["status"].startswith("answered") and "/api/z" not in feed["url"]:
                path = feed["url"].removeprefix("https://").partition("/")[2]
                assert path in ways, feed["url"]


def test_a_real_page_of_the_pangea_family_is_read(shared: Path) -> None:
    page = (shared / "data/pages/pangea-voa.html").read_bytes()
    outlet = outlets()["rferl"].outlet
    found = extract(page, "https://www.voanews.com/a/7585813.html", outlet=outlet)
    assert found.title == "America's child care crisis is holding back moms without college degrees"
    assert found.published_at == "2024-04-28T07:00:00Z"
    assert found.authors == ("Associated Press",)
    assert found.categories == ("USA",)
    assert found.method == "selectors"
    assert found.text.startswith(("AUBURN, Wash. —", "After a series of lower-paying jobs"))
    for boilerplate in ("No media source currently available", "Share on Facebook", "Print", "FILE - "):
        assert boilerplate not in found.text
