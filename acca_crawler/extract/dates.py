"""Dates of an article with their source and certainty. Unknown dates stay None.

Parsing is in `text.moments`; this module chooses among the dates from the page, its URL and its listings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, cast

from lxml.etree import XPath

from acca_crawler.clock import now
from acca_crawler.extract.document import with_class
from acca_crawler.extract.neighbours import is_in_others
from acca_crawler.items import Certainty, Dated
from acca_crawler.text.moments import EARLIEST, read_moment
from acca_crawler.text.word_lists import any_of, read_word_lists

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_DATE = 60  # characters of an element that is only a date, with a label and a time
STEPS: tuple[Certainty, ...] = ("high", "medium", "low")

_FOLDERS = re.compile(r"/((?:19|20)\d{2})/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=/|$)")
_RUN = re.compile(r"(?<!\d)(199\d|20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_ELSEWHERE = frozenset(("footer", "aside", "nav"))
_CLOCK_NAME = re.compile(
    r"(?:^|[\s_])(?:header[_-]?date|site[_-]?date|top[_-]?date|current[_-]?(?:date|time)|date[_-]?now|now[_-]?date|"
    r"today\w*|clock|weather)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OF_ANOTHER_TIME = re.compile(
    r"(?:^|[\s_-])(?:event|deadline|expir\w*|due|until|end|birth\w*|updat\w*|modif\w*|edit\w*|last)[_-]?(?:date|time)|"
    r"(?:date|time)[_-]?(?:event|deadline|expir\w*|due|until|end|birth\w*|updat\w*|modif\w*|edit\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of dates that are not when the article was published."""
_CHANGED = re.compile(rf"\b(?:{any_of(read_word_lists(__file__, 'date_labels.toml'), 'changed')})\b", re.IGNORECASE)
_OF_CHANGE_NAME = re.compile(r"updat|modif|edit|last", re.IGNORECASE)
_SLASHED = re.compile(r"\d\s?/\s?\d")
_SENTENCE_END = re.compile(r"\w{3}[.!?]\s*$")
MAX_NAMED = 12  # elements named as dates that are read
_DATE_NAMES = re.compile("[dD]ate|time|publish|posted|tarih")
_DATE_IDS = XPath("descendant-or-self::*[contains(@id, 'date')]")
_DATE_OR_FOOTER = re.compile(rf"{_DATE_NAMES.pattern}|footer")
_FOOTERS = XPath("descendant::*[@id = 'footer']")


def dated(
    text: str | None, source: str, certainty: Certainty, timezone: str | None = None, seen_at: str | None = None
) -> Dated | None:
    """Parse a machine-readable date; None if it is not a date or an implausible one.

    A time without a zone is in the outlet's `timezone`; if that is unknown too, UTC is assumed and the certainty
    lowered by one step. `seen_at` (UTC) is when the text was fetched; later dates are rejected.
    """
    moment = read_moment(text, timezone, seen_at)
    if moment is None:
        return None
    if moment.doubtful:
        certainty = "low"
    elif not moment.zoned:
        certainty = _less_sure(certainty)
    return Dated(moment.value, source, certainty, moment.offset)


def day_printed(text: str | None) -> str | None:
    """Parse a printed day, numeric or spelled out: evidence, never a publication date."""
    moment = read_moment(text)
    return moment.value[:10] if moment else None


def from_address(path: str, seen_at: str | None = None) -> Dated | None:
    """Parse the day in a URL: folders of year, month and day (`/2024/04/28/`) or, as a weak guess, a run of digits.

    A run of eight digits (`-20240428.html`, `/news/20181224`) may also be the article's id.
    """
    for pattern, certainty in ((_FOLDERS, STEPS[1]), (_RUN, STEPS[2])):
        if match := pattern.search(path):
            year, month, day = match.groups()
            return dated(f"{year}-{int(month):02}-{int(day):02}", "url", certainty, seen_at=seen_at)
    return None


def from_names(root: HtmlElement, timezone: str | None = None, seen_at: str | None = None) -> Dated | None:
    """Find the first date in an element that is named as one or beside the headline.

    Those in asides and footers, of other articles, of changes and events, and clocks in the site's header are passed
    over. Numbers separated by slashes are left to `from_markup`: nothing here says whether day or month comes first.
    """
    named = _named_as_dates(root)
    for element in (*named[:MAX_NAMED], *_beside_headline(root)):
        if any(one.tag in _ELSEWHERE for one in element.iterancestors()) or is_in_others(element) or _is_clock(element):
            continue
        text = " ".join(element.text_content().split())
        if found := printed(text, timezone, seen_at):
            return found
    return None


def tells_change(text: str) -> bool:
    """Whether a text says that something was changed then: "Обновлено 29.11.2026"."""
    return _CHANGED.search(text) is not None


def _of_change(element: HtmlElement) -> bool:
    text = " ".join(element.text_content().split())
    return len(text) <= MAX_DATE and tells_change(text)


def printed(text: str, timezone: str | None = None, seen_at: str | None = None) -> Dated | None:
    """Parse the text of an element that is only a date; None for one of a change, or that may have its month first.

    Of "3 декабря 2026. Обновлено: 7 декабря 2026" only what stands before the change is read. A time without a zone is
    in the outlet's `timezone`, else UTC; `seen_at` (UTC) is when the text was fetched.
    """
    if len(text) > MAX_DATE or _SLASHED.search(text):
        return None
    return dated(_CHANGED.split(text, 1)[0].strip(" .,;|·•–—("), "markup", "low", timezone, seen_at)


