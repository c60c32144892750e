"""Dates that a page tells from the day of the visit: read from the time of the capture, never from today's clock."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from acca_crawler.clock import parse_stamp
from acca_crawler.extract import extract, relative_dates
from acca_crawler.extract.relative_dates import relative_date
from acca_crawler.ingest.page import process_page
from acca_crawler.items import Dated, Listed, Page
from acca_crawler.outlets import Outlet, Selectors
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(relative_dates.__file__, "relative_dates.toml")
NOON = "2026-03-15T12:00:00Z"

CAPTURED = "2026-03-14T20:30:00.123Z"
"""In Almaty it is already half past one of the 15th."""

OUTLET = Outlet(
    title="The Valley",
    home="https://valley.example/",
    hosts=("valley.example",),
    countries=("KZ",),
    languages=("ru", "kk", "ky", "uz", "tg", "tk", "en"),
    article_path=r"^/news/(?P<slug>[^/?]+)$",
    timezone="Asia/Almaty",
    selectors=Selectors(published=".when"),
)
URL = "https://valley.example/news/the-road"
PARAGRAPHS = "".join(
    f"<p>Paragraph {number} tells what the people of an invented village said about the road and the water.</p>"
    for number in range(1, 6)
)


def html(header: str) -> str:
    """An article's page with this above its text."""
    return f"<html><title>The road</title><body><article><h1>The road</h1>{header}{PARAGRAPHS}</article></body></html>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_list_has_an_example_that_is_read(language: str) -> None:
    examples = LANGUAGES[language]["examples"]
    assert {text: relative_date(text, parse_stamp(NOON), "UTC") for text in examples} == examples
    for group, lines in LANGUAGES[language].items():
        alone = [line for line in lines if not any(has(line, example) for example in examples)]
        assert group == "examples" or alone == [], group


def has(line: str, example: str) -> bool:
    """Whether an example has a word of the list, after its number if there is one."""
    return re.search(rf"(?:(?<!\w)|(?<=\d))(?:{line})(?!\w)", example, re.IGNORECASE) is not None


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("Сегодня, 01:05", "2026-03-14T20:05:00Z"),
        ("Сегодня", "2026-03-15"),
        ("Вчера в 14:05", "2026-03-14T09:05:00Z"),
        ("2 часа назад", "2026-03-14T18:30:00Z"),
        ("Опубликовано: 2 часа назад", "2026-03-14T18:30:00Z"),
        ("Бүгін, 01:05", "2026-03-14T20:05:00Z"),
        ("2 сағат бұрын", "2026-03-14T18:30:00Z"),
        ("Кече, 14:05", "2026-03-14T09:05:00Z"),
        ("2 саат мурун", "2026-03-14T18:30:00Z"),
        ("2 саат илгери", "2026-03-14T18:30:00Z"),
        ("Bugun, soat 01:05", "2026-03-14T20:05:00Z"),
        ("2 soat oldin", "2026-03-14T18:30:00Z"),
        ("Кеча, 14:05", "2026-03-14T09:05:00Z"),
        ("Имрӯз, соати 01:05", "2026-03-14T20:05:00Z"),
        ("2 соат пеш", "2026-03-14T18:30:00Z"),
        ("Şu gün 01:05", "2026-03-14T20:05:00Z"),
        ("2 sagat mundan öň", "2026-03-14T18:30:00Z"),
        ("an hour ago", "2026-03-14T19:30:00Z"),
        ("Published 3 days ago", "2026-03-12"),
        ("Yesterday at 2:05 pm", "2026-03-14T09:05:00Z"),
        ("10 минут тому назад", "2026-03-14T20:20:00Z"),
        ("Полчаса назад", "2026-03-14T20:00:00Z"),
        ("Бир саат мурун", "2026-03-14T19:30:00Z"),
        ("Неделю назад", "2026-03-08"),
    ],
)
def test_a_relative_date_counts_from_the_capture_in_the_outlets_zone(printed: str, value: str) -> None:
    page = html(f'<div class="when">{printed}</div>')
    assert extract(page, URL, outlet=OUTLET, fetched_at=CAPTURED).published == Dated(value, "relative", "medium")
    assert extract(page, URL, outlet=OUTLET).published is None


def test_an_absolute_date_and_a_machines_date_come_first() -> None:
    absolute = html('<div class="when">14 марта 2026, 12:00</div>')
    assert extract(absolute, URL, outlet=OUTLET, fetched_at=CAPTURED).published == Dated(
        "2026-03-14T07:00:00Z", "selector", "medium"
    )
    machine = html('<time class="when" datetime="2026-03-13T07:00:00Z">вчера</time>')
    assert extract(machine, URL, outlet=OUTLET, fetched_at=CAPTURED).published == Dated(
        "2026-03-13T07:00:00Z", "selector", "high"
    )


@pytest.mark.parametrize(
    ("header", "published"),
    [
        ("<time>2 часа назад</time>", Dated("2026-03-14T18:30:00Z", "relative", "low")),
        ("<time>Вчера</time>", Dated("2026-03-14", "relative", "low")),
        ("<time>Сегодня</time>", None),
        ("<time>Бүгін, 15 наурыз</time>", None),
        ("<time>Сегодня, 23:50</time>", None),
        ("<div class='calendar'>Сегодня</div>", None),
    ],
)
def test_of_an_undeclared_page_only_what_can_be_no_calendar_is_believed(header: str, published: Dated | None) -> None:
    outlet = replace(OUTLET, selectors=Selectors())
    assert extract(html(header), URL, outlet=outlet, fetched_at=CAPTURED).published == published


def test_the_day_of_a_printed_relative_date_stays_evidence() -> None:
    outlet = replace(OUTLET, selectors=Selectors(printed_date=".when"))
    found = extract(html('<div class="when">Вчера</div>'), URL, outlet=outlet, fetched_at=CAPTURED)
    assert (found.published, found.printed_date) == (None, "2026-03-14")


def test_what_a_way_of_discovery_told_beats_a_guess() -> None:
    outlet = replace(OUTLET, selectors=Selectors())
    report = Listed(URL, published="2026-03-14T17:50:00Z", way="feed")
    page = Page(url=URL, html=html("<time>2 часа назад</time>").encode(), listed=report, fetched_at=CAPTURED)
    assert process_page(page, "valley", outlet).extraction.published == Dated("2026-03-14T17:50:00Z", "feed", "medium")
    unlisted = replace(page, listed=None)
    assert process_page(unlisted, "valley", outlet).extraction.published_at == "2026-03-14T18:30:00Z"
