"""Dates of an article: where each was read and how sure it is. What is unknown stays None.

The reading itself is in `text.moments`; here is the choice among what a page, its address and its lists say.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING

from acca_crawler.clock import now
from acca_crawler.items import Certainty, Dated
from acca_crawler.text.moments import EARLIEST, read_moment

if TYPE_CHECKING:
    from lxml.html import HtmlElement

STEPS: tuple[Certainty, ...] = ("high", "medium", "low")

_FOLDERS = re.compile(r"/((?:19|20)\d{2})/(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?=/|$)")
_RUN = re.compile(r"(?<!\d)(199\d|20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_AROUND = (
    "descendant::*[self::footer or self::nav or self::aside or self::script or contains(@class, 'footer') "
    "or @id='footer']"
)


def dated(
    text: str | None, source: str, certainty: Certainty, timezone: str | None = None, seen_at: str | None = None
) -> Dated | None:
    """A machine-readable date as `Dated`; None if it is not a date, or one that can't be right.

    A time without a zone is read in the outlet's `timezone`; where that is unknown too it is taken as UTC and one
    step less sure. `seen_at` (UTC) is when the text was fetched: what lies later is not believed.
    """
    moment = read_moment(text, timezone, seen_at)
    if moment is None:
        return None
    if moment.doubtful:
        certainty = "low"
    elif not moment.zoned:
        certainty = _less_sure(certainty)
    return Dated(moment.value, source, certainty)


def day_printed(text: str | None) -> str | None:
    """The day that a page prints, numeric or spelled out: evidence, never a publication date."""
    moment = read_moment(text)
    return moment.value[:10] if moment else None


def from_address(path: str, seen_at: str | None = None) -> Dated | None:
    """The day in an address: folders of year, month and day (`/2024/04/28/`), or, as a weak guess, a run of digits.

    A run of eight digits (`-20240428.html`, `/news/20181224`) can as well be the article's number.
    """
    for pattern, certainty in ((_FOLDERS, STEPS[1]), (_RUN, STEPS[2])):
        if match := pattern.search(path):
            year, month, day = match.groups()
            return dated(f"{year}-{int(month):02}-{int(day):02}", "url", certainty, seen_at=seen_at)
    return None


def from_markup(root: HtmlElement, url: str, seen_at: str | None = None) -> Dated | None:
    """The date that htmldate reads from a page's markup, for pages that declare none. Never from running text.

    What frames the page is left out (footers print the day of the visit), and so are scripts: their dates were read
    before, or are other articles'.
    """
    from htmldate import find_date  # imports dateparser

    framed = deepcopy(root)
    for element in framed.xpath(_AROUND):
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
    """The surest candidate, the first of equals; a full time before a bare day of the same certainty and day.

    A date that another machine-readable one contradicts by more than a day is one step less sure.
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


def surer(on_page: Dated | None, listed: Dated | None) -> Dated | None:
    """The page's own date, unless it is missing, a guess, or a bare day of which the list knows the time."""
    if listed is None or on_page is None:
        return on_page or listed
    if on_page.certainty == "low":
        return listed
    return listed if _is_finer(listed, on_page) else on_page


def _is_finer(other: Dated, chosen: Dated) -> bool:
    """Whether a date gives the time of the bare day that was chosen; the zone may put it on the day beside it."""
    return len(chosen.value) == len("2024-04-28") < len(other.value) and _days_apart(chosen.value, other.value) <= 1


def _less_sure(certainty: Certainty) -> Certainty:
    return STEPS[min(STEPS.index(certainty) + 1, len(STEPS) - 1)]


def _days_apart(a: str, b: str) -> int:
    return abs((date.fromisoformat(a[:10]) - date.fromisoformat(b[:10])).days)
