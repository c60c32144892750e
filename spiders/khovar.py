"""Khovar: Tajikistan's state news agency. An official source: it gives the state's account."""

from dataclasses import replace

from acca_crawler.discovery import Feed, WordPressApi
from acca_crawler.outlets import Expected
from spiders._wordpress import WordPressSpider


class KhovarSpider(WordPressSpider):
    """Khovar."""

    name = "khovar"
    outlet = replace(
        WordPressSpider.outlet,
        title="Khovar",
        home="https://khovar.tj/",
        hosts=("khovar.tj", "eng.khovar.tj", "rus.khovar.tj"),
        countries=("TJ",),
        languages=("tg", "ru", "en"),
        kind="state",
        article_path=r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{edition}:{y}/{m}/{slug}", "{y}/{m}/{slug}"),
        timezone="Asia/Dushanbe",
        expected=Expected(articles_per_week=150, min_words=20, max_silence_days=5),
        note="State source. Only the feed of khovar.tj is known to work.",
    )
    ways = (
        WordPressApi(),
        Feed(("/rss/", "https://rus.khovar.tj/feed/", "https://eng.khovar.tj/feed/"), further="paged={page}"),
        *WordPressSpider.ways[2:],
    )
