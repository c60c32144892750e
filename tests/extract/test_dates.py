"""Dates as pages write them."""

from __future__ import annotations

import pytest

from acca_crawler.exceptions import OutletError
from acca_crawler.extract import dates, extract
from acca_crawler.items import Dated
from tests.support.neeon import json_ld


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2024-04-28 07:00:00Z", "2024-04-28T07:00:00Z"),
        ("2024-04-28T03:00:00-04:00", "2024-04-28T07:00:00Z"),
        ("2024-04-28T03:00:00.120+0500", "2024-04-27T22:00:00Z"),
        ("20240428", "2024-04-28"),
        ("Sun, 28 Apr 2024 07:00:00 GMT", "2024-04-28T07:00:00Z"),
        ("20.08.2022", "2022-08-20"),
        ("April 28, 2024", "2024-04-28"),
        ("28 апреля 2024", "2024-04-28"),
        ("Опубликовано 3 мая 2024", "2024-05-03"),
        ("28 сәуір 2024", "2024-04-28"),
        ("28-апрель, 2024", "2024-04-28"),
        ("28 aprel 2024", "2024-04-28"),
        ("28 январи 2024", "2024-01-28"),
        ("28 ýanwar 2024", "2024-01-28"),
        ("2024-04-28T99:00:00Z", "2024-04-28"),
    ],
)
def test_written_forms(written: str, value: str) -> None:
    moment = dates.read(written)
    assert moment is not None
    assert moment.value == value


@pytest.mark.parametrize(
    "written", ["", None, "Сегодня", "2 days ago", "вчера в 15:30", "2024", "1714287600", "32.13.2024"]
)
def test_what_is_no_date_is_none(written: str | None) -> None:
    assert dates.read(written) is None


def test_time_without_zone_is_the_outlets_or_less_sure() -> None:
    assert dates.dated("2024-04-28T07:00:00", "meta", "high", "Asia/Almaty") == Dated(
        "2024-04-28T02:00:00Z", "meta", "high"
    )
    assert dates.dated("2024-04-28T07:00:00", "meta", "high") == Dated("2024-04-28T07:00:00Z", "meta", "medium")
    with pytest.raises(OutletError, match="Nowhere"):
        dates.dated("2024-04-28T07:00:00", "meta", "high", "Asia/Nowhere")


def test_sources_in_order_of_certainty() -> None:
    meta = '<meta property="article:published_time" content="2024-04-28T07:00:00Z">'
    time = '<time datetime="2024-05-02" pubdate>2 May</time>'
    text = "<p>A sentence that is long enough to be read as the body of this page, it says.</p>"
    got = extract(f"<head>{meta}</head><body>{time}{text}</body>", "https://x.example/2024/05/01/a")
    assert got.published == Dated("2024-04-28T07:00:00Z", "meta", "high")
    got = extract(f"<body>{time}{text}</body>", "https://x.example/2024/05/01/a")
    assert got.published == Dated("2024-05-02", "time", "medium")
    got = extract(f"<body>{text}</body>", "https://x.example/2024/05/01/a")
    assert got.published == Dated("2024-05-01", "url", "medium")
    assert extract(f"<body>{text}</body>", "https://x.example/a").published is None


def test_contradiction_makes_less_sure() -> None:
    meta = '<meta property="article:published_time" content="2019-04-28T07:00:00Z">'
    ld = json_ld({"@type": "NewsArticle", "datePublished": "2024-04-28T07:00:00Z"})
    got = extract(f"<head>{meta}{ld}</head><body><p>x</p></body>", "https://x.example/a")
    assert got.published == Dated("2024-04-28T07:00:00Z", "json-ld", "medium")
