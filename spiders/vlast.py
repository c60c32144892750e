"""Vlast.kz: Kazakh independent magazine; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import Expected, Selectors
from spiders._generic import GenericSpider


class VlastSpider(GenericSpider):
    """Vlast.kz."""

    name = "vlast"
    outlet = replace(
        GenericSpider.outlet,
        title="Vlast.kz",
        home="https://vlast.kz/",
        hosts=("vlast.kz", "www.vlast.kz"),
        countries=("KZ",),
        languages=("ru", "kk", "en"),
        article_path=r"^/(?P<section>[a-z0-9_-]+)/(?P<id>\d+)-(?P<slug>[^/?]+?)(?:\.html)?$",
        identity=("{id}",),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=80, min_words=25, max_silence_days=5),
        verified="seen",
        selectors=Selectors(
            title="li.has-title > h1",
            body=".js-mediator-article p",
            published="ul.meta time",
        ),
        note="/rss is 404 and /feed/ has not been seen to work: the listing comes first.",
    )
    ways = (
        Listing(("/novosti/",), links="a.news-inline-item-title", pages="/novosti/{page}/"),
        Feed(("/feed/",)),
    )
