"""Freedom for Eurasia: human rights group, Vienna; WordPress."""

from dataclasses import replace

from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import WordPressSpider


class FreedomForEurasiaSpider(WordPressSpider):
    """Freedom for Eurasia."""

    name = "f4e"
    outlet = replace(
        WordPressSpider.outlet,
        title="Freedom for Eurasia",
        home="https://freedomforeurasia.org/",
        hosts=("freedomforeurasia.org", "www.freedomforeurasia.org"),
        countries=REGION,
        languages=("en", "ru"),
        kind="ngo",
        article_path=r"^/(?:\?p=(?P<id>\d+)$|(?!(?:category|tag|author|page|feed|wp-[a-z]+)(?:/|$))(?P<slug>[^/?]*-[^/?]*-[^/?]*)/?$)",
        identity=("{slug}", "p={id}"),
        keep_query=("p",),
        timezone="Europe/Vienna",
        expected=Expected(articles_per_week=2, min_words=40, max_silence_days=60),
        note=(
            "Short addresses (?p=ID) lead to the same articles as the readable ones: the page's canonical address "
            "decides."
        ),
    )
