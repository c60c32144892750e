"""Kazakhstan International Bureau for Human Rights and Rule of Law; WordPress."""

from dataclasses import replace

from acca_crawler.outlets import Expected
from spiders._wordpress import WordPressSpider


class KibhrSpider(WordPressSpider):
    """Kazakhstan International Bureau for Human Rights."""

    name = "kibhr"
    outlet = replace(
        WordPressSpider.outlet,
        title="Kazakhstan International Bureau for Human Rights",
        home="https://bureau.kz/",
        hosts=("bureau.kz", "www.bureau.kz"),
        countries=("KZ",),
        languages=("ru", "kk", "en"),
        kind="ngo",
        article_path=r"^/(?:\?(?:[^#]*&)?p=(?P<id>\d+)(?:&[^#]*)?$|(?!(?:category|tag|author|page|feed|wp-[a-z]+)(?:/|$))(?:(?P<lang>en|kz)/)?(?P<section>[a-z_-]+)/(?:[a-z_-]+/)?(?P<slug>[^/?]*[-_][^/?]*)/?$)",
        identity=("{slug}", "p={id}"),
        keep_query=("p",),
        timezone="Asia/Almaty",
        expected=Expected(articles_per_week=10, min_words=30, max_silence_days=21),
        note=(
            "Short addresses (?p=ID) lead to the same articles as the readable ones: the page's canonical address "
            "decides."
        ),
    )
