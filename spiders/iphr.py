"""International Partnership for Human Rights, Brussels; WordPress, formerly pages with dated addresses."""

from dataclasses import replace

from acca_crawler.outlets import REGION, Expected
from spiders._wordpress import WordPressSpider


class IphrSpider(WordPressSpider):
    """International Partnership for Human Rights."""

    name = "iphr"
    outlet = replace(
        WordPressSpider.outlet,
        title="International Partnership for Human Rights",
        home="https://iphronline.org/",
        hosts=("iphronline.org", "www.iphronline.org"),
        countries=REGION,
        languages=("en", "ru"),
        kind="ngo",
        article_path=r"^/(?:(?:ru/)?articles/(?P<slug>[^/?]+)/?|(?P<oldslug>[^/?]+?)(?:-(?P<ymd>\d{8}))?\.html)$",
        identity=("{slug}", "{oldslug}-{ymd}", "{oldslug}"),
        timezone="Europe/Brussels",
        expected=Expected(articles_per_week=2, min_words=60, max_silence_days=45),
        concerns="region",
        note=(
            "Also covers the rest of Eastern Europe. Fetched: articles whose title, lead or address names the region. "
            "Old addresses contain the date."
        ),
    )
