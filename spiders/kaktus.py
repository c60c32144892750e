"""Kaktus.media: Kyrgyz independent newsroom; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Listing, Sitemap
from acca_crawler.outlets import Expected, Poll, Selectors
from spiders._generic import GenericSpider


class KaktusSpider(GenericSpider):
    """Kaktus.media."""

    name = "kaktus"
    outlet = replace(
        GenericSpider.outlet,
        title="Kaktus.media",
        home="https://kaktus.media/",
        hosts=("kaktus.media",),
        countries=("KG",),
        languages=("ru", "ky"),
        telegram=("kaktus_mediakg",),
        article_path=r"^/(?:kg/)?doc/(?P<id>\d+)(?:_[^/?]*\.html)?/?$",
        identity=("{id}",),
        timezone="Asia/Bishkek",
        expected=Expected(articles_per_week=250, min_words=20, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        verified="seen",
        selectors=Selectors(body=".Article--block-content .BbCode p, .Article--block-content > p"),
        note="No feed has been seen. 'mount' is the sitemap's spelling of month.",
    )
    ways = (
        Sitemap(("/other/sitemap.php?sitemap=sitemap.xml&year={year}&mount={month}",), lists_all=False),
        Listing(
            ("/?lable=8&order=time",),
            links="a.ArticleItem--name",
            items=".Tag--article",
            times=".ArticleItem--time",
        ),
    )
