"""Tengrinews: Kazakhstan's largest private news site; its own CMS."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import Expected, Poll
from spiders._generic import GenericSpider


class TengrinewsSpider(GenericSpider):
    """Tengrinews."""

    name = "tengrinews"
    outlet = replace(
        GenericSpider.outlet,
        title="Tengrinews",
        home="https://tengrinews.kz/",
        hosts=("tengrinews.kz", "en.tengrinews.kz", "kaz.tengrinews.kz"),
        countries=("KZ",),
        languages=("ru", "kk", "en"),
        telegram=("tengrinews",),
        article_path=r"^/(?P<section>[a-z_-]+)/(?P<slug>[^/?]+)-(?P<id>\d+)/?$",
        identity=("{edition}:{id}", "{id}"),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=400, min_words=15, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        note=(
            "/rss/ and /rss_news/all.xml no longer work. Listings print relative dates. Of its pages we have seen only "
            "the listing."
        ),
    )
    ways = (
        Feed(("/news.rss",)),
        Listing(
            ("/news/",),
            links=".content_main_item_title a",
            items=".content_main_item",
            times=".content_main_item_meta > span:first-child",
            pages="/news/page/{page}/",
        ),
    )
