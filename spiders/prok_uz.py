"""Prosecutor General's Office of Uzbekistan. An official source, mostly on Telegram."""

from dataclasses import replace

from acca_crawler.outlets import Expected
from spiders._generic import GenericSpider


class ProsecutorUzbekistanSpider(GenericSpider):
    """Prosecutor General of Uzbekistan."""

    name = "prok_uz"
    outlet = replace(
        GenericSpider.outlet,
        title="Prosecutor General of Uzbekistan",
        home="https://prokuratura.uz/",
        hosts=("prokuratura.uz", "www.prokuratura.uz"),
        countries=("UZ",),
        languages=("uz", "ru"),
        kind="state",
        timezone="Asia/Tashkent",
        expected=Expected(articles_per_week=10, min_words=20, max_silence_days=30),
        enabled=False,
        note=(
            "State source. To check before switching it on: the form of its addresses is unknown, and it may need a "
            "JSON interface or a browser."
        ),
    )
