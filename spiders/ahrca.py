"""Association for Human Rights in Central Asia, Le Mans; Joomla."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import Expected
from spiders._generic import GenericSpider


class AhrcaSpider(GenericSpider):
    """Its pages show today's date in place of the publication date."""

    name = "ahrca"
    outlet = replace(
        GenericSpider.outlet,
        title="Association for Human Rights in Central Asia",
        home="https://ahrca.org/",
        hosts=("ahrca.org", "www.ahrca.org", "ahrca.ru", "ahrca.fr", "ahrca.eu"),
        countries=("UZ",),
        languages=("ru", "en", "fr", "uz"),
        kind="ngo",
        article_path=r"^/(?P<section>[a-z0-9-]+(?:/[a-z0-9-]+)*)/(?P<id>\d+)-(?P<slug>[^/?]+?)(?:\.html)?$",
        identity=("{id}",),
        timezone="Europe/Paris",
        expected=Expected(articles_per_week=2, min_words=30, max_silence_days=90),
        distrusted_dates=("time", "microdata", "selector", "relative"),
        note=(
            "The printed date is today's, so only machine-readable dates are used; without one the date is unknown. "
            "The blog is a separate outlet."
        ),
    )
    ways = (
        Feed(("/?format=feed&type=rss",)),
        Listing(("/", "/uzbekistan"), links="h2 a, h3 a, .item-title a"),
    )
