"""Choose the lexicon for a text: by its declared language where the script fits, else by language identification."""

from __future__ import annotations

import re

from acca_crawler.text.language import identify, is_in_another_language
from acca_crawler.text.normalise import one_script
from acca_crawler.text.word_lists import any_of, read_word_lists

_SAMPLE = 400
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_OTHER = re.compile("[\u0600-\u06ff\u0900-\u0fff\u3040-\u9fff\uac00-\ud7af]+")

_NOT_RUSSIAN = re.compile("[\u0400\u0402-\u040f\u0450\u0452-\u04ff][\u0400-\u04ff]*")
"""A word, from the first letter that Russian has not."""
_RUSSIAN = read_word_lists(__file__, "common_words.toml")
RUSSIAN_WORD = re.compile(rf"\b(?:{any_of(_RUSSIAN, 'words')})\b")
_KARAKALPAK = re.compile("\\A(?=[^ўЎ]*[ўЎ])(?=[^әӘ]*[әӘ])")


def reading_language(text: str, language: str | None = None) -> str | None:
    """Return the lexicon language for `text`: `language` if its script fits, else the one identified; else None.

    A text said to be Russian is identified too where one word in eight is not: a channel's posts in another language.

    Returns one of ru, kk, ky, tg, uz, uz-Cyrl, tk, kk-Latn, en.
    """
    sample = one_script(text[:_SAMPLE])
    base = (language or "").split("-")[0]
    if base in ("en", "uz", "tk") and len(sample.encode("utf-8", "replace")) < len(sample) * 1.3:
        return base
    words = _CYRILLIC.findall(sample)
    cyrillic = sum(map(len, words))
    if base in ("ru", "kk", "ky", "tg") and cyrillic * 2 > len(sample):
        is_misnamed = base == "ru" and len(_NOT_RUSSIAN.findall(sample)) * 8 > len(words)
        return _identified(sample, cyrillic) if is_misnamed else base
    latin = _letters(_LATIN, sample)
    if _letters(_OTHER, sample) > cyrillic + latin:
        return None
    if cyrillic > latin:
        if base == "uz":
            return "uz-Cyrl"
        if base in ("ru", "kk", "ky", "tg"):
            return base
        return None if base == "kaa" else _identified(sample, cyrillic)
    if base == "kk":
        return "kk-Latn" if latin else "kk"
    if base in ("en", "uz", "tk"):
        return base
    if base:  # a language that is not ours, of whose texts the identification says little
        return "en" if identify(sample) == "en" else None
    return _identified(sample, 0)


def _letters(runs: re.Pattern[str], sample: str) -> int:
    return sum(map(len, runs.findall(sample)))


def _identified(sample: str, cyrillic: int) -> str | None:
    """Identify the language: None for one that is not ours, Russian or English, by the script, for too few letters."""
    if cyrillic and _KARAKALPAK.search(sample) and len(re.findall("[әӘ]", sample)) > cyrillic / 200:
        return None
    if found := identify(sample):
        return found
    return None if is_in_another_language(sample) else "ru" if cyrillic else "en"
