"""The operator's acca.toml as frozen values; every mistake is named with its file and key."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from acca_crawler.config.alerts import AlertRule, AlertsSection, Channel, alert_mistakes
from acca_crawler.config.section import Section
from acca_crawler.config.values import (
    Count,
    CountryCode,
    FilePath,
    Host,
    LanguageCode,
    Line,
    LogLevel,
    Minutes,
    Network,
    Pattern,
    Seconds,
    Selector,
    WebAddress,
    Zone,
    no_flag,
)  # fmt: skip
from acca_crawler.exceptions import ConfigError
from acca_crawler.items import OutletKind

FILE_NAME = "acca.toml"
FILE_VARIABLE = "ACCA_CONFIG"


class ArchiveSection(Section):
    """Where the archive lies, relative to acca.toml."""

    directory: FilePath = Path("archive")


class CrawlSection(Section):
    """How to fetch. Times are seconds, sizes are MiB.

    `outlet_minutes` is how long an outlet may be asked within a run (0: as long as it takes); `page_seconds` and
    `page_memory` are what reading one page may take.
    """

    contact: Line = ""
    delay: Seconds = 1.0
    timeout: Annotated[Seconds, Field(gt=0)] = 60.0
    retries: Annotated[int, BeforeValidator(no_flag), Field(ge=0, le=10)] = 2
    largest_page: Annotated[Count, Field(le=1000)] = 20
    outlets_at_once: Annotated[Count, Field(le=100)] = 8
    outlet_minutes: Minutes = 30.0
    page_seconds: Annotated[Seconds, Field(gt=0)] = 20.0
    page_memory: Count = 1024
    log_level: LogLevel = "WARNING"


class DetectSection(Section):
    """How reports are judged. `lexicon_directory` holds terms of the operator's own, relative to acca.toml."""

    lexicon_directory: FilePath | None = None


class WebSection(Section):
    """How the review pages are served. `url` is the address people use, needed beyond this machine.

    `trusted_proxies` are the addresses whose X-Forwarded-For and X-Forwarded-Proto are believed. Of feeds,
    `feed_withhold` and `feed_text` say how much they tell, as `withhold` and `text` of a channel do.
    """

    url: Annotated[str, Field(pattern=r"^(https?://[^/?#@]+)?$")] = ""
    trusted_proxies: tuple[Network, ...] = ()
    session_hours: Annotated[float, Field(gt=0, le=168)] = 12
    idle_minutes: Annotated[Minutes, Field(gt=0)] = 120
    second_reviewer: bool = False
    feed_withhold: Literal["none", "victims", "all"] = "victims"
    feed_text: Literal["full", "title", "link"] = "full"


Proxy = Annotated[str, Field(pattern=r"^(https?|socks5)://[^/?#\s]+$")]
"""A proxy's address: `http://host:port` or, with the extra `socks`, `https://host:port` and `socks5://host:port`."""


class OutletSection(Section):
    """What the operator changes of an outlet that ships with us.

    `mirrors` are further hosts that carry the same articles under the same paths; `proxy` is asked where origin and
    mirrors block us.
    """

    home: WebAddress | None = None
    enabled: bool | None = None
    mirrors: tuple[Host, ...] = ()
    proxy: Proxy | None = None


class OwnOutlet(Section):
    """An outlet of the operator's own, over one of our families.

    `feeds`, `sitemaps` and `listings` are addresses relative to `home`; where any is given, these are the ways of
    discovery, in this order, instead of the family's. `identity` are format strings over the named groups of
    `article_path`: what makes an article the same under each of its addresses. `links` selects a listing's anchors,
    `pages` is the form of its further pages (`?page={page}`).
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    base: str
    home: WebAddress
    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1)]
    languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    title: str = ""
    hosts: tuple[Host, ...] = ()
    article_path: Pattern = ""
    identity: tuple[str, ...] = ()
    timezone: Zone = "UTC"
    kind: OutletKind = "media"
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    links: Selector = ""
    pages: str = ""
    mirrors: tuple[Host, ...] = ()
    proxy: Proxy | None = None


def outlet_mistakes(outlets: Sequence[OwnOutlet]) -> Iterator[str]:
    """What does not fit together in the operator's own outlets: identities made of groups that no path has."""
    for number, own in enumerate(outlets):
        groups = {"path", "edition", *re.compile(own.article_path).groupindex}
        for form in own.identity:
            try:
                form.format_map(dict.fromkeys(groups, ""))
            except (KeyError, ValueError, IndexError):
                known = ", ".join(f"{{{group}}}" for group in sorted(groups))
                yield f"outlet.{number}.identity: made of {known} only, whole (found: {form!r})"


