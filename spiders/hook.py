"""Hook.report: Uzbek independent magazine; WordPress."""

from dataclasses import replace

from acca_crawler.outlets import Expected
from spiders._wordpress import WordPressSpider


class HookReportSpider(WordPressSpider):
    """Hook.report."""

    name = "hook"
    outlet = replace(
        WordPressSpider.outlet,
        title="Hook.report",
        home="https://hook.report/",
        hosts=("hook.report",),
        countries=("UZ",),
        languages=("ru", "uz"),
        article_path=r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)/?$",
        identity=("{y}/{m}/{slug}",),
        timezone="Asia/Tashkent",
        expected=Expected(articles_per_week=5, min_words=40, max_silence_days=60),
        enabled=False,
        note="To check before switching it on: the form of its addresses (from memory) and its feed.",
    )
