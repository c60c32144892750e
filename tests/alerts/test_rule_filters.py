"""Every filter of an alert rule filters, and the page on alerts names it: a new one that forgets a place fails here."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.alerts.rules import matches
from acca_crawler.config.alerts import AlertRule
from storage.alerts.entries import newest_alerts
from tests.support.newsdesk import Newsdesk

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"
NO_FILTERS = {"name", "channels", "when", "at", "day"}
OTHER = {
    "levels": ("digest",),
    "kinds": ("removed",),
    "categories": ("forced_labour_custody_conditions",),
    "countries": ("TM",),
    "languages": ("tk",),
    "outlets": ("nobody",),
}
"""For each filter a value that the report of the desk does not have."""


def test_every_field_of_a_rule_is_known_here() -> None:
    assert set(AlertRule.model_fields) == NO_FILTERS | set(OTHER)


@pytest.mark.parametrize("name", sorted(OTHER))
def test_a_filter_keeps_out_what_it_does_not_name(desk: Newsdesk, name: str) -> None:
    desk.tell()
    (entry,) = newest_alerts(desk.db, 1)
    everything = AlertRule(name="r", channels=("hook",))
    assert matches(everything, entry)
    assert not matches(everything.model_copy(update={name: OTHER[name]}), entry)


def test_the_page_names_every_field() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [
        name for name in AlertRule.model_fields if f"`{name}`" not in page and name not in ("name", "channels")
    ] == []
