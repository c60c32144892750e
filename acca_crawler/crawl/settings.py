"""Scrapy's settings for `scrapy crawl` and `acca crawl` alike: what is fixed, and what acca.toml decides."""

from acca_crawler import __version__
from acca_crawler.config.loading import Config, configured_hosts

BOT_NAME = "acca-crawler"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
SPIDER_LOADER_CLASS = "acca_crawler.crawl.spider_loader.OutletSpiderLoader"

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "acca-crawler"
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"

# An outlet has a crawler of its own: what waits in its downloader would still be sent after the outlet is given up.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 1  # a page is one item; Scrapy starts this many tasks for every response
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1  # bytes: the next page is asked for when this one is stored, so that a kill loses one
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "acca_crawler.crawl.fetching.resolver.PublicResolver"
REDIRECT_MAX_TIMES = 6
METAREFRESH_MAXDELAY = 5  # seconds: what forwards at once is no article; what reloads each minute is one
METAREFRESH_IGNORE_TAGS = ["script", "noscript"]
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # half of a Crawl-delay or of a Retry-After would not be what was asked for

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "acca_crawler.crawl.fetching.middlewares.OutletHostsMiddleware": 50,
    "acca_crawler.crawl.fetching.middlewares.BudgetMiddleware": 60,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "acca_crawler.crawl.fetching.robots.RememberedRobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "acca_crawler.crawl.fetching.middlewares.ForwardingMiddleware": 580,
    "acca_crawler.crawl.fetching.middlewares.RetryAfterMiddleware": 550,
    "acca_crawler.crawl.fetching.middlewares.CaptureMiddleware": 800,
}
SPIDER_CONTRACTS = {"acca_crawler.crawl.contracts.OutletContract": 10}
EXTENSIONS = {"acca_crawler.crawl.extensions.RunExtension": 0}
ITEM_PIPELINES = {
    "acca_crawler.crawl.pipelines.ProcessPipeline": 100,
    "acca_crawler.crawl.pipelines.ArchivePipeline": 200,
}

TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOGSTATS_INTERVAL = 0


OWN_HOSTS_SETTING = "ACCA_OWN_HOSTS"
"""Hosts that the operator named by hand: these may have private addresses."""


def operator_settings(config: Config) -> dict[str, object]:
    """What acca.toml decides."""
    crawl = config.crawl
    return {
        "ACCA_CONFIG": config,
        OWN_HOSTS_SETTING: configured_hosts(config),
        "USER_AGENT": f"acca-crawler/{__version__} (+{crawl.contact or 'no contact configured'})",
        "DOWNLOAD_DELAY": crawl.delay,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.largest_page * 1024 * 1024,
        "RETRY_TIMES": crawl.retries,
        "AUTOTHROTTLE_START_DELAY": crawl.delay,
        "LOG_LEVEL": crawl.log_level,
    }
