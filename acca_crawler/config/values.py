"""Value types of acca.toml, each with its own validation, so that mistakes are found at startup."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from acca_crawler.exceptions import OutletError
from acca_crawler.text.strict_patterns import compile_strictly


def no_flag(value: object) -> object:
    """Raise `ValueError` for true and false where a number is expected; TOML distinguishes them, pydantic does not."""
    if isinstance(value, bool):
        raise ValueError("a number is expected, not true or false")
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no such time zone; expected a name such as Asia/Bishkek") from error
    return name


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"not a web address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or re.search(r"[\s\x00-\x1f]", url):
        raise ValueError("expected a web address such as https://example.org/")
    return url


def _host(name: str) -> str:
    if not re.fullmatch(r"[^\s/?#@:\x00-\x1f]+(:\d{1,5})?", name):
        raise ValueError("a host is such as mirror.example.org, without https://")
    return name


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise ValueError("an IP address or network is such as 127.0.0.1 or 10.0.0.0/8") from error
    return text


def _line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("one line without control characters is expected")
    return text


def _path(path: Path) -> Path:
    if "\x00" in str(path):
        raise ValueError("a path has no NUL character")
    return path


def _pattern(text: str) -> str:
    try:
        compile_strictly(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    except (RecursionError, OverflowError) as error:
        raise ValueError("not a usable regular expression: too deep or too large") from error
    return text


def _selector(text: str) -> str:
    from acca_crawler.extract.document import compiled  # deferred: most configurations never need this parser

    try:
        compiled(text or "a")
    except OutletError as error:
        raise ValueError(str(error)) from error
    return text


def _level(name: object) -> object:
    return name.upper() if isinstance(name, str) else name


_Number = BeforeValidator(no_flag)
Seconds = Annotated[float, _Number, Field(ge=0, le=86_400, allow_inf_nan=False)]
Minutes = Annotated[float, _Number, Field(ge=0, le=100_000, allow_inf_nan=False)]
Count = Annotated[int, _Number, Field(gt=0, le=1_000_000)]
LogLevel = Annotated[Literal["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"], BeforeValidator(_level)]
Zone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_address)]
Host = Annotated[str, AfterValidator(_host)]
Network = Annotated[str, AfterValidator(_network)]
Line = Annotated[str, AfterValidator(_line)]
FilePath = Annotated[Path, AfterValidator(_path)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z][a-z]{3})?$")]
