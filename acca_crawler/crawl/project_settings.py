"""Settings module for scrapy.cfg: those of `crawl.settings` plus acca.toml, located as `acca` does."""

from acca_crawler.config.loading import load
from acca_crawler.crawl.settings import *  # noqa: F403
from acca_crawler.crawl.settings import operator_settings

globals().update(operator_settings(load()))
