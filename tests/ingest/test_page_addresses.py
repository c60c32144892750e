"""Which canonical addresses are believed."""

from __future__ import annotations

import pytest

from acca_crawler.ingest.page import identifies_as_well
from acca_crawler.outlets import Outlet

OUTLET = Outlet(
    title="The Valley", home="https://valley.example/", hosts=("valley.example",), countries=("KZ",),
    languages=("ru", "en"), article_path=r"^/news/(?P<slug>[^/?]+)$",
)  # fmt: skip
URL = "https://valley.example/news/the-road"


@pytest.mark.parametrize(
    "slug",
    [
        "{{slug}}",
        "%7B%7Bslug%7D%7D",
        "${slug}",
        "[slug]",
        "%5Bslug%5D",
        ":slug",
        "%slug%",
        "undefined",
        "null",
        "<?=$s?>",
    ],
)
def test_what_a_template_left_unfilled_is_no_address(slug: str) -> None:
    assert not identifies_as_well(f"https://valley.example/news/{slug}", URL, OUTLET)


@pytest.mark.parametrize("slug", ["the-road", "%D0%B4%D0%BE%D1%80%D0%BE%D0%B3%D0%B0", "no:road", "null-and-void"])
def test_an_articles_address_is_one(slug: str) -> None:
    assert identifies_as_well(f"https://valley.example/news/{slug}", URL, OUTLET)
