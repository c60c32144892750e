"""Choose the lexicon for a text by its letters and a few common words (`common_words.toml`)."""

from __future__ import annotations

import re

from acca_crawler.text.normalise import one_script
from acca_crawler.text.word_lists import any_of, read_word_lists

_SAMPLE = 400
_CYRILLIC = re.compile("[\u0400-\u04ff]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_OTHER = re.compile("[\u0600-\u06ff\u0900-\u0fff\u3040-\u9fff\uac00-\ud7af]+")

# Letters (per hundred letters of text) and words used by only one of the languages.
_CYRILLIC_SIGNS = (
    ("tg", re.compile("[ӣӯҷӢӮҶ]")),
    ("uz-Cyrl", re.compile("[ўЎҲҳ]")),
    ("kk", re.compile("[әұіӘҰІғқҒҚһҺ]")),
    ("ky", re.compile("[өүңӨҮҢ]")),
)
_NOT_RUSSIAN = re.compile("[\u0400\u0402-\u040f\u0450\u0452-\u04ff][\u0400-\u04ff]*")
"""A word, from the first letter that Russian has not."""
_WORDS = {
    language: rf"\b(?:{any_of({language: groups}, 'words')})\b"
    for language, groups in read_word_lists(__file__, "common_words.toml").items()
}
RUSSIAN_WORD = re.compile(_WORDS["ru"])
_KYRGYZ_WORDS = re.compile(_WORDS["ky"], re.IGNORECASE)
_KARAKALPAK = re.compile("\\A(?=[^ўЎ]*[ўЎ])(?=[^әӘ]*[әӘ])")
_LATIN_SIGNS = (
    ("tk", re.compile(rf"[ýňžÝŇŽ]|{_WORDS['tk']}")),
    ("uz", re.compile(rf"[oOgG]['‘’`ʻʼ´]|{_WORDS['uz']}")),
    ("kk-Latn", re.compile(rf"[ıǵńñūáóúÁÓÚǴŃÑŪ]|{_WORDS['kk-Latn']}")),
    ("en", re.compile(_WORDS["en"])),
)


def reading_language(text: str, language: str | None = None) -> str | None:
    """Return the lexicon language for `text`: `language` if its script fits, else a guess; None if not one of ours.

    A text said to be Russian is guessed too where one word in eight is not: a channel's posts in another language.

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
        return _guess_cyrillic(sample, cyrillic, "") if is_misnamed else base
    latin = _letters(_LATIN, sample)
    if _letters(_OTHER, sample) > cyrillic + latin:
        return None
    if cyrillic > latin:
        if base == "uz":
            return "uz-Cyrl"
        return base if base in ("ru", "kk", "ky", "tg") else _guess_cyrillic(sample, cyrillic, base)
    if base == "kk":
        return "kk-Latn" if latin else "kk"
    return base if base in ("en", "uz", "tk") else _guess_latin(sample, base)


def _letters(runs: re.Pattern[str], sample: str) -> int:
    return sum(map(len, runs.findall(sample)))


def _guess_cyrillic(sample: str, letters: int, base: str) -> str | None:
    if base == "kaa" or (_KARAKALPAK.search(sample) and len(re.findall("[әӘ]", sample)) > letters / 200):
        return None
    counts = {language: len(sign.findall(sample)) for language, sign in _CYRILLIC_SIGNS}
    if counts["tg"] * 100 >= letters * 0.5:
        return "tg"
    if counts["uz-Cyrl"] * 100 >= letters * 0.6:
        return "uz-Cyrl"
    if counts["kk"] * 100 >= letters * 2:
        return "kk"
    if counts["ky"] * 100 >= letters or len(_KYRGYZ_WORDS.findall(sample)) * 400 > letters:
        return "ky"
    return "ru"


def _guess_latin(sample: str, base: str) -> str | None:
    counts = {language: len(sign.findall(sample)) for language, sign in _LATIN_SIGNS}
    best = max(counts, key=lambda language: counts[language])
    if base and base not in ("uz", "tk", "kk", "en") and best != "en":
        return None
    return best if counts[best] else "en"