class Config(Section):
    """All of acca.toml. `file` is where it was read from, None for the defaults."""

    file: Path | None = None
    archive: ArchiveSection = ArchiveSection()
    crawl: CrawlSection = CrawlSection()
    detect: DetectSection = DetectSection()
    web: WebSection = WebSection()
    outlets: dict[str, OutletSection] = Field(default_factory=dict)
    outlet: tuple[OwnOutlet, ...] = ()
    alerts: AlertsSection = AlertsSection()
    channel: tuple[Channel, ...] = ()
    rule: tuple[AlertRule, ...] = ()

    @property
    def base_directory(self) -> Path:
        """The directory that relative paths in acca.toml start from."""
        return self.file.parent if self.file else Path.cwd()

    @property
    def archive_directory(self) -> Path:
        """The directory of the archive."""
        return self.base_directory / self.archive.directory

    @property
    def archive_file(self) -> Path:
        """The archive's SQLite file."""
        return self.archive_directory / "acca.db"

    @property
    def people_file(self) -> Path:
        """The SQLite file of users, sessions and reviews, beside the archive and not in it."""
        return self.archive_directory / "people.db"

    @property
    def warc_directory(self) -> Path:
        """Where the captures lie."""
        return self.archive_directory / "warc"

    @property
    def lexicon_directories(self) -> tuple[Path, ...]:
        """The directories with terms of the operator's own: one, or none."""
        own = self.detect.lexicon_directory
        return (self.base_directory / own,) if own else ()

    @property
    def lock_file(self) -> Path:
        """Lock file of the single writer to the archive."""
        return self.archive_directory / "acca.lock"

    @property
    def sender_lock_file(self) -> Path:
        """Lock file of the single sender of alerts; a crawl may write to the archive meanwhile."""
        return self.archive_directory / "send.lock"


def configured_hosts(config: Config) -> frozenset[str]:
    """The hosts that the operator wrote into acca.toml by hand."""
    homes = [section.home for section in config.outlets.values() if section.home]
    homes += [own.home for own in config.outlet]
    return frozenset(host for home in homes if (host := urlsplit(home).hostname))


def load(path: Path | None = None) -> Config:
    """Read acca.toml: the given file, else $ACCA_CONFIG, else ./acca.toml, else the defaults.

    Raises `ConfigError`: the file is missing, is no TOML, or a key is unknown or has a wrong value.
    """
    chosen = path or _from_environment() or (Path(FILE_NAME) if Path(FILE_NAME).is_file() else None)
    if chosen is None:
        return Config()
    return parse(_read(chosen), chosen.resolve())


def parse(data: dict[str, Any], file: Path) -> Config:
    """The configuration in parsed TOML. Raises `ConfigError`."""
    if "file" in data:
        raise ConfigError(f"{file}: file: unknown key")
    try:
        config = Config(file=file, **data)
    except ValidationError as error:
        raise ConfigError("\n".join(_mistakes(error, file))) from error
    found = [*outlet_mistakes(config.outlet), *alert_mistakes(config.channel, config.rule, config.web.url)]
    mistakes = [f"{file}: {mistake}" for mistake in found]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return config


def _from_environment() -> Path | None:
    value = os.environ.get(FILE_VARIABLE)
    return Path(value) if value else None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: no valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: no valid TOML: too many brackets in each other") from error


MAX_FOUND = 60
"""Characters of a wrong value that a message repeats."""


def _mistakes(error: ValidationError, file: Path) -> list[str]:
    return [f"{file}: {'.'.join(map(str, one['loc']))}: {_mistake(one)}" for one in error.errors()]


def _mistake(one: ErrorDetails) -> str:
    """What is wrong with a value, what is expected, and what was found."""
    if one["type"] == "extra_forbidden":
        return "unknown key"
    if one["type"] == "missing":
        return "missing"
    found = repr(one["input"])
    short = found if len(found) <= MAX_FOUND else f"{found[:MAX_FOUND]}…"
    return f"{one['msg'].removeprefix('Value error, ')} (found: {short})"
