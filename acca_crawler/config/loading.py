"""Loads the operator's acca.toml as frozen values; reports every mistake with its file and key."""

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
from acca_crawler.config.assist import OpinionSection, TranslationSection, assist_mistakes
from acca_crawler.config.evidence import EvidenceSection
from acca_crawler.config.operations import OperationsSection, operations_mistakes
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
from acca_crawler.items import LANGUAGES, OutletKind, ShownText, Withhold
from acca_crawler.outlets import REGION, Render

FILE_NAME = "acca.toml"
FILE_VARIABLE = "ACCA_CONFIG"


class ArchiveSection(Section):
    """Location of the archive, relative to acca.toml."""

    directory: FilePath = Path("archive")


class CrawlSection(Section):
    """Fetch settings. Times are in seconds, sizes in MiB.

    `outlet_minutes` limits the time spent on an outlet per run (0: no limit); `page_seconds` (of CPU
    time) and `page_memory` limit the extraction of one page.
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


class ArchivesSection(Section):
    """Web archives: their addresses, the pause between two requests (seconds), and tries after a busy answer."""

    wayback: WebAddress = "https://web.archive.org"
    commoncrawl_index: WebAddress = "https://index.commoncrawl.org"
    commoncrawl_data: WebAddress = "https://data.commoncrawl.org"
    delay: Seconds = 2.0
    retries: Annotated[int, BeforeValidator(no_flag), Field(ge=0, le=10)] = 5


class DetectSection(Section):
    """Detection settings. `lexicon_directory` contains the operator's own terms, relative to acca.toml."""

    lexicon_directory: FilePath | None = None


class WebSection(Section):
    """Settings of the review pages. `url` is the URL that people use, required for access from other machines.

    `trusted_proxies` are the addresses whose X-Forwarded-For and X-Forwarded-Proto are trusted. `feed_withhold` and
    `feed_text` redact feeds as `withhold` and `text` redact a channel.
    """

    url: Annotated[str, Field(pattern=r"^(https?://[^/?#@]+)?$")] = ""
    trusted_proxies: tuple[Network, ...] = ()
    session_hours: Annotated[float, Field(gt=0, le=168)] = 12
    idle_minutes: Annotated[Minutes, Field(gt=0)] = 120
    second_reviewer: bool = False
    feed_withhold: Withhold = "victims"
    feed_text: ShownText = "full"


Proxy = Annotated[str, Field(pattern=r"^(https?|socks5)://[^/?#\s]+$")]
"""A proxy URL: `http://host:port` or, with the extra `socks`, `https://host:port` and `socks5://host:port`."""


class OutletSection(Section):
    """The operator's overrides for a built-in outlet.

    `mirrors` are further hosts that serve the same articles under the same paths; `proxy` is used if origin and mirrors
    block us. `render = "browser"` is for articles that only scripts put together.
    """

    home: WebAddress | None = None
    enabled: bool | None = None
    mirrors: tuple[Host, ...] = ()
    proxy: Proxy | None = None
    render: Render | None = None


class OwnOutlet(Section):
    """An outlet defined by the operator, based on one of our families.

    `feeds`, `sitemaps` and `listings` are URLs relative to `home`; if any is given, they replace the family's ways of
    discovery, in this order. `identity` are format strings over the named groups of `article_path` that identify an
    article across its URLs. `links` selects a listing's links, `pages` is the format of its further pages
    (`?page={page}`). `channel_of` is the outlet whose Telegram channel this is. `render = "browser"`
    is for articles that only scripts put together.
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
    channel_of: str = ""
    render: Render = ""


class OwnFeed(Section):
    """An RSS or Atom feed to follow, with the generic family behind it.

    `site` is the address of the site that the feed's items lead to, by default the feed's own; `hosts` are further
    hosts of its articles. With `concerns = "region"` only what names the region is fetched.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    url: WebAddress
    site: WebAddress | None = None
    hosts: tuple[Host, ...] = ()
    title: Line = ""
    countries: tuple[CountryCode, ...] = REGION
    languages: tuple[LanguageCode, ...] = LANGUAGES
    timezone: Zone = "UTC"
    kind: OutletKind = "media"
    concerns: Literal["all", "region"] = "all"


def outlet_mistakes(outlets: Sequence[OwnOutlet]) -> Iterator[str]:
    """Yield mistakes in the operator's own outlets: identities that use groups missing from `article_path`."""
    for own in outlets:
        groups = {"path", "edition", *re.compile(own.article_path).groupindex}
        for form in own.identity:
            try:
                form.format_map(dict.fromkeys(groups, ""))
            except (KeyError, ValueError, IndexError):
                known = ", ".join(f"{{{group}}}" for group in sorted(groups))
                yield f"outlet.{own.name}.identity: made of {known} only, whole (found: {form!r})"


