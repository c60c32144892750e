"""Radio Free Europe/Radio Liberty's English site: Eastern Europe and Eurasia."""

from dataclasses import replace

from acca_crawler.outlets import REGION
from spiders._pangea import PangeaSpider


class RferlSpider(PangeaSpider):
    """RFE/RL."""

    name = "rferl"
    outlet = replace(
        PangeaSpider.outlet,
        title="RFE/RL",
        home="https://www.rferl.org/",
        hosts=("www.rferl.org", "rferl.org", "pressroom.rferl.org", "about.rferl.org"),
        countries=REGION,
        languages=("en",),
        timezone="Europe/Prague",
        concerns="region",
        note=(
            "Fetched: articles whose title, lead or address names the region. pressroom.rferl.org and other sites "
            "republish its articles."
        ),
    )
