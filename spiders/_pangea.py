"""The Pangea family: the CMS of all services of Radio Free Europe/Radio Liberty (and of Voice of America)."""

from dataclasses import replace
from typing import ClassVar

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.discovery import DatedListing, Feed, FeedCatalogue, Sitemap, Way
from acca_crawler.outlets import BoilerplateRule, Expected, Outlet, Poll, Selectors

ARTICLE_PATH = r"^/(?:a/(?:[^/?]+/)?|amp/(?:[^/?]+/)?)(?P<id>\d{6,9})\.html$"
"""`/a/<slug>/<id>.html`, `/a/<id>.html` and their AMP versions: only the ID identifies the article."""

LATEST = r"_latest\.xml"
"""Part of a Pangea sitemap index that lists the newest articles."""


class PangeaSpider(OutletSpider):
    """Base of every Pangea outlet. Its section feeds change their codes, so they are read from the feed catalogue."""

    family: ClassVar[str] = "pangea"
    ways: tuple[Way, ...] = (
        FeedCatalogue("/rssfeeds", links='a[href*="/api/"]', always=("/api/",)),
        Sitemap(("/sitemap.xml",), parts=LATEST, lists_all=False),
        Feed(("/api/",)),
    )
    archive_ways: ClassVar[tuple[Way, ...]] = (
        Sitemap(("/sitemap.xml",)),
        DatedListing("{year}/{month}/{day}", links='a[href*="/a/"]', first_year=2005, sections='a[href*="/z/"]'),
    )
    outlet = Outlet(
        title="",
        home="",
        hosts=(),
        countries=(),
        languages=(),
        article_path=ARTICLE_PATH,
        identity=("{id}",),
        verified="family",
        shared_hosts=("cloudfront.net",),
        expected=Expected(articles_per_week=150, min_words=25, max_silence_days=3),
        poll=Poll(min_minutes=30, max_minutes=12 * 60),
        selectors=Selectors(
            scope="#content",
            title="h1.pg-title",
            lead=".intro.content-offset",
            body="#article-content .wsw",
            author=".publishing-details .links__item-link",
            categories=".hdr-container .category a",
            published=".publishing-details .published time[datetime]",
            captions="figcaption .caption",
        ),
        boilerplate=(
            BoilerplateRule("pangea-embed", "players, pictures and teasers within the text", css=".wsw__embed"),
            BoilerplateRule("pangea-media", "related pictures and videos", css=".media-block"),
            BoilerplateRule("pangea-also-read", "You may also like", css="#ymla-section"),
            BoilerplateRule("pangea-dateline", "the place above the text", css="#article-content span.dateline"),
            BoilerplateRule("pangea-share", "sharing buttons", css=".share, .share--box, .sticky-share-container"),
            BoilerplateRule(
                "pangea-no-media",
                "what the player says without JavaScript",
                pattern=r"No media source currently available|Auto|\d{3,4}p",
            ),
        ),
    )  # fmt: skip


class PangeaArchiveSpider(PangeaSpider):
    """Base of the services' Russian archives: closed since 2026, still on their old hosts."""

    outlet = replace(
        PangeaSpider.outlet,
        mirrors=("www.azattyqasia.org",),
        languages=("ru",),
        expected=Expected(articles_per_week=0, min_words=25, max_silence_days=36500),
        enabled=False,
        note=(
            "An archive: since 2026 its front page redirects to www.azattyqasia.org, where new articles appear. It is "
            "crawled only when named; its articles keep the addresses of this host. To check: whether /sitemap.xml "
            "still works here."
        ),
    )
    ways = (Sitemap(("/sitemap.xml",)),)