def from_changes(root: HtmlElement, timezone: str | None = None, seen_at: str | None = None) -> Dated | None:
    """Find the first date that an article says it was changed on, for pages that tell no other.

    Only inside what is marked as the article or beside its headline: elsewhere it is the whole site's. A time without a
    zone is in the outlet's `timezone`, else UTC; `seen_at` (UTC) is when the page was fetched.
    """
    beside = [*_beside_headline(root)]
    for element in (*_named_as_dates(root)[:MAX_NAMED], *beside):
        own = element in beside or any(map(_is_article, element.iterancestors()))
        text = " ".join(element.text_content().split())
        if own and len(text) <= MAX_DATE and not (_SLASHED.search(text) or is_in_others(element)):
            name = f"{element.get('class') or ''} {element.get('id') or ''}"
            if (_OF_CHANGE_NAME.search(name) or tells_change(text)) and (
                found := dated(text, "markup", "low", timezone, seen_at)
            ):
                return found
    return None


def _is_article(element: HtmlElement) -> bool:
    return element.tag in ("article", "main") or (element.get("itemtype") or "").endswith("Article")


def _beside_headline(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements right below and above the only headline, unless they end like a sentence."""
    headlines = list(root.iter("h1"))
    if len(headlines) != 1:
        return
    below = islice(headlines[0].itersiblings("div", "p", "span", "ul", "small", "em"), 2)
    above = islice(headlines[0].itersiblings("div", "p", "span", "small", preceding=True), 1)
    for element in (*below, *above):
        if not _SENTENCE_END.search("".join(element.itertext())[-40:]):
            yield element


def _is_clock(element: HtmlElement) -> bool:
    """Whether an element shows today's date or another than the article's: by its name, or in a header without h1."""
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _CLOCK_NAME.search(name) or _OF_ANOTHER_TIME.search(name):
        return True
    header = next(element.iterancestors("header"), None)
    return (
        header is not None
        and next(header.iter("h1"), None) is None
        and next(header.iterancestors("article", "main"), None) is None
    )


def _is_footer(element: HtmlElement) -> bool:
    return "footer" in (element.get("class") or "")


def _named_as_dates(root: HtmlElement) -> list[HtmlElement]:
    found = with_class(root, _DATE_NAMES)
    if identified := cast("list[HtmlElement]", _DATE_IDS(root)):
        either = {*found, *identified}
        return [element for element in root.iter() if element in either]
    return found


def from_markup(root: HtmlElement, url: str, seen_at: str | None = None) -> Dated | None:
    """Find a date in the markup with htmldate, for pages that declare none. Never from running text.

    Footers and clocks (which print the current day), times of other articles and of comments are excluded, and so are
    scripts: their dates were read before, or belong to other articles.
    """
    from htmldate import find_date  # imports dateparser

    framed = deepcopy(root)
    footers = cast("list[HtmlElement]", _FOOTERS(framed))
    named = with_class(framed, _DATE_OR_FOOTER)
    around = [*framed.iter("footer", "nav", "aside", "script"), *filter(_is_footer, named), *footers]
    identified = cast("list[HtmlElement]", _DATE_IDS(framed))
    clocks = [one for one in (*named, *identified) if _is_clock(one) or _of_change(one)]
    times = [element for element in framed.iter("time") if is_in_others(element)]
    for element in dict.fromkeys((*around, *clocks, *times)):
        if element is not framed:
            element.drop_tree()
    latest = (seen_at or now().isoformat())[:10]
    found = find_date(
        framed,
        extensive_search=False,
        original_date=True,
        url=url if _FOLDERS.search(url) else None,
        min_date=EARLIEST.isoformat(),
        max_date=latest,
    )
    return dated(found, "htmldate", "low", seen_at=seen_at)


def best(candidates: list[Dated | None]) -> Dated | None:
    """Return the most certain candidate, the first of equals; for the same day and certainty, a full time wins.

    The certainty drops one step if another machine-readable date differs by more than a day.
    """
    known = [candidate for candidate in candidates if candidate]
    if not known:
        return None
    chosen = min(known, key=lambda candidate: STEPS.index(candidate.certainty))
    rivals = [other for other in known if other.certainty == chosen.certainty]
    chosen = next((one for one in rivals if _is_finer(one, chosen)), chosen)
    if chosen.certainty == "high" and any(_days_apart(chosen.value, rival.value) > 1 for rival in rivals):
        return Dated(chosen.value, chosen.source, "medium")
    return chosen


MAX_DAYS_APART = 30
"""Days by which a page's date may precede that of its listing: an article may wait, or be listed again when edited."""


def surer(on_page: Dated | None, listed: Dated | None) -> Dated | None:
    """Return the page's own date, unless it is missing, a guess, or a bare day for which the listing has the time.

    A page much older than its site's listing says has perhaps its template's date: the listing's is then a guess, too.
    """
    if listed is None or on_page is None:
        return on_page or listed
    if on_page.certainty == "low":
        return listed
    if on_page.value < listed.value and _days_apart(on_page.value, listed.value) > MAX_DAYS_APART:
        return replace(listed, certainty="low")
    return listed if _is_finer(listed, on_page) else on_page


def _is_finer(other: Dated, chosen: Dated) -> bool:
    """Whether a date adds the time to the chosen bare day; the zone may shift it to an adjacent day."""
    return len(chosen.value) == len("2024-04-28") < len(other.value) and _days_apart(chosen.value, other.value) <= 1


def _less_sure(certainty: Certainty) -> Certainty:
    return STEPS[min(STEPS.index(certainty) + 1, len(STEPS) - 1)]


def _days_apart(a: str, b: str) -> int:
    return abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)
