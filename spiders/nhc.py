"""The Norwegian Helsinki Committee, Oslo; probably WordPress."""

from dataclasses import replace

from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import WordPressSpider


class NhcSpider(WordPressSpider):
    """Norwegian Helsinki Committee."""

    name = "nhc"
    outlet = replace(
        WordPressSpider.outlet,
        title="Norwegian Helsinki Committee",
        home="https://www.nhc.no/en/",
        hosts=("www.nhc.no", "nhc.no"),
        countries=REGION,
        languages=("en", "no"),
        kind="ngo",
        article_path=r"^/(?:en/)?(?!(?:category|tag|author|page|feed|wp-[a-z]+)(?:/|$))(?P<slug>[a-z0-9-]*-[a-z0-9-]*-[a-z0-9-]*)/?$",
        identity=("{slug}",),
        timezone="Europe/Oslo",
        expected=Expected(articles_per_week=1, min_words=60, max_silence_days=90),
        concerns="region",
        enabled=False,
        note=(
            "To check before switching it on: whether it runs WordPress, and the form of its addresses. Fetched: "
            "articles whose title, lead or address names the region."
        ),
    )
