"""Ways of finding an outlet's articles, as values. Parsers are pure; the fetch function is passed in."""

from acca_crawler.discovery.base import Batch, Fetch, Fetched, StopPolicy, Way
from acca_crawler.discovery.dated_listing import DatedListing
from acca_crawler.discovery.feed import Feed, FeedCatalogue
from acca_crawler.discovery.listing import Listing
from acca_crawler.discovery.sitemap import Sitemap
from acca_crawler.discovery.telegram import TelegramChannel
from acca_crawler.discovery.wordpress_api import WordPressApi

__all__ = [
    "Batch",
    "DatedListing",
    "Feed",
    "FeedCatalogue",
    "Fetch",
    "Fetched",
    "Listing",
    "Sitemap",
    "StopPolicy",
    "TelegramChannel",
    "Way",
    "WordPressApi",
]
