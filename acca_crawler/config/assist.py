"""The tables of acca.toml about outside help with reading: [translation] and [opinion]."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from acca_crawler.config.section import Section
from acca_crawler.config.values import Count, Line, Seconds, WebAddress
from acca_crawler.items import Withhold


class _Service(Section):
    """A service, off without `url`. `withhold` replaces names by placeholders, as a channel's `withhold` masks them.

    `key_env` or `key_file` (relative to acca.toml) hold its API key. `timeout` limits one request as a whole.
    """

    url: WebAddress | None = None
    model: Line = ""
    key_env: str = ""
    key_file: Path | None = None
    timeout: Annotated[Seconds, Field(gt=0, le=600)] = 60
    withhold: Withhold = "victims"


class TranslationSection(_Service):
    """Machine translation on a click. `url` is the address before `/translate` or before `/chat/completions`."""

    service: Literal["libretranslate", "openai"] = "libretranslate"


class OpinionSection(_Service):
    """Second opinions of a language model; `url` is the address before `/chat/completions`, such as .../v1.

    `per_day` is the number of requests in a day (UTC), failed ones included.
    """

    per_day: Count = 50


def is_in_the_clear(url: str) -> bool:
    """Return whether what is sent to an address can be read on the way: plain HTTP to another machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")


def assist_mistakes(translation: TranslationSection, opinion: OpinionSection) -> Iterator[str]:
    """Yield inconsistencies in these tables, each as `key: problem`."""
    for name, section in (("translation", translation), ("opinion", opinion)):
        if section.key_env and section.key_file:
            yield f"{name}.key_env: give either this or key_file"
        if section.url and (section.key_env or section.key_file) and is_in_the_clear(section.url):
            yield f"{name}.url: a key is not sent in the clear: https, or a service on this machine"
        speaks = name == "opinion" or translation.service == "openai"
        if section.url and speaks and not section.model:
            yield f"{name}.model: missing: the service has to know which model answers"
