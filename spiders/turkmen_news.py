"""Turkmen.news: Turkmen exile newsroom and human rights group; WordPress, one host per language."""

from dataclasses import replace

from acca_crawler.discovery import Feed, WordPressApi
from acca_crawler.outlets import Expected
from spiders._wordpress import WordPressSpider


class TurkmenNewsSpider(WordPressSpider):
    """Turkmen.news."""

    name = "turkmen_news"
    outlet = replace(
        WordPressSpider.outlet,
        title="Turkmen.news",
        home="https://turkmen.news/",
        hosts=("turkmen.news", "en.turkmen.news"),
        countries=("TM",),
        languages=("ru", "en"),
        article_path=r"^/(?!(?:category|tag|author|page|feed|wp-[a-z]+)(?:/|$))(?:(?:news|human-rights|politics|society)/)?(?P<slug>[^/?]*-[^/?]*-[^/?]*)/?$",
        identity=("{edition}:{slug}", "{slug}"),
        timezone="Asia/Ashgabat",
        expected=Expected(articles_per_week=15, min_words=30, max_silence_days=14),
        note="REST interface and sitemap are those of the Russian host; the English edition comes through its feed.",
    )
    ways = (
        WordPressApi(),
        Feed(("/feed/", "https://en.turkmen.news/feed/"), further="paged={page}"),
        *WordPressSpider.ways[2:],
    )
