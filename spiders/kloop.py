"""Kloop: independent Kyrgyz newsroom; tagDiv's Newspaper theme, later Elementor."""

from dataclasses import replace

from acca_crawler.outlets import Expected, Selectors
from spiders._wordpress import WordPressSpider


class KloopSpider(WordPressSpider):
    """Kloop."""

    name = "kloop"
    outlet = replace(
        WordPressSpider.outlet,
        title="Kloop",
        home="https://kloop.kg/",
        hosts=("kloop.kg", "kloop.asia", "ky.kloop.asia", "uz.kloop.asia"),
        countries=("KG",),
        languages=("ru", "ky", "uz"),
        article_path=r"^/blog/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{edition}:{y}/{m}/{d}/{slug}", "{y}/{m}/{d}/{slug}"),
        timezone="Asia/Bishkek",
        expected=Expected(articles_per_week=40, min_words=25, max_silence_days=7),
        verified="seen",
        selectors=Selectors(
            title="h1.entry-title, h1.tdb-title-text",
            body=".td-post-content",
            published=(
                ".td-post-header time.entry-date[datetime], .td-post-title time.entry-date[datetime], "
                ".tdb_single_date time.entry-date[datetime]"
            ),
            captions="figcaption, .wp-caption-text",
        ),
        note=(
            "Blocked in Kyrgyzstan since 2023. ky.kloop.asia and uz.kloop.asia are editions. Pages made with Elementor "
            "are read without selectors."
        ),
    )
