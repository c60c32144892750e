"""What a spider declares about its outlet. Plain data: no Scrapy, no archive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlsplit

from acca_crawler.dedup.address import canonical_address
from acca_crawler.exceptions import OutletError
from acca_crawler.items import OutletKind

Verified = Literal["seen", "family", "unseen"]
Concern = Literal["all", "region"]

REGION = ("KZ", "KG", "TJ", "UZ", "TM")
"""The five countries, ISO 3166-1."""

EDITIONS = {
    "en": "en", "eng": "en", "english": "en", "ru": "ru", "rus": "ru", "russian": "ru", "kk": "kk", "kaz": "kk",
    "kz": "kk", "ky": "ky", "kg": "ky", "tg": "tg", "tj": "tg", "tj-cyrl": "tg", "uz": "uz", "oz": "uz", "tk": "tk",
    "tm": "tk", "fr": "fr", "de": "de",
}  # fmt: skip
"""What the first label of a host or the first part of a path says about an edition's language."""


@dataclass(frozen=True, slots=True)
class BoilerplateRule:
    """Something around an article that is not the article: what it is called, what it removes and why.

    `css` removes elements from the page before the text is read; `pattern` (a regular expression) removes
    paragraphs that match it from their first to their last character. At least one of them is given.
    """

    name: str
    why: str
    css: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of an outlet's article page; an empty one means that the outlet has none.

    `scope` is the element that holds one article: everything else is looked up inside its first match, so that
    cards of related articles that reuse the same classes are never read. Of an outlet's `old_selectors`, `valid_until`
    is the last day (`2027-03-31`, UTC) on which the outlet's pages looked so; today's have none.
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
    """How much an outlet usually publishes; what lies outside is reported.

    `articles_per_week` may be zero where nobody knows; `min_words` is the shortest body that is still believed without
    a warning. `max_without_date` and `max_without_author` are shares (0 to 1) of a run's articles: 1 where the outlet
    does not show them.
    """

    articles_per_week: int = 0
    min_words: int = 15
    max_silence_days: int = 30
    max_without_date: float = 0.3
    max_without_author: float = 1.0


@dataclass(frozen=True, slots=True)
class Poll:
    """How often to ask an outlet for news, in minutes: the interval moves between these as news come or do not."""

    min_minutes: int = 60
    max_minutes: int = 24 * 60


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet as its spider declares it.

    `article_path` is a regular expression over an address's path (and query, where there is one); an address that
    does not match is not an article. `identity` is a format string over its named groups: what makes an article
    the same article under every one of its addresses. The first form whose groups all matched is taken. Besides
    the groups there are `path`, `query` (what is left of it without tracking, with its question mark; may be empty),
    and `edition` where the host's first label names a language (`en.example.org`).

    `mirrors` are hosts that carry the same articles under the same paths. `concerns` says what is fetched of what
    the ways list: all, or only what names the region in its title, lead or address. `verified` says how well the
    article pages are known: from a real page's markup, from the CMS's default markup, or not at all.
    `distrusted_dates` are sources (as in `Dated.source`) of dates that are wrong on this outlet's pages.
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
    selectors: Selectors = field(default_factory=Selectors)
    old_selectors: tuple[Selectors, ...] = ()
    distrusted_dates: tuple[str, ...] = ()
    boilerplate: tuple[BoilerplateRule, ...] = ()
    ignored_authors: tuple[str, ...] = ("administrator", "admin", "редакция", "editor")
    vocabulary: tuple[str, ...] = ()
    expected: Expected = field(default_factory=Expected)
    poll: Poll = field(default_factory=Poll)
    concerns: Concern = "all"
    verified: Verified = "unseen"
    enabled: bool = True
    note: str = ""

    def identify(self, url: str) -> str | None:
        """The identity behind an address, or None where the address is not an article's."""
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
        """The outlet with the selectors that fit a page of that time (a UTC stamp or a day; None: today's).

        So a capture of an earlier layout is still read as it was then.
        """
        if not (captured_at and self.old_selectors):
            return self
        day = captured_at[:10]
        old = min((one for one in self.old_selectors if one.valid_until >= day), key=_valid_until, default=None)
        return replace(self, selectors=old) if old else self

    def at(self, home: str) -> Outlet:
        """The same outlet found at another address (a moved domain, a local copy)."""
        host = urlsplit(home).hostname
        if not host:
            raise OutletError(f"{self.title}: {home!r} is not an address with a host")
        return replace(self, home=home, hosts=(host,))


def _valid_until(selectors: Selectors) -> str:
    return selectors.valid_until


def edition_of(url: str) -> str | None:
    """The language that an address names as its host's first label or its first folder, or None."""
    parts = urlsplit(url)
    folder = parts.path.strip("/").partition("/")[0].lower()
    return EDITIONS.get((parts.hostname or "").partition(".")[0]) or EDITIONS.get(folder)


def _edition(host: str) -> dict[str, str]:
    language = EDITIONS.get(host.partition(".")[0])
    return {"edition": language} if language else {}


def _query_of(url: str) -> str:
    """The part of a query that can tell articles apart, with its question mark; empty without one."""
    try:
        query = urlsplit(canonical_address(url)).query
    except ValueError:
        return ""
    return f"?{query}" if query else ""
