"""Current Time (Настоящее время): RFE/RL's and VOA's Russian-language network, mostly on Russia."""

from dataclasses import replace

from acca_crawler.outlets import REGION
from spiders._pangea import PangeaSpider


class CurrentTimeSpider(PangeaSpider):
    """Current Time."""

    name = "currenttime"
    outlet = replace(
        PangeaSpider.outlet,
        title="Current Time",
        home="https://www.currenttime.tv/",
        hosts=("www.currenttime.tv", "currenttime.tv"),
        countries=REGION,
        languages=("ru",),
        timezone="Europe/Prague",
        concerns="region",
        note="Fetched: articles whose title, lead or address names the region.",
    )
