"""The pure steps run alike for a crawl, an import and a reprocess."""

from __future__ import annotations

import pytest

from acca_crawler.exceptions import SaysGone
from acca_crawler.ingest.page import process_page
from acca_crawler.items import Page
from acca_crawler.outlets import Outlet

OUTLET = Outlet(
    title="Valley News", home="https://valley.example/", hosts=("valley.example",), languages=("ru", "en"),
    countries=("KG",), article_path=r"^/news/\d+$",
)  # fmt: skip
GONE = "<html><head><title>Страница не найдена</title></head><body><h1>Страница не найдена</h1><p>Вернитесь.</p>"
NEWS = (
    "<html><head><title>В Оше задержан водитель</title></head><body><article><h1>В Оше задержан водитель</h1>"
    "<p>Милиция задержала водителя маршрутки в Оше в понедельник, сообщил его брат нашей редакции.</p></article>"
)


@pytest.mark.parametrize("url", ["https://valley.example/news/1", ""])
def test_a_page_that_says_it_is_gone_is_no_article(url: str) -> None:
    with pytest.raises(SaysGone, match="Страница не найдена"):
        process_page(Page(url, GONE.encode()), "valley", OUTLET)


def test_a_saved_page_of_unknown_origin_goes_by_its_content() -> None:
    article = process_page(Page("", NEWS.encode(), capture_id=7), "valley", OUTLET)
    assert article.identity == article.url == f"urn:sha256:{article.content_sha256}"
    assert (article.addresses, article.capture_id) == ((article.url,), 7)
