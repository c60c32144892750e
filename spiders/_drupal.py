"""The Drupal family: core's feed and sitemap addresses and the default markup of its node template."""

from typing import ClassVar

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.discovery import Feed, Listing, Sitemap, Way
from acca_crawler.outlets import Expected, Outlet, Selectors


class DrupalSpider(OutletSpider):
    """Base of every Drupal outlet. Themes rename nearly everything, so it assumes little."""

    family: ClassVar[str] = "drupal"
    ways: tuple[Way, ...] = (
        Feed(("/rss.xml",)),
        Sitemap(("/sitemap.xml",)),
        Listing(links=".view-content h2 a, .view-content h3 a, .views-row a", pages="?page={page}", first_page=1),
    )
    outlet = Outlet(
        title="",
        home="",
        hosts=(),
        countries=(),
        languages=(),
        article_path=r"^/(?:(?P<lang>[a-z]{2})/)?(?!(?:user|search|taxonomy|sites|admin|rss|sitemap)(?:[/.]|$))(?P<slug>[^?]+?)/?$",
        identity=("{path}",),
        verified="family",
        expected=Expected(articles_per_week=10, min_words=40),
        selectors=Selectors(
            scope="article.node--view-mode-full, article[role=article], article.node:has(.field--name-body)",
            body=".field--name-body",
            author=".node__submitted .username",
            tags=".field--name-field-tags a",
        ),
    )
