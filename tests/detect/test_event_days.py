"""The day of an event, as a report writes it."""

from __future__ import annotations

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.facts import facts_of


@pytest.mark.parametrize(
    ("written", "days"),
    [("28 января 2026 года", ["2026-01-28"]), ("29 февраля", ["--02-29"]), ("29 февраля 2026 года", [])],
)
def test_a_day_that_no_calendar_has_is_none(written: str, days: list[str]) -> None:
    facts = facts_of(annotate(f"Его избили в милиции {written}.", "", "ru"))
    assert [fact.value for fact in facts if fact.kind == "event_date"] == days
