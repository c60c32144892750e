"""The Russian archive of RFE/RL's Kyrgyz service."""

from dataclasses import replace

from spiders._pangea import PangeaArchiveSpider


class AzattykRussianSpider(PangeaArchiveSpider):
    """Azattyk in Russian (RFE/RL Kyrgyz)."""

    name = "azattyk_ru"
    outlet = replace(
        PangeaArchiveSpider.outlet,
        title="Azattyk in Russian (RFE/RL Kyrgyz)",
        home="https://rus.azattyk.org/",
        hosts=("rus.azattyk.org",),
        countries=("KG",),
        timezone="Asia/Bishkek",
    )
