"""Parse a naive scraper's text dump: the page's visible text, line by line, including boilerplate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from acca_crawler.exceptions import ImportFileError
from acca_crawler.extract.body import rules_of
from acca_crawler.extract.boilerplate import StripLog, strip_paragraphs
from acca_crawler.extract.dates import day_printed
from acca_crawler.extract.decoding import decode
from acca_crawler.extract.metadata import ROLES
from acca_crawler.extract.paragraphs import Paragraph, clean, join
from acca_crawler.extract.vocabulary import split_categories
from acca_crawler.items import Extraction
from acca_crawler.outlets import Outlet

# Forms that WordPress prints below an article: text after them never belongs to the article.
ENDS_ARTICLE = frozenset(("review-widget", "comments"))
# Names such as "The Editorial Board of …" precede a role word in an author box; a paragraph does not.
MAX_NAME = 60

_ADDRESS = re.compile(r"https?://\S+")
_DATE_LINE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}(?:\s*[,|]?\s*\d{1,2}:\d{2})?|\d{4}-\d{2}-\d{2}")
_WRAPPED = range(50, 121)


def read_text_dump(data: bytes, *, outlet: Outlet) -> Extraction:
    """Extract one article from a text dump.

    Uses the outlet's `vocabulary` for the run-on line of categories, its `ignored_authors` for the author box, and its
    boilerplate rules for the rest. A date line above the title is the printed date (`printed_date`); the publication
    date is unknown. A URL on its own line above the title becomes `url`, which is otherwise empty. Removed text is in
    `stripped`.

    Raises `ImportFileError` if there is no title followed by text.
    """
    header, lines = _header(_lines(decode(data)), outlet)
    if not header.title:
        raise ImportFileError("no article found: the text has no title")
    log = StripLog()
    for rule, line in header.stripped:
        log.add(rule, line)
    article, below = _cut(lines, outlet)
    body = strip_paragraphs([Paragraph(line) for line in article], rules_of(outlet), log)
    for rule, line in _label(below, outlet):
        log.add(rule, line)
    if not body:
        raise ImportFileError(f"no article found: nothing is below the title {header.title!r}")
    return Extraction(
        text=join(body),
        title=header.title,
        url=header.url,
        categories=header.categories,
        printed_date=header.printed_date,
        method="text-dump",
        stripped=tuple(log.pieces),
    )


@dataclass(slots=True)
class _Header:
    """The lines above the body."""

    title: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    printed_date: str | None = None
    stripped: list[tuple[str, str]] = field(default_factory=list)


def _header(lines: Sequence[str], outlet: Outlet) -> tuple[_Header, list[str]]:
    header = _Header()
    for number, line in enumerate(lines):
        if _ADDRESS.fullmatch(line):
            header.url = header.url or line
        elif _DATE_LINE.fullmatch(line):
            header.printed_date = header.printed_date or day_printed(line)
        elif rubrics := split_categories(line, outlet.vocabulary):
            header.categories = tuple(dict.fromkeys((*header.categories, *rubrics)))
        elif rule := _rule_of(line, outlet):
            header.stripped.append((rule, line))
        else:
            header.title = line
            return header, list(lines[number + 1 :])
    return header, []


def _lines(text: str) -> list[str]:
    """Split the dump into paragraphs: blocks between blank lines, hard-wrapped ones joined, others line by line."""
    found: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line for raw in block.split("\n") if (line := clean(raw))]
        if len(lines) > 1 and all(len(line) in _WRAPPED for line in lines[:-1]):
            lines = [" ".join(lines)]
        found.extend(lines)
    return found


def _cut(lines: Sequence[str], outlet: Outlet) -> tuple[list[str], list[str]]:
    """Split into the article's lines and those below it, starting at the first form or the author box."""
    for number, line in enumerate(lines):
        if _rule_of(line, outlet) in ENDS_ARTICLE:
            return list(lines[:number]), list(lines[number:])
        if _is_role(line, outlet) and number and len(lines[number - 1]) <= MAX_NAME:
            return list(lines[: number - 1]), list(lines[number - 1 :])
    return list(lines), []


def _label(lines: Sequence[str], outlet: Outlet) -> list[tuple[str, str]]:
    """Label each line below the article with its rule: its own, else that of the box it is in."""
    labelled: list[tuple[str, str]] = []
    box = "below-article"
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _is_role(following, outlet) or _is_role(line, outlet):
            box = "author-box"
        own = _rule_of(line, outlet)
        if own in ENDS_ARTICLE:
            box = own
        labelled.append((own or box, line))
    return labelled


def _rule_of(line: str, outlet: Outlet) -> str:
    """Return the name of the rule that strips the line, or an empty string."""
    log = StripLog()
    strip_paragraphs([Paragraph(line)], rules_of(outlet), log)
    return log.pieces[0].rule if log.pieces else ""


def _is_role(line: str, outlet: Outlet) -> bool:
    """Whether the line is just a role word, as themes' author boxes print it under the name."""
    return line.casefold() in ROLES | {name.casefold() for name in outlet.ignored_authors}
