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
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import filterfalse

import Stemmer

from acca_crawler.items import SearchText
from acca_crawler.text.transliterate import name_key

ANALYSER = 3
STEMMED = frozenset({"ru", "en"})
_KEPT_WORDS = 1 << 16
"""Words whose stem or fold is cached for queries and snippets: most words repeat."""

_KEPT_TOKENS, _MAX_KEPT = 1 << 17, 100
"""Tokens of texts whose index words are cached, and characters of the longest that is."""

MAX_STEMMED = 200
"""Maximum letters of a word that are stemmed: the stemmer takes a second for a million."""

_PUNCTUATION = '.,;:!?()[]"“”„«»–—-'
_APOSTROPHES = "'‘’`´ʹʻʼʽ′＇"
_WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*[{_APOSTROPHES}]?")
_QUICK_WORD = re.compile(rf"\w+(?:[{_APOSTROPHES}]\w+)*[{_APOSTROPHES}]?")
"""The same in a text without underscores, in less than half the time."""

_DROPPED = str.maketrans("ё", "е", _APOSTROPHES)
_HAS_DROPPED = re.compile(f"[ё{_APOSTROPHES}]")
_MARKS = re.compile("[\u0300-\u036f]+")
_FLEETING_VOWEL = re.compile("(?<=[бвгджзйклмнпрстфхцчшщ])[ое](?=[кц]$)")
"""пыток, участок, отец have a vowel that пытки, участка, отца lack; the stemmer gives them different stems."""
_SURNAME_END = re.compile(r"(?<=\w{3})[ое]в$")
"""The stemmer cuts this from Каримов as if it were a plural, but leaves it in Каримова and Каримову."""
_IRREGULAR = {"тюрем": "тюрьмы"}
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def searchable(title: str, text: str, language: str | None) -> SearchText:
    """Return the index words of an article. `language` is a code of `text.language` or None."""
    # No word reaches over a space, so what is between two spaces gives the same words in every text.
    of_title, of_text = title.split(), text.split()
    folds = _FOLDS[language]
    if language not in STEMMED:
        return SearchText("", "", _line(folds, of_title), _line(folds, of_text))
    return SearchText(
        title_stems=_line(_STEMS, of_title),
        body_stems=_line(_STEMS, of_text),
        title_folds=_line(folds, filterfalse(str.islower, of_title)),
        body_folds=_line(folds, filterfalse(str.islower, of_text)),
    )


class _WordsOfTokens(dict[str, str]):
    """The index words of what is between two spaces; all are forgotten when there are too many.

    A look-up costs less than one of `lru_cache`, which moves what it finds to the front.
    """

    def __init__(self, of_word: Callable[[str], str], capitalised: bool = False) -> None:
        super().__init__()
        self._of_word, self._capitalised = of_word, capitalised

    def __missing__(self, token: str) -> str:
        bare = token.strip(_PUNCTUATION)
        # One word without apostrophes and marks, as nearly all are, needs no search.
        is_word = bare.isalnum() and unicodedata.is_normalized("NFC", bare)
        words = [bare] if is_word else plain_words(joined(token))
        if self._capitalised:
            words = [word for word in words if word[0].isupper()]
        found = self._of_word(words[0]) if len(words) == 1 else " ".join(filter(None, map(self._of_word, words)))
        if len(token) <= _MAX_KEPT:
            if len(self) >= _KEPT_TOKENS:
                self.clear()
            self[token] = found
        return found


class _FoldsByLanguage(dict[str | None, _WordsOfTokens]):
    """The folds of tokens for each language: of all words, or of capitalised ones where the others have stems."""

    def __missing__(self, language: str | None) -> _WordsOfTokens:
        self[language] = folds = _WordsOfTokens(partial(fold_word, language=language), language in STEMMED)
        return folds


def _line(index_words: _WordsOfTokens, tokens: Iterable[str]) -> str:
    return " ".join(filter(None, map(index_words.__getitem__, tokens)))


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
    if plain.isascii() and plain.isalnum():
        english: str = _STEMMERS.english.stemWord(plain.lower())
        return english
    if not plain.isascii():
        plain = joined(plain)
    plain = plain.lower()
    if _HAS_DROPPED.search(plain):
        plain = plain.translate(_DROPPED)
    is_russian = _CYRILLIC.search(plain)
    stem: str = (_STEMMERS.russian if is_russian else _STEMMERS.english).stemWord(_IRREGULAR.get(plain, plain))
    if stem.endswith(("ов", "ев")):
        return _SURNAME_END.sub("", stem)
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


_STEMS = _WordsOfTokens(stem_word)
_FOLDS = _FoldsByLanguage()


def joined(text: str) -> str:
    """Compose or drop combining marks, so that a stressed vowel does not end a word."""
    composed = unicodedata.normalize("NFC", text)
    return composed if composed.isalnum() else _MARKS.sub("", composed)
