"""Akhbor: Tajik exile newsroom; probably WordPress."""

from dataclasses import replace

from acca_crawler.outlets import Expected, Selectors
from spiders._wordpress import WordPressSpider


class AkhborSpider(WordPressSpider):
    """Akhbor."""

    name = "akhbor"
    outlet = replace(
        WordPressSpider.outlet,
        title="Akhbor",
        home="https://akhbor.com/",
        hosts=("akhbor.com",),
        countries=("TJ",),
        languages=("tg", "ru"),
        timezone="Asia/Dushanbe",
        expected=Expected(articles_per_week=30, min_words=20, max_silence_days=14),
        verified="unseen",
        selectors=Selectors(),
        note="Only the feed's address is known, and it timed out in 2026.",
    )