class Config(Section):
    """The whole acca.toml. `file` is the file it was read from, None for the defaults."""

    file: Path | None = None
    archive: ArchiveSection = ArchiveSection()
    crawl: CrawlSection = CrawlSection()
    archives: ArchivesSection = ArchivesSection()
    detect: DetectSection = DetectSection()
    web: WebSection = WebSection()
    evidence: EvidenceSection = EvidenceSection()
    translation: TranslationSection = TranslationSection()
    opinion: OpinionSection = OpinionSection()
    outlets: dict[str, OutletSection] = Field(default_factory=dict)
    outlet: tuple[OwnOutlet, ...] = ()
    feed: tuple[OwnFeed, ...] = ()
    alerts: AlertsSection = AlertsSection()
    channel: tuple[Channel, ...] = ()
    rule: tuple[AlertRule, ...] = ()
    operations: OperationsSection = OperationsSection()

    @property
    def base_directory(self) -> Path:
        """Return the directory to which paths in acca.toml are relative."""
        return self.file.parent if self.file else Path.cwd()

    @property
    def archive_directory(self) -> Path:
        """Return the directory of the archive."""
        return self.base_directory / self.archive.directory

    @property
    def archive_file(self) -> Path:
        """Return the archive's SQLite file."""
        return self.archive_directory / "acca.db"

    @property
    def people_file(self) -> Path:
        """Return the SQLite file of users, sessions and reviews, which is separate from the archive."""
        return self.archive_directory / "people.db"

    @property
    def warc_directory(self) -> Path:
        """Return the directory of the captures."""
        return self.archive_directory / "warc"

    @property
    def lexicon_directories(self) -> tuple[Path, ...]:
        """Return the directories with the operator's own terms: one or none."""
        own = self.detect.lexicon_directory
        return (self.base_directory / own,) if own else ()

    @property
    def lock_file(self) -> Path:
        """Lock file of the single writer to the archive."""
        return self.archive_directory / "acca.lock"

    @property
    def elsewhere_lock_file(self) -> Path:
        """Lock file of the process that asks other archives for copies."""
        return self.archive_directory / "elsewhere.lock"

    @property
    def sender_lock_file(self) -> Path:
        """Lock file of the single sender of alerts; a crawl may write to the archive at the same time."""
        return self.archive_directory / "send.lock"


def configured_hosts(config: Config) -> frozenset[str]:
    """Return the hosts that the operator configured in acca.toml."""
    homes = [section.home for section in config.outlets.values() if section.home]
    homes += [own.home for own in config.outlet]
    homes += [address for own in config.feed for address in (own.url, own.site) if address]
    mirrors = [section.mirrors for section in config.outlets.values()] + [own.mirrors for own in config.outlet]
    homes += [f"//{mirror}" for several in mirrors for mirror in several]
    return frozenset(host for home in homes if (host := urlsplit(home).hostname))


def load(path: Path | None = None) -> Config:
    """Read acca.toml: the given file, else $ACCA_CONFIG, else ./acca.toml, else the defaults.

    Raises `ConfigError` if the file is missing or not TOML, or a key is unknown or has an invalid value.
    """
    chosen = path or _from_environment() or (Path(FILE_NAME) if Path(FILE_NAME).is_file() else None)
    if chosen is None:
        return Config()
    return parse(_read(chosen), chosen.resolve())


def parse(data: dict[str, Any], file: Path) -> Config:
    """Validate parsed TOML and return the configuration. Raises `ConfigError`."""
    if "file" in data:
        raise ConfigError(f"{file}: file: unknown key")
    try:
        config = Config(file=file, **data)
    except ValidationError as error:
        raise ConfigError("\n".join(_mistakes(error, data, file))) from error
    found = [*outlet_mistakes(config.outlet), *alert_mistakes(config.channel, config.rule, config.web.url)]
    found += operations_mistakes(config.operations, config.channel)
    found += assist_mistakes(config.translation, config.opinion)
    mistakes = [f"{file}: {mistake}" for mistake in found]
    if mistakes:
        raise ConfigError("\n".join(mistakes))
    return config


def parse_text(text: str, file: Path) -> Config:
    """Validate an acca.toml that is not written yet. Raises `ConfigError`."""
    return parse(_toml(text, file), file)


def _from_environment() -> Path | None:
    value = os.environ.get(FILE_VARIABLE)
    return Path(value) if value else None


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    return _toml(text, path)


def _toml(text: str, file: Path) -> dict[str, Any]:
    try:
        text.encode()  # TOML is UTF-8; later checks do not expect half a character
        return tomllib.loads(text)
    except ValueError as error:  # also for a number of thousands of digits
        raise ConfigError(f"{file}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{file}: not valid TOML: brackets are nested too deeply") from error


MAX_FOUND = 60
"""Maximum characters of an invalid value quoted in a message."""


def _mistakes(error: ValidationError, data: dict[str, Any], file: Path) -> list[str]:
    return [f"{file}: {'.'.join(_steps(one['loc'], data))}: {_mistake(one)}" for one in error.errors()]


def _steps(place: Sequence[int | str], data: object) -> Iterator[str]:
    """Yield the parts of a key: of several tables, such as [[outlet]], the name of the table, or its number from 1."""
    for part in place:
        said = str(part)
        if isinstance(data, dict):
            data = data.get(part, data)  # not a key: the kind of a channel, which pydantic puts between
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part]
            if isinstance(data, dict):
                name = data.get("name")
                said = name if isinstance(name, str) and name.isprintable() else f"#{part + 1}"
        yield said


def _mistake(one: ErrorDetails) -> str:
    """Describe an invalid value: what is wrong, what is expected, and what was found."""
    if one["type"] == "extra_forbidden":
        return "unknown key"
    if one["type"] == "missing":
        return "missing"
    found = repr(one["input"])
    short = found if len(found) <= MAX_FOUND else f"{found[:MAX_FOUND]}…"
    expected = "a list, in brackets" if one["type"] == "tuple_type" else one["msg"].removeprefix("Value error, ")
    return f"{expected} (found: {short})"
