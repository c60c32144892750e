"""Offline checks of an outlet's declaration, for `scrapy check` and the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from acca_crawler.dedup.address import canonical_address
from acca_crawler.exceptions import FixtureError, OutletError
from acca_crawler.extract import extract
from acca_crawler.extract.document import compiled
from acca_crawler.ingest.page import is_on
from acca_crawler.items import LANGUAGES, OutletKind
from acca_crawler.outlet_tools.fixtures.fixture import ARTICLE, Fixture
from acca_crawler.outlets import REGION, Outlet, Selectors, Verified
from acca_crawler.text.strict_patterns import compile_strictly

if TYPE_CHECKING:
    from acca_crawler.crawl.spider import OutletSpider

DECLARED = frozenset({*LANGUAGES, "fr", "no"})
"""Languages that outlets may declare: ours, plus two that outlets abroad publish in."""


def mistakes(spider: type[OutletSpider], fixtures: Path | None = None) -> list[str]:
    """Return everything wrong with a spider's declaration; if it is valid, compare its reading of the saved pages.

    `fixtures` is the directory with the saved pages.
    """
    found = [*_metadata(spider), *_patterns(spider.outlet), *_honesty(spider.outlet)]
    if not found and fixtures and (fixtures / spider.name).is_dir():
        try:
            found += _frozen(spider, fixtures / spider.name)
        except OutletError as error:
            found.append(str(error))
    return found


def _metadata(spider: type[OutletSpider]) -> Iterator[str]:
    outlet = spider.outlet
    host = urlsplit(outlet.home).hostname
    checks = {
        "title is missing": outlet.title,
        "a docstring is missing": spider.__doc__,
        f"home {outlet.home!r} is not an address": host and urlsplit(outlet.home).scheme in ("http", "https"),
        f"hosts do not hold home's {host}": host in outlet.hosts,
        "countries are not of the region": outlet.countries and set(outlet.countries) <= set(REGION),
        "languages are missing or unknown": outlet.languages and set(outlet.languages) <= DECLARED,
        f"kind {outlet.kind!r} is unknown": outlet.kind in get_args(OutletKind),
        f"verified {outlet.verified!r} is unknown": outlet.verified in get_args(Verified),
        "no way of discovery": spider.ways,
        "poll's bounds are turned around": 0 < outlet.poll.min_minutes <= outlet.poll.max_minutes,
        "expected volume is missing": outlet.expected.min_words > 0 and outlet.expected.max_silence_days > 0,
        "shares of articles without date or author are not between 0 and 1": all(
            0 <= share <= 1 for share in (outlet.expected.max_without_date, outlet.expected.max_without_author)
        ),
        "old selectors without a day, or today's with one": not outlet.selectors.valid_until
        and all(_is_day(old.valid_until) for old in outlet.old_selectors),
        "identity names no group": all("{" in form for form in outlet.identity) and outlet.identity,
    }
    yield from (message for message, holds in checks.items() if not holds)
    try:
        ZoneInfo(outlet.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"timezone {outlet.timezone!r} is not a time zone"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _patterns(outlet: Outlet) -> Iterator[str]:
    for pattern in (outlet.article_path, *(rule.pattern for rule in outlet.boilerplate)):
        try:
            compile_strictly(pattern)
        except re.error as error:
            yield f"{pattern!r} is not a regular expression: {error}"
    layouts = (outlet.selectors, *outlet.old_selectors)
    names = [name for name in Selectors.__dataclass_fields__ if name != "valid_until"]
    fields = [getattr(layout, name) for layout in layouts for name in names]
    for css in (*fields, *(rule.css for rule in outlet.boilerplate)):
        try:
            compiled(css) if css else None
        except OutletError as error:
            yield str(error)
    for rule in outlet.boilerplate:
        if not (rule.name and rule.why and (rule.css or rule.pattern)):
            yield f"boilerplate rule {rule.name!r} lacks its name, its reason or what it removes"


def _honesty(outlet: Outlet) -> Iterator[str]:
    if outlet.verified == "unseen" and outlet.selectors != Selectors():
        yield "selectors for pages that nobody has seen"
    if not outlet.enabled and "To check" not in outlet.note:
        yield "switched off without saying what is to be checked"
    if outlet.concerns == "region" and "Fetched:" not in outlet.note:
        yield "only a part is fetched without saying which"
    if outlet.kind == "state" and "State source" not in outlet.note:
        yield "a state source that does not say so"


def _frozen(spider: type[OutletSpider], directory: Path) -> Iterator[str]:
    outlet = spider.outlet
    try:
        fixture = Fixture.load(directory)
        page = (directory / ARTICLE).read_bytes()
    except (FixtureError, OSError) as error:
        yield str(error)
        return
    for form in fixture.addresses.forms:
        address = canonical_address(form, keep_query=outlet.keep_query)
        if not is_on(address, outlet) or outlet.identify(address) != fixture.identity:
            yield f"{form} is not the article {fixture.identity}"
    for refused in fixture.addresses.refused:
        if outlet.identify(canonical_address(refused, keep_query=outlet.keep_query)) is not None:
            yield f"{refused} is taken for an article"
    found, expected = extract(page, fixture.addresses.forms[0], outlet=outlet), fixture.article
    for name in ("title", "text", "authors", "method"):
        if getattr(found, name) != getattr(expected, name):
            yield f"the frozen article's {name} is not what expected.json says"
    if found.published_at != expected.published:
        yield "the frozen article's date is not what expected.json says"
    yield from (f"{text!r} is left in the text" for text in expected.gone if text in found.text)
