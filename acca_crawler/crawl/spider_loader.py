"""Scrapy's spider loader, extended by the outlets that an operator declares in acca.toml without code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin, urlsplit

from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from acca_crawler.config.loading import Config, OwnFeed, OwnOutlet
from acca_crawler.crawl.fetching.proxied import PROXY_HANDLERS, needs_handler
from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.discovery import Feed, Listing, Sitemap, Way
from acca_crawler.exceptions import ConfigError, DiscoveryError
from acca_crawler.outlets import Expected, Outlet

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class OutletSpiderLoader(SpiderLoader):
    """Loads `spiders/` and adds one spider for each `[[outlet]]` in acca.toml, based on the family it names."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        config: Config = settings["ACCA_CONFIG"]
        families = _families()
        for own in config.outlet:
            if own.name in self._spiders:
                raise ConfigError(f"{config.file}: outlet.{own.name}: an outlet of this name ships with the project")
            if own.base not in families:
                known = ", ".join(sorted(families))
                raise ConfigError(f"{config.file}: outlet.{own.name}.base: no family {own.base!r}; there are {known}")
            self._spiders[own.name] = own_spider(own, families[own.base])
        for feed in config.feed:
            if feed.name in self._spiders:
                raise ConfigError(f"{config.file}: feed.{feed.name}: there is an outlet of this name")
            self._spiders[feed.name] = feed_spider(feed, families["generic"])
        self._spiders |= _channels(cast("dict[str, type[OutletSpider]]", self._spiders), families["telegram"])
        for name, section in config.outlets.items():
            if name not in self._spiders:
                raise ConfigError(f"{config.file}: outlets.{name}: no outlet of this name")
            spider = cast("type[OutletSpider]", self._spiders[name])
            outlet = spider.outlet.at(section.home) if section.home else spider.outlet
            enabled = outlet.enabled if section.enabled is None else section.enabled
            outlet = _adapted(spider, outlet, f"outlets.{name}.home")
            render = outlet.render if section.render is None else section.render
            outlet = replace(outlet, enabled=enabled, mirrors=(*outlet.mirrors, *section.mirrors), render=render)
            self._spiders[name] = _derived(spider, name, outlet=outlet, **_through(section.proxy))


def own_spider(own: OwnOutlet, family: type[OutletSpider]) -> type[OutletSpider]:
    """Build the spider of an operator's outlet: the family's declaration with the operator's values.

    Raises `ConfigError` if its home has no host.
    """
    host = urlsplit(own.home).hostname
    if not host:
        raise ConfigError(f"outlet.{own.name}.home: {own.home!r} is not an address with a host")
    outlet = replace(
        family.outlet,
        title=own.title or own.name,
        home=own.home,
        hosts=own.hosts or (host,),
        countries=own.countries,
        languages=own.languages,
        article_path=own.article_path or family.outlet.article_path,
        identity=own.identity or family.outlet.identity,
        timezone=own.timezone,
        kind=own.kind,
        mirrors=own.mirrors,
        channel_of=own.channel_of,
        render=own.render,
    )
    if not own.article_path:
        outlet = _adapted(family, outlet, f"outlet.{own.name}.home")
    return _derived(family, own.name, outlet=outlet, ways=own_ways(own) or family.ways, **_through(own.proxy))


def feed_spider(feed: OwnFeed, family: type[OutletSpider]) -> type[OutletSpider]:
    """Build the spider of a feed that the operator follows: all its items on the feed's or the site's hosts."""
    home = urljoin(feed.site or feed.url, "/") if feed.site is None else feed.site
    named = (host for address in (home, feed.url) if (host := urlsplit(address).hostname))
    outlet = replace(
        family.outlet,
        title=feed.title or feed.name,
        home=home,
        hosts=tuple(dict.fromkeys((*named, *feed.hosts))),
        countries=feed.countries,
        languages=feed.languages,
        timezone=feed.timezone,
        kind=feed.kind,
        concerns=feed.concerns,
        article_path=r"^/.",
        identity=("{path}{query}",),
        expected=Expected(min_words=5, max_silence_days=90),
    )
    return _derived(family, feed.name, outlet=outlet, ways=(Feed((feed.url,)),))


def _through(proxy: str | None) -> dict[str, Any]:
    """Return a spider's proxy attributes: another download handler if Scrapy's default does not support the proxy."""
    if not needs_handler(proxy):
        return {"proxy": proxy}
    return {"proxy": proxy, "custom_settings": {"DOWNLOAD_HANDLERS": PROXY_HANDLERS}}


def _adapted(spider: type[OutletSpider], outlet: Outlet, key: str) -> Outlet:
    try:
        return spider.adapted(outlet)
    except DiscoveryError as error:
        raise ConfigError(f"{key}: {error}") from error


def _channels(spiders: Mapping[str, type[OutletSpider]], family: type[OutletSpider]) -> dict[str, type[OutletSpider]]:
    """Return a spider for each Telegram channel that an outlet declares, off until the operator turns it on."""
    found: dict[str, type[OutletSpider]] = {}
    for name, spider in spiders.items():
        site = spider.outlet
        for channel in site.telegram:
            outlet = replace(
                family.outlet,
                title=f"{site.title} on Telegram (@{channel})",
                home=f"https://t.me/s/{channel}",
                hosts=("t.me",),
                countries=site.countries,
                languages=site.languages,
                kind=site.kind,
                timezone=site.timezone,
                concerns=site.concerns,
                channel_of=name,
                enabled=False,
                note=CHANNEL_NOTE,
            )
            own = f"telegram_{channel.lower()}"
            found[own] = _derived(family, own, outlet=family.adapted(outlet))
    return found


CHANNEL_NOTE = "Off: Telegram's terms are said to forbid scraping: the operator decides. To check: the channel's name."


def own_ways(own: OwnOutlet) -> tuple[Way, ...]:
    """Return the ways of discovery that the operator declares; empty means that the family's are used."""
    ways: list[Way] = []
    if own.feeds:
        ways.append(Feed(own.feeds))
    if own.sitemaps:
        ways.append(Sitemap(own.sitemaps))
    if own.listings:
        ways.append(Listing(own.listings, links=own.links or Listing().links, pages=own.pages))
    return tuple(ways)


def _derived(spider: type[OutletSpider], name: str, **attributes: Any) -> type[OutletSpider]:
    return type(f"{spider.__name__}_{name}", (spider,), {"name": name, "__module__": spider.__module__, **attributes})


def _families() -> dict[str, type[OutletSpider]]:
    """Return the families' base spiders by name; they are subclasses that importing `spiders` has defined."""
    return {family.family: family for family in _descendants(OutletSpider) if family.__dict__.get("family")}


def _descendants(base: type[OutletSpider]) -> list[type[OutletSpider]]:
    return [found for child in base.__subclasses__() for found in (child, *_descendants(child))]


def family_outlets(config: Config) -> dict[str, Outlet]:
    """Return the families' declarations by name, without the values of any outlet."""
    OutletSpiderLoader(Settings({"SPIDER_MODULES": ["spiders"], "ACCA_CONFIG": config}))
    return {name: family.outlet for name, family in _families().items()}
