"""Index words of an article: stems for languages with a good stemmer, folds for all others.

Russian and English words are indexed by their Snowball stem (задержаны finds задержанного). Every other language is
indexed by the transliteration folding (`text.transliterate`) and searched by prefix, because these languages are
suffixing. Capitalised words of Russian and English text are indexed as folds too, so that names are found in any
script (Ruzakhunov, Рузахунов, Ruzahunov).

The same text gives the same index words everywhere. A change to them must increment `ANALYSER`: `acca search` and
`acca reindex` rebuild an index with another number.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat

import Stemmer

from acca_crawler.items import SearchText
from acca_crawler.text.transliterate import name_key

ANALYSER = 2
STEMMED = frozenset({"ru", "en"})
_KEPT_WORDS = 1 << 17
"""Words whose stem or fold is cached: most words repeat."""

MAX_STEMMED = 200
"""Maximum letters of a word that are stemmed: the stemmer takes a second for a million."""

_APOSTROPHES = "'‘’`´ʹʻʼʽ′＇"
_WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*[{_APOSTROPHES}]?")
_QUICK_WORD = re.compile(rf"\w+(?:[{_APOSTROPHES}]\w+)*[{_APOSTROPHES}]?")
"""The same in a text without underscores, in less than half the time."""

_DROPPED = str.maketrans("ё", "е", _APOSTROPHES)
_HAS_DROPPED = re.compile(f"[ё{_APOSTROPHES}]")
_MARKS = re.compile("[\u0300-\u036f]+")
_FLEETING_VOWEL = re.compile("(?<=[бвгджзйклмнпрстфхцчшщ])[ое](?=[кц]$)")
"""пыток, участок, отец have a vowel that пытки, участка, отца lack; the stemmer gives them different stems."""
_IRREGULAR = {"тюрем": "тюрьмы"}
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def searchable(title: str, text: str, language: str | None) -> SearchText:
    """Return the index words of an article. `language` is a code of `text.language` or None."""
    of_title, of_text = plain_words(joined(title)), plain_words(joined(text))
    return SearchText(
        title_stems=_stems(of_title) if language in STEMMED else "",
        body_stems=_stems(of_text) if language in STEMMED else "",
        title_folds=_folds(of_title, language),
        body_folds=_folds(of_text, language),
    )


def words_of(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text with their positions."""
    return _word_pattern(text).finditer(text)


def plain_words(text: str) -> list[str]:
    """Return the words of a text, several times as fast as `words_of`."""
    found: list[str] = _word_pattern(text).findall(text)
    return found


def _word_pattern(text: str) -> re.Pattern[str]:
    return _WORD if "_" in text else _QUICK_WORD


@lru_cache(_KEPT_WORDS)
def stem_word(word: str) -> str:
    """Stem one word: as Russian if it has a Cyrillic letter, else as English. Case does not matter."""
    plain = word[:MAX_STEMMED]
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFC", plain))
    plain = plain.lower()
    if _HAS_DROPPED.search(plain):
        plain = plain.translate(_DROPPED)
    is_russian = _CYRILLIC.search(plain)
    stem: str = (_STEMMERS.russian if is_russian else _STEMMERS.english).stemWord(_IRREGULAR.get(plain, plain))
    return _FLEETING_VOWEL.sub("", stem) if stem.endswith(("к", "ц")) else stem


class _Stemmers(threading.local):
    """The stemmers of a thread: they are stateful."""

    def __init__(self) -> None:
        self.russian = Stemmer.Stemmer("russian", 0)
        self.english = Stemmer.Stemmer("english", 0)


_STEMMERS = _Stemmers()


@lru_cache(_KEPT_WORDS)
def fold_word(word: str, language: str | None = None) -> str:
    """Fold one word; empty if nothing is left of it (a lone soft sign)."""
    return name_key(word, language=language)


def _stems(words: list[str]) -> str:
    return " ".join(filter(None, map(stem_word, words)))


def _folds(words: list[str], language: str | None) -> str:
    if language in STEMMED:
        words = [word for word in words if word[0].isupper()]
    return " ".join(filter(None, map(fold_word, words, repeat(language))))


def joined(text: str) -> str:
    """Compose or drop combining marks, so that a stressed vowel does not end a word."""
    return _MARKS.sub("", unicodedata.normalize("NFC", text))
