"""The Times of Central Asia: Bishkek, in English; WordPress, formerly Joomla."""

from dataclasses import replace

from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import WordPressSpider


class TimescaSpider(WordPressSpider):
    """The Times of Central Asia."""

    name = "timesca"
    outlet = replace(
        WordPressSpider.outlet,
        title="The Times of Central Asia",
        home="https://timesca.com/",
        hosts=("timesca.com", "www.timesca.com"),
        countries=REGION,
        languages=("en",),
        article_path=r"^/(?!(?:category|tag|author|page|feed|wp-[a-z]+)(?:/|$))(?:index\.php/news/(?P<old_id>\d+)-)?(?P<slug>[^/?]*-[^/?]*-[^/?]*)/?$",
        identity=("{slug}",),
        expected=Expected(articles_per_week=50, min_words=40, max_silence_days=5),
        note="Old addresses are Joomla's: /index.php/news/<id>-<slug>.",
    )
