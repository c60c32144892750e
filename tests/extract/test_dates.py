"""Dates as pages write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acca_crawler.exceptions import OutletError
from acca_crawler.extract import dates, extract
from acca_crawler.items import Dated
from tests.support.neeon import json_ld


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
    got = extract(f"<body>{text}</body>", "https://x.example/news/20240501")
    assert got.published == Dated("2024-05-01", "url", "low")
    assert extract(f"<body>{text}</body>", "https://x.example/a").published is None


def test_contradiction_makes_less_sure() -> None:
    meta = '<meta property="article:published_time" content="2019-04-28T07:00:00Z">'
    ld = json_ld({"@type": "NewsArticle", "datePublished": "2024-04-28T07:00:00Z"})
    got = extract(f"<head>{meta}{ld}</head><body><p>x</p></body>", "https://x.example/a")
    assert got.published == Dated("2024-04-28T07:00:00Z", "json-ld", "medium")


SENTENCE = "<p>A sentence that is long enough to be read as the body of this page, it says.</p>"


def test_a_date_after_the_capture_is_not_believed() -> None:
    meta = '<meta property="article:published_time" content="2062-04-28T07:00:00Z">'
    got = extract(
        f"<head>{meta}</head><body>{SENTENCE}</body>", "https://x.example/a", fetched_at="2026-11-28T10:00:00Z"
    )
    assert got.published is None


@pytest.mark.parametrize("frame", ["footer", "aside", "nav"])
def test_a_day_printed_in_the_pages_frame_is_not_the_articles(frame: str) -> None:
    html = f"<body><article>{SENTENCE}</article><{frame}>© 2003-2024. Сегодня 28.04.2024, курс 87,4</{frame}></body>"
    assert extract(html, "https://x.example/a").published is None


def test_a_list_that_knows_the_time_is_finer_than_a_page_that_knows_the_day() -> None:
    day, time = Dated("2024-04-28", "meta", "high"), Dated("2024-04-28T07:00:00Z", "feed", "medium")
    assert dates.surer(day, time) == time
    assert dates.surer(Dated("2018-12-24", "url", "low"), time) == time
    assert dates.surer(Dated("2024-04-01", "meta", "high"), time) == Dated("2024-04-01", "meta", "high")
    assert dates.surer(Dated("2015-01-01T00:00:00Z", "meta", "high"), time) == replace(time, certainty="low")
    assert dates.surer(None, None) is None


@pytest.mark.parametrize(
    ("markup", "value"),
    [
        ('<meta property="article:published_time" content="2026-11-17T10:00:00 06:00">', "2026-11-17T04:00:00Z"),
        ('<meta property="og:release_date" content="2026-11-17T10%3A00%3A00%2B06%3A00">', "2026-11-17T04:00:00Z"),
        ("<h1>T</h1><time datetime='Invalid Date'>17 ноября 2026, 10:00</time>", "2026-11-17T10:00:00Z"),
        (
            "<h1>T</h1><p>Обновлено: <time datetime='2026-11-20T10:00:00+06:00'>20 ноября</time> "
            "<time datetime='2026-11-17T10:00:00+06:00'>17 ноября</time></p>",
            "2026-11-17T04:00:00Z",
        ),
        ("<abbr class=published title='2026-11-17T10:00:00+06:00'>вчера</abbr>", "2026-11-17T04:00:00Z"),
        ("<span property='dc:date' content='2026-11-17T10:00:00+06:00'>17 ноября</span>", "2026-11-17T04:00:00Z"),
        ("<h1>T</h1><div class=date>Общество / 17 ноября 2026, 10:00</div>", "2026-11-17T10:00:00Z"),
        ("<div class=event-date>Суд 25.11.2026</div><div class=post-date>17.11.2026</div>", "2026-11-17"),
        ("<div class=date>Сайт обновлён 29.11.2026</div>", None),
        ("<div class='date-update'>29.11.2026</div>", None),
        ("<p class=date>17 ноября 2026. <i>Обновлено: 20 ноября 2026</i></p>", "2026-11-17"),
        ("<div itemtype='https://schema.org/Article'><p class=date>Обновлено 20.11.2026</p></div>", "2026-11-20"),
        (
            "<script type='application/ld+json'>{'@type': 'NewsArticle', 'datePublished': '2026-11-17'}</script>",
            "2026-11-17",
        ),
    ],
)
def test_less_usual_ways_to_tell_when_an_article_was_published(markup: str, value: str | None) -> None:
    got = extract(f"<body>{markup}{SENTENCE}</body>", "https://x.example/a", fetched_at="2026-11-30T10:00:00Z")
    assert (got.published.value if got.published else None) == value
