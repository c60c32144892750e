"""What scrapy.cfg names: the settings of `crawl_settings`, with acca.toml found as `acca` finds it."""

from acca_crawler.config.loading import load
from acca_crawler.crawl.settings import *  # noqa: F403
from acca_crawler.crawl.settings import operator_settings

globals().update(operator_settings(load()))
