"""What scrapy.cfg names: the settings of `crawl_settings`, with acca.toml found as `acca` finds it."""

from acca_crawler.config import load
from acca_crawler.crawl_settings import *  # noqa: F403
from acca_crawler.crawl_settings import operator_settings

globals().update(operator_settings(load()))
