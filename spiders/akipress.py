"""AKIpress: Kyrgyz news agency on a family of hosts; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import Expected, Poll
from spiders._generic import GenericSpider


class AkipressSpider(GenericSpider):
    """AKIpress."""

    name = "akipress"
    outlet = replace(
        GenericSpider.outlet,
        title="AKIpress",
        home="https://akipress.com/",
        hosts=("akipress.com", "akipress.org", "www.akipress.org", "kg.akipress.org", "m.akipress.org", "tazabek.kg"),
        countries=("KG",),
        languages=("en", "ru", "ky"),
        article_path=r"^/news:(?P<id>\d+)(?:[:/][^?]*)?/?$",
        identity=("{id}",),
        timezone="Asia/Bishkek",
        expected=Expected(articles_per_week=250, min_words=15, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        note=(
            "kg.akipress.org sends its feed as XML only to feed readers. Of its pages we have seen only the mobile "
            "listing."
        ),
    )
    ways = (
        Feed(("/rss/", "https://kg.akipress.org/rss")),
        Listing(
            ("https://m.akipress.org/",),
            links="#last_news .simple-news-row a.title",
            items="#last_news .simple-news-row",
            times="span",
        ),
    )
