"""Azattyk: the Kyrgyz service of RFE/RL, in Kyrgyz."""

from dataclasses import replace

from spiders._pangea import PangeaSpider


class AzattykKyrgyzSpider(PangeaSpider):
    """Azattyk (RFE/RL Kyrgyz)."""

    name = "azattyk_ky"
    outlet = replace(
        PangeaSpider.outlet,
        title="Azattyk (RFE/RL Kyrgyz)",
        home="https://www.azattyk.org/",
        hosts=("www.azattyk.org", "azattyk.org"),
        countries=("KG",),
        languages=("ky",),
        timezone="Asia/Bishkek",
    )
