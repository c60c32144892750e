"""CABAR.asia: IWPR's analytical site on Central Asia, in six languages; WordPress."""

from dataclasses import replace

from acca_crawler.discovery import Feed, WordPressApi
from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import WordPressSpider


class CabarSpider(WordPressSpider):
    """CABAR.asia."""

    name = "cabar"
    outlet = replace(
        WordPressSpider.outlet,
        title="CABAR.asia",
        home="https://cabar.asia/en",
        hosts=("cabar.asia", "www.cabar.asia"),
        countries=REGION,
        languages=("en", "ru", "ky", "tg", "uz", "kk"),
        article_path=r"^/(?P<lang>en|ru|kg|ky|tj|tg|uz|kz)/(?!(?:category|tag|author|page|feed)(?:/|$))(?P<slug>[^/?]*-[^/?]*)/?$",
        identity=("{lang}/{slug}",),
        expected=Expected(articles_per_week=10, min_words=60, max_silence_days=21),
        note="Slow: the English feed took more than 20 s. /feed is a web page.",
    )
    ways = (
        WordPressApi(),
        Feed(("/en/feed", "/ru/feed"), further="paged={page}"),
        *WordPressSpider.ways[2:],
    )
