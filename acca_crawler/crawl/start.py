"""Crawls several outlets in one process: one run, one archive, one spider per outlet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf
from time import monotonic
from typing import Any, cast
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader

from acca_crawler.clock import now
from acca_crawler.config.loading import Config
from acca_crawler.crawl.extensions import close_outlet
from acca_crawler.crawl.fetching.resolver import is_private
from acca_crawler.crawl.progress import Ended, Progress
from acca_crawler.crawl.run import CONTEXT_SETTING, CrawlContext, open_crawl
from acca_crawler.crawl.scrapy_process import run_spiders
from acca_crawler.crawl.settings import operator_settings
from acca_crawler.crawl.sharing import Workers
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.exceptions import ConfigError, UnknownOutlet
from storage.ledger.polls import due_since, is_due
from storage.schema.kinds import ArchiveDb


def scrapy_settings(config: Config) -> Settings:
    """Return Scrapy's settings for a configuration, without reading scrapy.cfg."""
    settings = Settings()
    settings.setmodule("acca_crawler.crawl.settings", priority="project")
    settings.setdict(operator_settings(config), priority="project")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="project")  # `operations.logs` has one without secrets
    return settings


def load_outlets(config: Config) -> dict[str, type[OutletSpider]]:
    """Return all spiders by outlet name, including the operator's. Raises `ConfigError`."""
    loader = get_spider_loader(scrapy_settings(config))
    return {name: cast("type[OutletSpider]", loader.load(name)) for name in sorted(loader.list())}


def choose(config: Config, names: Sequence[str]) -> list[type[OutletSpider]]:
    """Return the spiders of these outlets, or all enabled ones. Raises `UnknownOutlet`, `ConfigError`."""
    known = load_outlets(config)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UnknownOutlet(f"no outlet named {', '.join(unknown)}; `acca outlets` lists them all")
    chosen = [known[name] for name in dict.fromkeys(names)] or [s for s in known.values() if s.outlet.enabled]
    _require_contact(config, chosen)
    return chosen


def crawl(
    config: Config,
    names: Sequence[str],
    *,
    since: str | None,
    limit: int | None,
    backfill: bool,
    due: bool = False,
    minutes: float = inf,
    jobs: int | None = None,
    share: Callable[[CrawlContext], Workers] | None = None,
    at_once: int | None = None,
    progress: Progress,
) -> Ended:
    """Crawl the named outlets and return the result; `due` restricts the crawl to outlets that are due.

    `since` is a day; only articles published or changed on it or later are fetched.

    `jobs` is the number of processes that read pages. No outlet starts after `minutes`; those that were left out are
    in `Ended.postponed` and still due. `share` returns the workers that fetch and read the run's articles; `at_once` is
    how many outlets are crawled at the same time, by default crawl.outlets_at_once.

    Raises `UnknownOutlet`, `ConfigError`, `storage.exceptions.ArchiveLocked`, `storage.exceptions.ArchiveError`.
    """
    spiders = choose(config, names)
    arguments = {"outlets": list(names), "since": since, "limit": limit, "backfill": backfill, "due": due}
    options = {"since": since, "limit": str(limit) if limit else None, "backfill": "1" if backfill else None}
    jobs = jobs or reading_processes(config, len(spiders))
    with open_crawl(config, arguments, jobs) as context, progress.follow(context):
        context.deadline = monotonic() + 60 * minutes
        context.workers = share(context) if share else None
        if due:
            spiders = due_of(context.db, spiders)
        _run(config, context, spiders, options, at_once)
        ended = Ended.of(context)
    progress.summarise(ended)
    return ended


def reading_processes(config: Config, outlets: int) -> int:
    """Return how many processes read the pages of a crawl: one for each outlet at once, or two each for a few."""
    return max(1, min(config.crawl.outlets_at_once, 2 * outlets))


def due_of(db: ArchiveDb, spiders: Sequence[type[OutletSpider]]) -> list[type[OutletSpider]]:
    """Return the spiders whose outlets are due, those first that have waited longest."""
    due = [spider for spider in spiders if is_due(db, spider.name, now())]
    return sorted(due, key=lambda spider: due_since(db, spider.name) or "")


def take_census(config: Config, name: str) -> Ended:
    """List everything an outlet offers; fetch no articles. Raises the exceptions of `crawl`."""
    (spider,) = choose(config, [name])
    with open_crawl(config, {"census": name}, reading_processes(config, 1)) as context:
        _run(config, context, [spider], {"census": "1"})
        return Ended.of(context)


def _run(
    config: Config,
    context: CrawlContext,
    spiders: list[type[OutletSpider]],
    options: dict[str, Any],
    at_once: int | None = None,
) -> None:
    if not spiders:
        return
    settings = scrapy_settings(config)
    settings.set(CONTEXT_SETTING, context, priority="cmdline")
    started: list[str] = []

    def may_start(spider: type[Spider]) -> bool:
        if context.minutes_left <= 0:
            return False
        started.append(spider.name)
        return True

    in_turn = ((spider, options) for spider in spiders)
    signals = run_spiders(settings, in_turn, at_once or config.crawl.outlets_at_once, site_of, may_start)
    for name, run in context.outlet_runs.items():
        if name not in context.statuses:  # its spider did not close in time
            close_outlet(run, "shutdown")
    for spider in spiders:
        if signals.received:
            context.statuses.setdefault(spider.name, "killed")
        elif spider.name in started:
            context.statuses.setdefault(spider.name, "failed")
    context.postponed = tuple(spider.name for spider in spiders if spider.name not in context.statuses)


def site_of(spider: type[Spider]) -> str:
    """Return the host and port of an outlet's home: channels of one messenger are outlets of one site."""
    return urlsplit(cast("type[OutletSpider]", spider).outlet.home).netloc.removeprefix("www.")


def _require_contact(config: Config, spiders: list[type[OutletSpider]]) -> None:
    public = [spider.name for spider in spiders if not _is_local(spider.outlet.home)]
    if public and not config.crawl.contact:
        where = config.file or "acca.toml (`acca init` writes one)"
        raise ConfigError(f"{where}: crawl.contact: enter how the owner of a crawled site can reach you")


def _is_local(home: str) -> bool:
    host = urlsplit(home).hostname or ""
    return host == "localhost" or is_private(host)
