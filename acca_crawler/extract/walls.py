"""Detect pages served in place of an article with status 200: consent, login, maintenance, errors.

A marker counts only on a page of few words, in the title or at the start of the text: articles mention all of this.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from acca_crawler.text.word_lists import any_of, read_word_lists

MAX_WORDS = 60
"""Maximum words of a page in place of an article; a longer text is an article, whatever it says."""

SHELL_WORDS = 25
"""Maximum words of a page filled by a script: at most a notice to enable JavaScript."""

MAX_WORDS_OF_ANOTHER = 400
"""Maximum words of a page that has no word of its listed title at all, not even the beginning of one."""

MIN_LISTED_TITLE = 3
"""Minimum words of a meaningful listed title; "Read more" and an image's name are not."""

MAX_ODD = 0.02
"""Share of a page's bytes that no encoding of text uses, from which it is not a page."""

_NOT_WRITTEN = bytes((*range(9), *range(14, 27), *range(28, 32)))
"""Control characters but for the escapes of ISO-2022."""

_SIGN_IN = "a form to sign in or to subscribe"
_KINDS: dict[str, str] = {
    page["kind"]: "|".join(page["lines"])
    for page in tomllib.loads(Path(__file__).with_name("walls.toml").read_text(encoding="utf-8"))["page"]
}
_WORDS = read_word_lists(__file__, "wall_words.toml")
_POLITE = (
    rf"(?:(?:{any_of(_WORDS, 'polite')}|(?:{any_of(_WORDS, 'address')}) \w{{3,20}})\W{{1,3}}"
    rf"(?:(?:{any_of(_WORDS, 'but')}) )?){{0,2}}"
)
_MARKS = {kind: re.compile(rf"\W{{0,9}}{_POLITE}(?:{pattern})", re.IGNORECASE) for kind, pattern in _KINDS.items()}
_PASSWORD_FIELD = re.compile(rb"<input\b[^>]{0,300}\btype\s{0,3}=\s{0,3}[\"']?password", re.IGNORECASE)
_ASKS_PASSWORD = re.compile(any_of(_WORDS, "password"), re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


def wall_in(title: str, text: str, html: bytes = b"") -> str | None:
    """Describe what the page is instead of the article; None if it may be an article."""
    if len(text.split(maxsplit=MAX_WORDS)) > MAX_WORDS:
        return None
    for kind, pattern in _MARKS.items():
        opening = pattern.match(text)
        if (opening and " " in opening[0].strip()) or _is_whole(pattern, title) or _is_whole(pattern, text):
            return kind
    if _PASSWORD_FIELD.search(html) and _ASKS_PASSWORD.search(text):
        return "a form that asks for a password"
    return None


def shows_beginning_only(paragraphs: Iterable[str]) -> bool:
    """Whether a text consists of an article's beginning and a demand to sign in or to subscribe."""
    return any(_MARKS[_SIGN_IN].match(paragraph) for paragraph in paragraphs if len(paragraph.split()) <= MAX_WORDS)


def is_another_page(title: str, text: str, listed_title: str) -> bool:
    """Whether a page shares no word with the title it was listed under; if it is longer, no beginning of a word."""
    listed, words = _words(listed_title), len(text.split())
    if len(listed) < MIN_LISTED_TITLE or words > MAX_WORDS_OF_ANOTHER or not title:
        return False
    shown = _words(title) | _words(text)
    if words <= MAX_WORDS:
        return not listed & shown
    return not {word[:4] for word in listed} & {word[:4] for word in shown}


def is_no_text(html: bytes) -> bool:
    """Whether a page's bytes are those of another file: a picture, a PDF, a page packed in an unknown way."""
    start = html[:2000]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start.count(0) * 5 > len(start):  # UTF-16
        return False
    return start.startswith(b"%PDF-") or len(start) - len(start.translate(None, _NOT_WRITTEN)) > MAX_ODD * len(start)


def shares_no_word(title: str, listed_title: str) -> bool:
    """Whether a title has no word of the one it was listed under, if that says anything."""
    listed = _words(listed_title)
    return len(listed) >= MIN_LISTED_TITLE and not listed & _words(title)


def shares_little(title: str, text: str, other_title: str, other_text: str) -> bool:
    """Whether two versions of one article have almost nothing in common, so that one of them is a different page.

    Compares the words of the shorter text; headlines with a word in common belong to the same article.
    """
    if not other_text or not text or _words(title) & _words(other_title):
        return False
    one, other = _words(text), _words(other_text)
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) < 0.2 * shorter


def _is_whole(pattern: re.Pattern[str], title: str) -> bool:
    """Whether a title consists only of the marker and optionally the site's name after a separator."""
    match = pattern.match(title)
    return match is not None and len(_WORD.findall(re.split(r"\s[|–—·-]\s", title[match.end() :])[0])) <= 1


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
