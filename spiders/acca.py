"""acca.media: the Analytical Center for Central Asia, a WordPress with RadiusTheme's Neeon and Review Schema."""

from dataclasses import replace

from acca_crawler.discovery import DatedListing, Feed, Listing, Sitemap, WordPressApi
from acca_crawler.outlets import Expected, Selectors
from spiders._wordpress import SITEMAPS, WordPressSpider


class AccaSpider(WordPressSpider):
    """The slug is the identity: the same article can appear under /en/<slug> and /en/<id>/<slug>."""

    name = "acca"
    outlet = replace(
        WordPressSpider.outlet,
        title="ACCA",
        home="https://acca.media/en/",
        hosts=("acca.media",),
        countries=("KZ", "KG", "TJ", "UZ", "TM"),
        languages=("en", "ru"),
        kind="media",
        article_path=r"^/(?:(?P<lang>[a-z]{2})/)?(?:(?P<id>\d+)/)?(?P<slug>[^/?]+(?:-[^/?-]+){2,})/?$",
        identity=("{lang}/{slug}", "{slug}"),
        vocabulary=(
            "News", "Central Asia", "Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan", "Torture",
            "Torture Kazakhstan", "Torture Kyrgyzstan", "Torture Tajikistan", "Torture Turkmenistan",
            "Torture Uzbekistan", "Censorship", "Extremism", "Prisons", "People cry",
        ),
        expected=Expected(articles_per_week=10, min_words=40, max_silence_days=21),
        verified="family",
        selectors=Selectors(
            scope="div[id^=post-]",
            title="h1.entry-title",
            body="div.entry-content",
            author=".entry-meta .author a, .entry-meta .vcard",
            categories=".entry-categories a",
            tags=".meta-tags a",
            printed_date=".entry-meta .post-date",
            captions="figcaption, .wp-caption-text",
        ),
        note="Russian articles are at the root, without /ru/. The printed date is not the date of publication.",
    )  # fmt: skip
    ways = (
        WordPressApi(),
        Feed(("feed/", "/feed/"), further="paged={page}"),
        Sitemap(SITEMAPS),
        Listing(("", "/ru/"), links="h3.entry-title a", pages="page/{page}/"),
    )
    archive_ways = (
        WordPressApi(),
        Sitemap(SITEMAPS),
        DatedListing("/date/{year}/{month:02}/", links="h3.entry-title a", first_year=2018, pages="page/{page}/"),
    )
