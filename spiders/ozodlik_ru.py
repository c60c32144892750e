"""The Russian archive of RFE/RL's Uzbek service."""

from dataclasses import replace

from spiders._pangea import PangeaArchiveSpider


class OzodlikRussianSpider(PangeaArchiveSpider):
    """Ozodlik in Russian (RFE/RL Uzbek)."""

    name = "ozodlik_ru"
    outlet = replace(
        PangeaArchiveSpider.outlet,
        title="Ozodlik in Russian (RFE/RL Uzbek)",
        home="https://rus.ozodlik.org/",
        hosts=("rus.ozodlik.org",),
        countries=("UZ",),
        timezone="Asia/Tashkent",
    )
