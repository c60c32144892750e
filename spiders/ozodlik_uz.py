"""Ozodlik: the Uzbek service of RFE/RL, in Uzbek, Latin and Cyrillic."""

from dataclasses import replace

from spiders._pangea import PangeaSpider


class OzodlikUzbekSpider(PangeaSpider):
    """Ozodlik (RFE/RL Uzbek)."""

    name = "ozodlik_uz"
    outlet = replace(
        PangeaSpider.outlet,
        title="Ozodlik (RFE/RL Uzbek)",
        home="https://www.ozodlik.org/",
        hosts=("www.ozodlik.org", "ozodlik.org"),
        countries=("UZ",),
        languages=("uz",),
        timezone="Asia/Tashkent",
    )
