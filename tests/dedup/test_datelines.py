"""An agency's dateline, and its name anywhere, are no evidence that two reports are about one event."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from acca_crawler.dedup import datelines
from acca_crawler.dedup.datelines import end_of_dateline
from acca_crawler.dedup.document import Document
from acca_crawler.dedup.relation import relation

LISTED = tomllib.loads(Path(datelines.__file__).with_name("agencies.toml").read_text(encoding="utf-8"))
DATELINE = "ТАШКЕНТ, 3 мар — Sputnik. "
NEWS = "Суд в Ургенче приговорил Азамата Токтобердиева к семи годам колонии. Адвокат сообщил о пытках в изоляторе."
OF_SPUTNIK = Document("", DATELINE + NEWS, "ru", published="2026-03-03", outlet="sputnik")


@pytest.mark.parametrize(("text", "news"), LISTED["examples"].items())
def test_the_news_begins_after_the_dateline(text: str, news: str) -> None:
    assert text[end_of_dateline(text) :] == news


def test_a_dateline_leaves_no_trace() -> None:
    profile, plain = OF_SPUTNIK.profile, Document("", NEWS, "ru").profile
    assert (profile.stems, profile.persons, profile.places, profile.numbers, profile.dates) == (
        plain.stems, plain.persons, plain.places, plain.numbers, plain.dates
    )  # fmt: skip
    assert OF_SPUTNIK.signature == Document("", NEWS, "ru").signature


def test_the_same_news_of_another_agency_is_a_copy() -> None:
    other = Document("", f"АСТАНА. КАЗИНФОРМ – {NEWS}", "ru", published="2026-03-04", outlet="kazinform")
    found = relation(OF_SPUTNIK, other)
    assert found is not None and found.kind == "copy"
    assert relation(replace(OF_SPUTNIK, text=f"{DATELINE}В Нукусе открыли новый мост через канал."), OF_SPUTNIK) is None


def test_an_agency_that_is_quoted_is_no_person() -> None:
    profile = Document("", "Об этом сообщает Sputnik. Асель Сатарова рассказала Tengrinews о суде.", "ru").profile
    assert profile.persons == (("asel", "satarova"),)
