"""Logging: lines or JSON on standard error, and a rotated JSON file with the records of every run; no secrets."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from acca_crawler.alerts.secrets import SecretScrubber, read_secret
from acca_crawler.clock import precise_stamp
from acca_crawler.config.loading import Config
from acca_crawler.exceptions import SecretMissing

LogFormat = Literal["text", "json"]

FILE_NAME = "acca.jsonl"
FILE_BYTES, FILES_KEPT = 10_000_000, 9
"""Size at which a log file is rotated, and how many rotated ones are kept: 100 MB in all."""

IN_THE_LEDGER = frozenset({"scrapy.downloadermiddlewares.robotstxt"})
"""Loggers of failures that the ledger counts: on standard error only with `crawl.log_level` INFO or DEBUG."""

MIN_TOKEN = 8
"""Shortest part of a URL's path that is treated as a token."""


def log_directory(config: Config) -> Path:
    """Return the directory of the log files, beside the archive's databases."""
    return config.archive_directory / "logs"


def set_up(config: Config, form: LogFormat) -> None:
    """Send log records of at least `crawl.log_level` to standard error. May be called again."""
    handler = _StderrHandler(config.crawl.log_level)
    handler.setFormatter(_formatter(form, SecretScrubber.of(secrets_of(config))))
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one, _StderrHandler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(min(handler.level, logging.WARNING))


@contextmanager
def run_log(config: Config, run_id: int) -> Iterator[None]:
    """Write the records of a run (from INFO) to the log file while the block runs; only the archive's writer may."""
    directory = log_directory(config)
    directory.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(directory / FILE_NAME, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
    handler.setLevel(logging.INFO)
    handler.setFormatter(_JsonFormatter(SecretScrubber.of(secrets_of(config)), run_id))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(min(before or logging.WARNING, logging.INFO))
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        handler.close()


def records_of(config: Config, run_id: int) -> Iterator[dict[str, Any]]:
    """Yield the records of a run from the log files, oldest first. A line that is cut off is left out."""
    directory = log_directory(config)
    names = [*(f"{FILE_NAME}.{number}" for number in range(FILES_KEPT, 0, -1)), FILE_NAME]
    for path in (directory / name for name in names):
        if not path.is_file():
            continue
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                if isinstance(record, dict) and record.get("run") == run_id:
                    yield record


def secrets_of(config: Config) -> list[str]:
    """Return every secret that the configuration names: passwords, tokens, and the URLs that contain them."""
    found: list[str] = []
    for channel in config.channel:
        found += _channel_secrets(config, channel)
    section = config.operations
    found.append(_read(config, section.metrics_token_env, section.metrics_token_file))
    found += [_read(config, service.key_env, service.key_file) for service in (config.translation, config.opinion)]
    found += _read(config, config.evidence.wayback_key_env, None).split(":")
    urls = [section.ping_url, *(own.proxy for own in config.outlet), *(one.proxy for one in config.outlets.values())]
    urls += [config.translation.url, config.opinion.url]
    urls += [getattr(channel, "url", None) for channel in config.channel if channel.kind == "webhook"]
    return [*found, *(part for url in urls if url for part in secret_parts(url))]


def _channel_secrets(config: Config, channel: Any) -> Iterator[str]:
    for name in ("password", "secret", "urls"):
        value = _read(config, getattr(channel, f"{name}_env", ""), getattr(channel, f"{name}_file", None))
        if name == "urls":
            yield from (part for url in value.split() for part in secret_parts(url))
        else:
            yield value


def _read(config: Config, variable: str, file: Path | None) -> str:
    try:
        return read_secret("log", variable, file, config.base_directory)
    except SecretMissing:
        return ""


def secret_parts(url: str) -> list[str]:
    """Return the parts of a URL that may be secret: credentials, long path segments, query values, and the whole."""
    try:
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if len(segment) >= MIN_TOKEN]
        values = [value for _, value in parse_qsl(parts.query)]
        found = [parts.password or "", *segments, *values]
        own = parts.scheme not in ("http", "https", "socks5")  # of a messenger: its token may be in the host's place
        if segments or values or parts.password or own:
            found += [url, parts.username or ""]
        if own:
            found += [part for part in re.split("[@:]", parts.netloc) if "." not in part]
        return [unquote(part) for part in found if part]
    except ValueError:
        return [url]


class _StderrHandler(logging.StreamHandler[Any]):
    """Writes to whatever `sys.stderr` is at the time."""

    def __init__(self, level: str) -> None:
        logging.Handler.__init__(self, level)
        if self.level > logging.INFO:
            self.addFilter(lambda record: record.name not in IN_THE_LEDGER)

    @property
    def stream(self) -> IO[str]:
        """The present standard error."""
        return sys.stderr

    @stream.setter
    def stream(self, _: IO[str]) -> None:
        """Ignored."""


def _formatter(form: LogFormat, scrubber: SecretScrubber) -> logging.Formatter:
    return _JsonFormatter(scrubber) if form == "json" else _TextFormatter(scrubber)


class _TextFormatter(logging.Formatter):
    """`2026-11-28T22:30:00.123Z WARNING [scrapy.core.engine] message`, with the traceback below."""

    def __init__(self, scrubber: SecretScrubber) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(name)s] %(message)s")
        self._scrubber = scrubber

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """Return the record's time in UTC."""
        return precise_stamp(datetime.fromtimestamp(record.created, UTC))

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without secrets."""
        return self._scrubber.mask(super().format(record))


class _JsonFormatter(logging.Formatter):
    """One JSON object per line: time, level, logger, message; run, outlet and exception where there are such."""

    def __init__(self, scrubber: SecretScrubber, run_id: int | None = None) -> None:
        super().__init__()
        self._scrubber = scrubber
        self._run_id = run_id

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without secrets."""
        spider = getattr(record, "spider", None)
        document = {
            "time": precise_stamp(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname,
            "logger": record.name,
            "run": self._run_id,
            "outlet": getattr(spider, "name", None),
            "message": self._scrubber.mask(record.getMessage()),
            "exception": self._scrubber.mask(self.formatException(record.exc_info)) if record.exc_info else None,
        }
        return json.dumps({name: value for name, value in document.items() if value is not None}, ensure_ascii=False)
