"""Ozodi: the Tajik service of RFE/RL, in Tajik."""

from dataclasses import replace

from spiders._pangea import PangeaSpider


class OzodiTajikSpider(PangeaSpider):
    """Ozodi (RFE/RL Tajik)."""

    name = "ozodi_tg"
    outlet = replace(
        PangeaSpider.outlet,
        title="Ozodi (RFE/RL Tajik)",
        home="https://www.ozodi.org/",
        hosts=("www.ozodi.org", "ozodi.org", "ozodi.mobi"),
        countries=("TJ",),
        languages=("tg",),
        timezone="Asia/Dushanbe",
        note="One of the feeds of its sections has no items: a feed counts only if it has some.",
    )
