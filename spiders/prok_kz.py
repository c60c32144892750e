"""Prosecutor General's Office of Kazakhstan, on the government's portal. An official source."""

from dataclasses import replace

from acca_crawler.discovery import Listing
from acca_crawler.outlets import Expected
from spiders._generic import GenericSpider


class ProsecutorKazakhstanSpider(GenericSpider):
    """Prosecutor General of Kazakhstan."""

    name = "prok_kz"
    outlet = replace(
        GenericSpider.outlet,
        title="Prosecutor General of Kazakhstan",
        home="https://www.gov.kz/memleket/entities/prokuror/press/news",
        hosts=("www.gov.kz", "gov.kz"),
        countries=("KZ",),
        languages=("ru", "kk"),
        kind="state",
        article_path=r"^/memleket/entities/prokuror/press/news/details/(?P<id>\d+)(?:\?lang=(?P<lang>ru|kk|en))?$",
        identity=("{lang}/{id}", "{id}"),
        keep_query=("lang",),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=20, min_words=20, max_silence_days=14),
        enabled=False,
        note=(
            "State source. To check before switching it on: scripts build its pages, so it needs the portal's JSON "
            "interface or a browser."
        ),
    )
    ways = (Listing(links='a[href*="/news/details/"]'),)
