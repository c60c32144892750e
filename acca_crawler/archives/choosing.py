"""Which web archive a name or an address means."""

from __future__ import annotations

from pathlib import Path

from acca_crawler import __version__
from acca_crawler.archives.commoncrawl import CommonCrawl
from acca_crawler.archives.listed_captures import WebArchive
from acca_crawler.archives.local import LocalIndex
from acca_crawler.archives.polite import PoliteClient
from acca_crawler.archives.wayback import Wayback
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import ConfigError


def client_for(config: Config) -> PoliteClient:
    """Return a client with the operator's contact and pauses. Raises `ConfigError` without a contact."""
    if not config.crawl.contact:
        where = config.file or "acca.toml (`acca init` writes one)"
        raise ConfigError(f"{where}: crawl.contact: enter how the archive's owner can reach you")
    return PoliteClient(
        f"acca-crawler/{__version__} (+{config.crawl.contact})",
        delay=config.archives.delay,
        timeout=config.crawl.timeout,
        retries=config.archives.retries,
    )


def archive_named(name: str, config: Config) -> WebArchive:
    """Return the archive: `wayback`, `commoncrawl` (its newest collection), a collection such as `CC-MAIN-2026-05`, or
    the CDXJ index in a file.

    Raises `ConfigError` for any other name.
    """
    settings = config.archives
    if name == "wayback":
        return Wayback(client_for(config), settings.wayback.rstrip("/"))
    if name == "commoncrawl" or name.startswith("CC-MAIN-"):
        collection = "" if name == "commoncrawl" else name
        index, data = settings.commoncrawl_index.rstrip("/"), settings.commoncrawl_data.rstrip("/")
        return CommonCrawl(client_for(config), collection, index, data)
    if Path(name).is_file():
        return LocalIndex(Path(name))
    raise ConfigError(
        f"no web archive {name!r}: wayback, commoncrawl, a collection such as CC-MAIN-2026-05, or a CDXJ index file"
    )
