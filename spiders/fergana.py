"""Fergana: news agency on Central Asia; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import REGION, Expected
from spiders._generic import GenericSpider


class FerganaSpider(GenericSpider):
    """The same ID is used on five domains; the host's first label names the edition."""

    name = "fergana"
    outlet = replace(
        GenericSpider.outlet,
        title="Fergana",
        home="https://fergana.agency/",
        hosts=("fergana.agency", "fergana.news", "fergana.plus", "fergana.media", "fergana.ru"),
        countries=REGION,
        languages=("ru", "en", "uz"),
        article_path=r"^/(?P<kind>news|articles|photos)/(?P<id>\d+)/?$",
        identity=("{edition}:{kind}/{id}", "{kind}/{id}"),
        timezone="Europe/Moscow",
        expected=Expected(articles_per_week=80, min_words=25, max_silence_days=5),
        note=(
            "Blocked in Kazakhstan (2022) and elsewhere. The archive at fergananews.com has other addresses and is not "
            "crawled."
        ),
    )
    ways = (
        Feed(("/rss/",)),
        Listing(links='a[href*="/news/"], a[href*="/articles/"]'),
    )
