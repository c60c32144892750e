"""Azattyq Asia: RFE/RL's Russian site for the region since 2026, successor of five services' rus.* sites."""

from dataclasses import replace

from acca_crawler.outlets import REGION
from spiders._pangea import PangeaSpider


class AzattyqAsiaSpider(PangeaSpider):
    """Archive addresses on the old hosts redirect here; article IDs are the same across all of them."""

    name = "azattyqasia"
    outlet = replace(
        PangeaSpider.outlet,
        title="Azattyq Asia (RFE/RL)",
        home="https://www.azattyqasia.org/",
        hosts=(
            "www.azattyqasia.org",
            "rus.azattyq.org",
            "rus.azattyk.org",
            "rus.ozodi.org",
            "rus.ozodlik.org",
            "rus.azathabar.com",
        ),
        countries=REGION,
        languages=("ru",),
        timezone="Asia/Almaty",
        note="Reportedly blocked in Kazakhstan. We assume that its articles have Pangea's markup.",
    )
