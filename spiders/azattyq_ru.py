"""The Russian archive of RFE/RL's Kazakh service."""

from dataclasses import replace

from spiders._pangea import PangeaArchiveSpider


class AzattyqRussianSpider(PangeaArchiveSpider):
    """Azattyq in Russian (RFE/RL Kazakh)."""

    name = "azattyq_ru"
    outlet = replace(
        PangeaArchiveSpider.outlet,
        title="Azattyq in Russian (RFE/RL Kazakh)",
        home="https://rus.azattyq.org/",
        hosts=("rus.azattyq.org",),
        countries=("KZ",),
        timezone="Asia/Almaty",
    )
