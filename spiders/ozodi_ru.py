"""The Russian archive of RFE/RL's Tajik service."""

from dataclasses import replace

from spiders._pangea import PangeaArchiveSpider


class OzodiRussianSpider(PangeaArchiveSpider):
    """Ozodi in Russian (RFE/RL Tajik)."""

    name = "ozodi_ru"
    outlet = replace(
        PangeaArchiveSpider.outlet,
        title="Ozodi in Russian (RFE/RL Tajik)",
        home="https://rus.ozodi.org/",
        hosts=("rus.ozodi.org",),
        countries=("TJ",),
        timezone="Asia/Dushanbe",
    )
