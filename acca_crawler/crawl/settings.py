"""Scrapy settings for `scrapy crawl` and `acca crawl`: the fixed ones, and those taken from acca.toml."""

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

# Each outlet has its own crawler: requests queued in its downloader would still be sent after we give up the outlet.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 1  # a page is one item; Scrapy starts this many tasks for every response
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1  # bytes: fetch the next page only once this one is stored; a kill loses one
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "acca_crawler.crawl.fetching.resolver.PublicResolver"
REDIRECT_MAX_TIMES = 6
METAREFRESH_MAXDELAY = 5  # seconds: an immediate refresh is a redirect, one each minute is a page that reloads
METAREFRESH_IGNORE_TAGS = ["script", "noscript"]
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # jitter could halve the requested Crawl-delay or Retry-After

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
    "acca_crawler.crawl.fetching.unreachable.UnreachableHostMiddleware": 540,
    "acca_crawler.crawl.fetching.middlewares.CaptureMiddleware": 800,
}
SPIDER_CONTRACTS = {"acca_crawler.crawl.contracts.OutletContract": 10}
NOT_LOADED = {
    "scrapy.extensions.remote_control.RemoteControl": None,  # disabled below, its imports would take 0.1 s
}
EXTENSIONS = {"acca_crawler.crawl.extensions.RunExtension": 0, **NOT_LOADED}
ITEM_PIPELINES = {
    "acca_crawler.crawl.pipelines.ProcessPipeline": 100,
    "acca_crawler.crawl.pipelines.ArchivePipeline": 200,
}

LOG_FORMATTER = "acca_crawler.crawl.log_format.ShortLogFormatter"
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the ledger has each failure; standard error is for the summary
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
LOGSTATS_INTERVAL = 0


OWN_HOSTS_SETTING = "ACCA_OWN_HOSTS"
"""Hosts named in acca.toml: these may have private addresses."""


def operator_settings(config: Config) -> dict[str, object]:
    """Return the settings taken from acca.toml."""
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
