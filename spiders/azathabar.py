"""Azathabar: the Turkmen service of RFE/RL, in Turkmen; its Russian archive has its own host."""

from dataclasses import replace

from acca_crawler.outlets import Expected
from spiders._pangea import PangeaSpider


class AzathabarSpider(PangeaSpider):
    """Azathabar (RFE/RL Turkmen)."""

    name = "azathabar"
    outlet = replace(
        PangeaSpider.outlet,
        title="Azathabar (RFE/RL Turkmen)",
        home="https://www.azathabar.com/",
        hosts=("www.azathabar.com", "rus.azathabar.com", "azathabar.com"),
        countries=("TM",),
        languages=("tk", "ru"),
        timezone="Asia/Ashgabat",
        expected=Expected(articles_per_week=60, min_words=25, max_silence_days=5),
        note="rus.azathabar.com is an archive: since 2026 its front page redirects to www.azattyqasia.org.",
    )
