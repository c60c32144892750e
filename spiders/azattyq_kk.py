"""Azattyq: the Kazakh service of RFE/RL, in Kazakh."""

from dataclasses import replace

from spiders._pangea import PangeaSpider


class AzattyqKazakhSpider(PangeaSpider):
    """Azattyq (RFE/RL Kazakh)."""

    name = "azattyq_kk"
    outlet = replace(
        PangeaSpider.outlet,
        title="Azattyq (RFE/RL Kazakh)",
        home="https://www.azattyq.org/",
        hosts=("www.azattyq.org", "azattyq.org"),
        countries=("KZ",),
        languages=("kk",),
        timezone="Asia/Almaty",
        note="Blocked in Kazakhstan at times.",
    )
