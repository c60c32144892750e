"""Remove remaining boilerplate above, below and within an article's paragraphs."""

from __future__ import annotations

import html
import re

from acca_crawler.extract.boilerplate import StripLog
from acca_crawler.extract.paragraphs import Paragraph
from acca_crawler.text.word_lists import any_of, read_word_lists

MAX_META_LINE = 100
MIN_SUMMARY = 40
MIN_TEASERS = 2
MIN_TEASER = 40  # characters

_LANGUAGES = read_word_lists(__file__, "meta_lines.toml")
_FIRST, _UNITS = (any_of(_LANGUAGES, group) for group in ("first", "units"))
_META_LINE = re.compile(
    rf"^(?:{_FIRST})\b.{{0,80}}$|"
    r"^.{0,40}\b\d{1,2}[:.]\d{2}\b.{0,30}$|"
    r"^.{0,25}\b(?:19|20)\d{2}\b.{0,25}$|"
    rf"^.{{0,20}}\b\d+\s*(?:{_UNITS})\b.{{0,14}}$",
    re.IGNORECASE,
)

_NOT_WORDS = re.compile(r"\W+")


def trim(found: list[Paragraph], title: str, log: StripLog) -> list[Paragraph]:
    """Return the article's own paragraphs; log what is removed under the reason."""
    kept = _without_title(found, title, log)
    kept = _without_repeats(kept, log)
    kept = _without_meta_lines(kept, log)
    return _without_teasers(kept, log)


def folded(text: str) -> str:
    """Normalise text for comparison: words only, in lower case."""
    return _NOT_WORDS.sub(" ", text).strip().casefold()


def _without_teasers(found: list[Paragraph], log: StripLog) -> list[Paragraph]:
    """Remove teasers of other articles below the body, truncated with an ellipsis; a single one may be deliberate."""
    end = len(found)
    while end and _is_cut_off(found[end - 1].text):
        end -= 1
    if len(found) - end < MIN_TEASERS:
        return found
    for paragraph in found[end:]:
        log.add("teaser", paragraph.text)
    return found[:end]


def _is_cut_off(text: str) -> bool:
    return len(text) > MIN_TEASER and text.endswith(("…", "..."))


def _without_title(found: list[Paragraph], title: str, log: StripLog) -> list[Paragraph]:
    """Remove the headline, which is stored separately; a page often repeats it above or in the text."""
    wanted = folded(title)
    if not wanted:
        return found
    first = wanted.split(" ", 1)[0]
    kept = []
    for paragraph in found:
        text = paragraph.text
        if len(text) < 3 * len(title) and (first in text.casefold() or "&" in text) and _is_folded(text, wanted):
            log.add("headline", paragraph.text)
        else:
            kept.append(paragraph)
    return kept


def _is_folded(text: str, wanted: str) -> bool:
    return folded(text) == wanted or ("&" in text and folded(html.unescape(text)) == wanted)


def _without_repeats(found: list[Paragraph], log: StripLog) -> list[Paragraph]:
    """Remove repeated paragraphs: text of a player or a paywall, or a pull quote."""
    seen: set[str] = set()
    kept = []
    for paragraph in found:
        if paragraph.text in seen and len(paragraph.text) >= 20:
            log.add("repeated", paragraph.text)
        else:
            kept.append(paragraph)
        seen.add(paragraph.text)
    return kept


def _without_meta_lines(found: list[Paragraph], log: StripLog) -> list[Paragraph]:
    start, end = 0, len(found)
    while start < end and _is_meta_line(found[start].text):
        start += 1
    while end > start and _is_meta_line(found[end - 1].text):
        end -= 1
    return _split(found, start, end, "meta-line", log)


def _is_meta_line(text: str) -> bool:
    return len(text) < MAX_META_LINE and bool(_META_LINE.search(text))


def _split(found: list[Paragraph], start: int, end: int, rule: str, log: StripLog) -> list[Paragraph]:
    for paragraph in (*found[:start], *found[end:]):
        log.add(rule, paragraph.text)
    return found[start:end]
