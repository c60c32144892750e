"""Chronicles of Turkmenistan: the Turkmen Initiative for Human Rights, Vienna; WordPress."""

from dataclasses import replace

from acca_crawler.discovery import Feed, WordPressApi
from acca_crawler.outlets import Expected
from spiders._wordpress import WordPressSpider


class HronikaTmSpider(WordPressSpider):
    """Chronicles of Turkmenistan."""

    name = "hronikatm"
    outlet = replace(
        WordPressSpider.outlet,
        title="Chronicles of Turkmenistan",
        home="https://www.hronikatm.com/",
        hosts=("www.hronikatm.com", "en.hronikatm.com", "tm.hronikatm.com", "hronikatm.com"),
        mirrors=("chrono-tm.org", "www.chrono-tm.org"),
        countries=("TM",),
        languages=("ru", "en", "tk"),
        article_path=r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{edition}:{y}/{m}/{slug}", "{y}/{m}/{slug}"),
        timezone="Asia/Ashgabat",
        expected=Expected(articles_per_week=20, min_words=25, max_silence_days=14),
        note=(
            "chrono-tm.org is its old host. The REST interface of the Russian host is used; English and Turkmen "
            "articles come through feeds."
        ),
    )
    ways = (
        WordPressApi(),
        Feed(("/feed/", "https://en.hronikatm.com/feed/", "https://tm.hronikatm.com/feed/"), further="paged={page}"),
        *WordPressSpider.ways[2:],
    )
