"""Generates docs/outlets.md: every outlet as its spider declares it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from acca_crawler.crawl.spider import OutletSpider
from acca_crawler.i18n.labels import OUTLET_KINDS
from acca_crawler.outlets import Outlet

VERIFIED = {
    "seen": "selectors from a real page's markup",
    "family": "the CMS's default markup",
    "unseen": "no selectors: JSON-LD, meta tags, generic extraction",
}


def page(spiders: Mapping[str, type[OutletSpider]]) -> str:
    """Return the tables of enabled and disabled outlets, with what still has to be checked."""
    on = {name: spider for name, spider in spiders.items() if spider.outlet.enabled}
    off = {name: spider for name, spider in spiders.items() if not spider.outlet.enabled}
    return "\n".join([
        f"{len(spiders)} outlets, {len(on)} of them switched on.", "", *_standings(spiders), "",
        "## Switched on", "", *_table(on), "",
        "## Switched off", "", "Check the site before you switch one of these on.", "", *_table(off), "",
        "## What to know about each", "", *_notes(spiders),
    ])  # fmt: skip


def _standings(spiders: Mapping[str, type[OutletSpider]]) -> Iterator[str]:
    yield "| markup | what that means | outlets |"
    yield "|---|---|---|"
    for verified, meaning in VERIFIED.items():
        count = sum(spider.outlet.verified == verified for spider in spiders.values())
        yield f"| {verified} | {meaning} | {count} |"


YEARS = 10 * 365
"""Days of silence above which an outlet is an archive."""

COLUMNS = (
    "name", "outlet", "countries", "languages", "kind", "family", "markup", "ways of discovery, in order",
    "polled every", "fetched",
)  # fmt: skip


def _table(spiders: Mapping[str, type[OutletSpider]]) -> Iterator[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|" + "---|" * len(COLUMNS)
    for name, spider in spiders.items():
        outlet = spider.outlet
        ways = ", ".join(way.name for way in spider.ways)
        fetched = "what names the region" if outlet.concerns == "region" else "everything"
        yield (
            f"| `{name}` | [{outlet.title}]({outlet.home}) | {' '.join(outlet.countries)} | "
            f"{' '.join(outlet.languages)} | {_kind(outlet)} | {spider.family} | {outlet.verified} | {ways} | "
            f"{_minutes(outlet.poll.min_minutes)} to {_minutes(outlet.poll.max_minutes)} | {fetched} |"
        )


def _notes(spiders: Mapping[str, type[OutletSpider]]) -> Iterator[str]:
    for name, spider in spiders.items():
        remarks = [*([_expected(spider.outlet)]), *([spider.outlet.note] if spider.outlet.note else [])]
        if spider.outlet.mirrors:
            remarks.append(f"Also at {', '.join(spider.outlet.mirrors)}.")
        yield f"- `{name}`: {' '.join(remarks)}"


def _expected(outlet: Outlet) -> str:
    expected = outlet.expected
    if expected.max_silence_days > YEARS:
        return "Nothing new is expected."
    articles = "article" if expected.articles_per_week == 1 else "articles"
    volume = f"About {expected.articles_per_week} {articles} a week" if expected.articles_per_week else "Volume unknown"
    return f"{volume}; counts as silent after {expected.max_silence_days} days without a new one."


def _minutes(minutes: int) -> str:
    if minutes % (24 * 60) == 0:
        return f"{minutes // (24 * 60)} d"
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _kind(outlet: Outlet) -> str:
    """Return the outlet's kind; in bold for state outlets."""
    label = OUTLET_KINDS[outlet.kind]
    return f"**{label}**" if outlet.kind == "state" else label
