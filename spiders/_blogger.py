"""The Blogger family: one Atom feed, monthly address folders, and the default markup of its layouts."""

from typing import ClassVar

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.discovery import Feed, Sitemap, Way
from acca_crawler.outlets import BoilerplateRule, Expected, Outlet, Poll, Selectors

COUNTRY_DOMAINS = ("ru", "fr", "de", "se", "kz", "co.uk", "com.tr", "be", "nl", "ch", "ca", "it", "cz", "no", "fi")
"""Country domains under which Blogger served the same blog until 2018; old links still use them."""


def country_twins(blog: str) -> tuple[str, ...]:
    """Return the other hosts under which a blog's articles are linked."""
    return tuple(f"{blog}.blogspot.{domain}" for domain in COUNTRY_DOMAINS)


class BloggerSpider(OutletSpider):
    """Base of every Blogger blog. The path is the identity, on every country domain."""

    family: ClassVar[str] = "blogger"
    ways: tuple[Way, ...] = (
        Feed(("/feeds/posts/default",), further="start-index={start}"),
        Sitemap(("/sitemap.xml",)),
    )
    outlet = Outlet(
        title="",
        home="",
        hosts=(),
        countries=(),
        languages=(),
        article_path=r"^/(?P<y>\d{4})/(?P<m>\d\d)/(?P<slug>[^/?]+)\.html(?:\?m=[01])?$",
        identity=("{y}/{m}/{slug}",),
        verified="family",
        expected=Expected(articles_per_week=1, min_words=20, max_silence_days=180),
        poll=Poll(min_minutes=6 * 60, max_minutes=7 * 24 * 60),
        selectors=Selectors(
            scope=".post.hentry, .post-outer .post, .post",
            title=".post-title",
            body=".post-body",
            author=".post-author .fn",
            tags=".post-labels a",
            published="abbr.published, time.published",
        ),
        boilerplate=(BoilerplateRule("blogger-footer", "labels, sharing and the date line", css=".post-footer"),),
    )
