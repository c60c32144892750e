"""Outlet declarations used by spiders. Plain data: no Scrapy, no archive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit

from acca_crawler.declarations import refuse_strings
from acca_crawler.dedup.address import canonical_address
from acca_crawler.exceptions import OutletError
from acca_crawler.items import OutletKind

Verified = Literal["seen", "family", "unseen"]
Concern = Literal["all", "region"]
Reader = Literal["page", "telegram"]
Render = Literal["", "browser"]

REGION = ("KZ", "KG", "TJ", "UZ", "TM")
"""The five countries, ISO 3166-1."""

EDITIONS = {
    "en": "en", "eng": "en", "english": "en", "ru": "ru", "rus": "ru", "russian": "ru", "kk": "kk", "kaz": "kk",
    "kz": "kk", "ky": "ky", "kg": "ky", "tg": "tg", "tj": "tg", "tj-cyrl": "tg", "uz": "uz", "oz": "uz", "tk": "tk",
    "tm": "tk", "fr": "fr", "de": "de",
}  # fmt: skip
"""Language of an edition by the first label of its host or the first part of its path."""


@dataclass(frozen=True, slots=True)
class BoilerplateRule:
    """A rule for text around an article that does not belong to it: its name, what it removes, and why.

    `css` removes elements from the page before the text is read; `pattern` (a regular expression) removes paragraphs
    that match in full. At least one of the two is given.
    """

    name: str
    why: str
    css: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of an outlet's article page; an empty one means that the outlet has no such element.

    `scope` is the element that contains one article: all other selectors apply inside its first match, so that cards of
    related articles with the same classes are never read. In `old_selectors`, `valid_until` is the last day
    (`2027-03-31`, UTC) of that layout; the current selectors have none.
    """

    scope: str = ""
    title: str = ""
    lead: str = ""
    body: str = ""
    author: str = ""
    categories: str = ""
    tags: str = ""
    published: str = ""
    modified: str = ""
    printed_date: str = ""
    captions: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """The usual output of an outlet; deviations are reported.

    `articles_per_week` may be zero if unknown; `min_words` is the shortest body accepted without a warning.
    `max_without_date` and `max_without_author` are shares (0 to 1) of a run's articles; 1 if the outlet does not show
    them.
    """

    articles_per_week: int = 0
    min_words: int = 15
    max_silence_days: int = 30
    max_without_date: float = 0.3
    max_without_author: float = 1.0


@dataclass(frozen=True, slots=True)
class Poll:
    """Bounds of an outlet's polling interval, in minutes; it adapts within them to how often new articles appear."""

    min_minutes: int = 60
    max_minutes: int = 24 * 60


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet as its spider declares it.

    `article_path` is a regular expression for an address's path (and query, if any); an address that does not match is
    not an article. `identity` is a format string over its named groups: it gives the same value for all addresses of an
    article. The first form whose groups all matched is used. Besides the groups there are `path`, `query` (without
    tracking parameters, with its question mark; may be empty), and `edition` if the host's first label names a language
    (`en.example.org`).

    `mirrors` are hosts with the same articles under the same paths. `concerns` selects which listed articles are
    fetched: all, or only those that name the region in their title, lead or address. `verified` is how well the article
    pages are known: from a real page's markup, from the CMS's default markup, or not at all. `distrusted_dates` are
    date sources (as in `Dated.source`) that are wrong on this outlet's pages. `reader` names the markup that is read:
    an article's page, or Telegram's preview of a post. `render` is what puts an article's page together: the server, or
    a browser that runs its scripts. `telegram` are the outlet's channels, without @: each is an
    outlet of its own (`telegram_CHANNEL`), whose `channel_of` is this outlet's name. `shared_hosts` are domains with
    mirrors of several outlets: a page there is this outlet's if its canonical address is. `template` is not
    declared but learned: the paths of places that never hold an article's text (`extract.template`).
    """

    title: str
    home: str
    hosts: tuple[str, ...]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    article_path: str
    identity: tuple[str, ...] = ("{path}{query}",)
    keep_query: tuple[str, ...] = ()
    kind: OutletKind = "media"
    timezone: str = "UTC"
    mirrors: tuple[str, ...] = ()
    shared_hosts: tuple[str, ...] = ()
    selectors: Selectors = field(default_factory=Selectors)
    old_selectors: tuple[Selectors, ...] = ()
    distrusted_dates: tuple[str, ...] = ()
    boilerplate: tuple[BoilerplateRule, ...] = ()
    ignored_authors: tuple[str, ...] = ("administrator", "admin", "редакция", "editor")
    vocabulary: tuple[str, ...] = ()
    expected: Expected = field(default_factory=Expected)
    poll: Poll = field(default_factory=Poll)
    concerns: Concern = "all"
    reader: Reader = "page"
    render: Render = ""
    telegram: tuple[str, ...] = ()
    channel_of: str = ""
    verified: Verified = "unseen"
    enabled: bool = True
    note: str = ""
    template: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        refuse_strings(self, self.title)

    def identify(self, url: str) -> str | None:
        """Return the identity of an address, or None if it is not an article's.

        Raises `OutletError` if no declared form of identity fits it.
        """
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        match = re.search(self.article_path, target)
        if match is None:
            return None
        groups = {"path": parts.path.rstrip("/"), "query": _query_of(url), **_edition(parts.hostname or "")}
        groups |= {name: value for name, value in match.groupdict().items() if value}
        for form in self.identity:
            try:
                return form.format_map(groups)
            except KeyError:
                continue
        raise OutletError(f"{self.title}: no form of identity {self.identity} fits {url}")

    def as_of(self, captured_at: str | None) -> Outlet:
        """Return the outlet with the selectors valid at that time (a UTC stamp or a day; None for today).

        So a capture of an earlier layout is read with the selectors of its time.
        """
        if not (captured_at and self.old_selectors):
            return self
        day = captured_at[:10]
        old = min((one for one in self.old_selectors if one.valid_until >= day), key=_valid_until, default=None)
        return replace(self, selectors=old) if old else self

    def at(self, home: str) -> Outlet:
        """Return the same outlet at another address (a moved domain, a local copy).

        Raises `OutletError` if that has no host.
        """
        host = urlsplit(home).hostname
        if not host:
            raise OutletError(f"{self.title}: {home!r} is not an address with a host")
        return replace(self, home=home, hosts=(host,))


def _valid_until(selectors: Selectors) -> str:
    return selectors.valid_until


def edition_of(url: str) -> str | None:
    """Return the language that an address names as its host's first label or its first folder, or None."""
    parts = urlsplit(url)
    folder = parts.path.strip("/").partition("/")[0].lower()
    return EDITIONS.get((parts.hostname or "").partition(".")[0]) or EDITIONS.get(folder)


def _edition(host: str) -> dict[str, str]:
    language = EDITIONS.get(host.partition(".")[0])
    return {"edition": language} if language else {}


def _query_of(url: str) -> str:
    """Return the part of a query that can distinguish articles, with its question mark; empty if there is none."""
    try:
        query = urlsplit(canonical_address(url)).query
    except ValueError:
        return ""
    return f"?{query}" if query else ""
