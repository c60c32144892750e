"""The invented articles that frozen pages carry, one in each language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from acca_crawler.clock import parse_stamp
from acca_crawler.outlets import Outlet

PUBLISHED = "2026-03-14T09:30:00Z"
"""When every invented article was published."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An invented article. `furniture` is what stands around an article in that language and is not part of it."""

    language: str
    title: str
    lead: str
    paragraphs: tuple[str, ...]
    author: str
    section: str
    tags: tuple[str, ...]
    related: tuple[str, ...]
    furniture: tuple[str, ...]

    @property
    def text(self) -> str:
        """The body as it is stored."""
        return "\n\n".join(self.paragraphs)


@cache
def samples() -> dict[str, Sample]:
    """Every invented article by its language."""
    data = tomllib.loads(files("acca_crawler.frozen").joinpath("articles.toml").read_text(encoding="utf-8"))
    return {language: Sample(language=language, **with_tuples(entry)) for language, entry in data.items()}


def with_tuples(entry: dict[str, Any]) -> dict[str, Any]:
    """A table read from a file, its lists as tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def sample_for(outlet: Outlet) -> Sample:
    """The article in the first of the outlet's languages."""
    return samples()[outlet.languages[0]]


def published_in(outlet: Outlet) -> datetime:
    """The time of publication in the outlet's zone."""
    return parse_stamp(PUBLISHED).astimezone(ZoneInfo(outlet.timezone))
