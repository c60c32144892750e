"""The words under which an article is found: stems where a language has a good stemmer, folds for all the others.

Russian and English words are indexed by their Snowball stem (задержаны finds задержанного). Every other language is
indexed by the transliteration folding (`text.transliterate`) and searched by the beginning of a word, because these
languages add their endings at the end. Russian and English text gives its capitalised words to the folds too: names
are found there whatever script they are asked for in (Ruzakhunov, Рузахунов, Ruzahunov).

The same text gives the same index words everywhere. A change of that must raise `ANALYSER`: an archive that was
indexed by another number is indexed anew by `acca search` or `acca reindex`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from acca_crawler.items import SearchText
from acca_crawler.text.transliterate import fold

ANALYSER = 2
STEMMED = frozenset({"ru", "en"})
_KEPT_WORDS = 1 << 17
"""Words whose stem or fold is remembered: the stemmer takes some 30 µs a word, and most words come again."""

_APOSTROPHES = "'‘’`´ʹʻʼʽ′＇"
_WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*[{_APOSTROPHES}]?")
_DROPPED = str.maketrans("ёЁ", "еЕ", _APOSTROPHES)
_MARKS = re.compile("[\u0300-\u036f]+")
_FLEETING_VOWEL = re.compile("(?<=[бвгджзйклмнпрстфхцчшщ])[ое](?=[кц]$)")
"""пыток, участок, отец keep a vowel that пытки, участка, отца lack; the stemmer leaves them two words."""
_IRREGULAR = {"тюрем": "тюрьмы"}
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def searchable(title: str, text: str, language: str | None) -> SearchText:
    """The index words of an article. `language` is a code of `text.language` or None."""
    return SearchText(
        title_stems=_stems(title) if language in STEMMED else "",
        body_stems=_stems(text) if language in STEMMED else "",
        title_folds=_folds(title, language),
        body_folds=_folds(text, language),
    )


def words_of(text: str) -> list[re.Match[str]]:
    """The words of a text with their places."""
    return list(_WORD.finditer(text))


@lru_cache(_KEPT_WORDS)
def stem_word(word: str) -> str:
    """The stem of one word: Russian where it has a Cyrillic letter, else English. Letter case does not matter."""
    plain = _MARKS.sub("", unicodedata.normalize("NFC", word)).lower().translate(_DROPPED)
    # A stemmer keeps its word in itself, so each thread needs its own; making one costs next to nothing.
    stemmer = snowballstemmer.stemmer("russian" if _CYRILLIC.search(plain) else "english")
    stem: str = stemmer.stemWord(_IRREGULAR.get(plain, plain))
    return _FLEETING_VOWEL.sub("", stem)


@lru_cache(_KEPT_WORDS)
def fold_word(word: str, language: str | None = None) -> str:
    """The fold of one word; empty where nothing of it is left (a lone soft sign)."""
    return fold(word, language=language)


def _stems(text: str) -> str:
    return " ".join(stem for word in _WORD.findall(joined(text)) if (stem := stem_word(word)))


def _folds(text: str, language: str | None) -> str:
    words = _WORD.findall(joined(text))
    if language in STEMMED:
        words = [word for word in words if word[0].isupper()]
    return " ".join(folded for word in words if (folded := fold_word(word, language)))


def joined(text: str) -> str:
    """The text with every mark joined to its letter or gone, so that a stressed vowel does not end a word."""
    return _MARKS.sub("", unicodedata.normalize("NFC", text))
