"""Identify a text's language and script among those of the region.

py3langid knows the languages but not the alphabets; it lacks Kazakh in Latin letters and Karakalpak. The text's
script narrows the candidates, and letters unique to one of them are added to its scores as evidence, so that a title
of five words is identified as reliably as an article.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Literal

from acca_crawler.text import language_model
from acca_crawler.text.word_lists import read_word_lists

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

Script = Literal["Cyrl", "Latn"]

VARIETIES = ("en", "ru", "kk", "kk-Latn", "ky", "tg", "uz", "uz-Cyrl", "tk")
"""Possible results of `identify`; a bare code is the language in its usual script (uz is Latin, kk is Cyrillic)."""


def _code(variety: str) -> str:
    """Return the model's code of a result: of the language without its script."""
    return variety.partition("-")[0]


_OURS: dict[Script, dict[str, str]] = {
    "Cyrl": {"ru": "ru", "kk": "kk", "ky": "ky", "tg": "tg", "uz": "uz-Cyrl"},
    "Latn": {"en": "en", "uz": "uz", "tk": "tk", "kk": "kk-Latn"},
}
# Other languages a site of the region may publish in: None is the right answer for them.
_NEIGHBOURS: dict[Script, tuple[str, ...]] = {
    "Cyrl": ("uk", "be", "mn", "bg", "sr", "tt", "ba"),
    "Latn": ("tr", "az", "de", "fr", "es", "pl", "no", "it"),
}
_OUR_MODELS = frozenset(code for ours in _OURS.values() for code in ours)
MODELS = _OUR_MODELS.union(*_NEIGHBOURS.values())
"""The codes of py3langid that are asked about: a sixth of them, and of the time."""
# A related language must beat ours by this much in py3langid's log scores to be accepted.
_NEIGHBOUR_DOUBT = 12.0

# From so many letters on, the language is identified without the outlet's declaration (99 % right on everyday news).
_ENOUGH_UNDECLARED = 200

# Shorter texts are not enough to tell that a language is none of ours. Of 10,285 everyday texts in our languages, one
# with at least so many letters was taken for another language.
_ENOUGH_FOR_OTHERS = 20

# Letters that only some of the languages use; every other language loses this much for each occurrence.
# Russian letters also occur in loanwords and names of the other languages, so they weigh less.
_LETTER_WEIGHT = 6.0
_BORROWED_WEIGHT = 1.5
_WRITTEN_BY: dict[str, frozenset[str]] = {
    letter: frozenset(languages.split())
    for letters, languages in (
        ("ҷӣӯ", "tg"),
        ("ў", "uz be"),
        ("ҳ", "tg uz"),
        ("қғ", "kk tg uz"),
        ("ә", "kk tt ba"),
        ("і", "kk uk be"),
        ("ұ", "kk"),
        ("ө", "kk ky mn tt ba"),
        ("ү", "kk ky mn tt ba"),
        ("ң", "kk ky tt ba"),
        ("ҙҫҡ", "ba"),
        ("җ", "tt"),
        ("їєґ", "uk"),
        ("ђјљњћџ", "sr"),
        ("ы", "ru be kk ky mn tt ba"),
        ("щ", "ru uk bg kk ky mn tt ba"),
        ("ʻ", "uz"),
        ("ňž", "tk"),
        ("ý", "tk kk"),
        ("áǵńúó", "kk es"),
        ("äş", "tk tr az de kk"),
        ("q", "uz kk az en fr es it"),
        ("w", "tk en de pl no"),
        ("ğı", "tr az kk"),
        ("ə", "az"),
        ("ß", "de"),
        ("łęąśż", "pl"),
        ("åæø", "no"),
        ("ñ", "es kk"),
    )
    for letter in letters
}
_BORROWED = frozenset("ыщ")

_LISTS = read_word_lists(__file__, "language.toml")

# Function words, each with those of our languages that use it: they decide for a title full of names.
_WORD_WEIGHT = 4.0
_SMALL_WORDS = {
    word: frozenset(_code(name) for name in VARIETIES if word in _LISTS[name]["words"])
    for name in VARIETIES
    for word in _LISTS[name]["words"]
}

# Endings after at least three letters: individually weak, decisive if a title has no distinctive letter.
_ENDING_WEIGHT = 2.0
_BEFORE_ENDING = 3
_ENDINGS = tuple((_code(name), tuple(_LISTS[name]["endings"])) for name in VARIETIES)

# There is no model for Kazakh in Latin letters: it starts with the score of the likeliest related Turkic language and
# needs more than two distinct markers, each counted once. `against` are letters missing from both of its alphabets
# (2018, 2021).
_KAZAKH_LATIN_NEIGHBOURS = ("uz", "tk", "tr")
_KAZAKH_LATIN_NEEDED = 1.5
_KAZAKH_LATIN_MARKS = tuple(
    re.compile(mark)
    for mark in (
        "ǵ",
        "ń",
        "ū",
        "ú",
        "[áó]",
        "ñ",
        "[ığ]",
        "q",
        "[aäeuá][uý](?:[aäeiylq]|\\b)",
        "[bdfghjklmnpqrstz]y[bdfgjklmnpqrstz]",
    )
)
_KAZAKH_LATIN_AGAINST = re.compile("[wxəʻçňžéíèêãõ]|c(?!h)")
_KARAKALPAK = re.compile(rf"\b(?:{'|'.join(_LISTS['kaa']['words'])})\b")

# A bare r"\w" would split Uzbek words at apostrophes that are not letters.
_APOSTROPHE = re.compile(r"(?<=[og])['‘’`´ʹʼ′＇ʽ]", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LINK = re.compile(r"(?<!\S)\S*?(?:://|www\.|@)\S*|#\w+")
_ENOUGH_LETTERS = 6

# A quotation may be in another language; a pair of quotation marks counts only over a short distance.
_QUOTED = re.compile(r"«[^«»]{8,200}»|“[^“”]{8,200}”|„[^„“”]{8,200}[“”]|\"[^\"]{8,200}\"")
_ENOUGH_UNQUOTED = 8

# Spellings a language does not use: Turkmen has ş for sh and no q, Uzbek no y between consonants and -madi for -medi.
_NEVER_WRITTEN = tuple(
    (language, re.compile(pattern))
    for language, pattern in (
        ("tk", "sh|q"),
        ("uz", "[bdfgjklmnpqrstvxz]y(?:[bdfgjklmnpqrstvxz]|\\b)|m(?:edi|ady)\\b"),
        ("kk", "oʻ|gʻ"),
    )
)


def identify(text: str, *, allowed: tuple[str, ...] = ()) -> str | None:
    """Identify the language of `text` as one of `VARIETIES`, or None if no candidate is convincing.

    `allowed` (codes of `VARIETIES`; `kk` and `uz` cover both scripts) restricts the result to the languages an
    outlet publishes in, unless a longer text is clearly in another of ours: outlets carry pieces in languages that they
    don't declare. A short text in a script that none of them uses gives None. Pass title and body together: more
    letters give more certainty.
    """
    text = _unquoted(_prepared(text))
    script = _script(text)
    if script is None:
        return None
    wanted = _wanted(script, allowed)
    is_short = not _has_letters(text, _ENOUGH_UNDECLARED)
    if _is_karakalpak(text) or (is_short and not wanted):
        return None
    if allowed and is_short:
        return next(iter(wanted.values())) if len(wanted) == 1 else _best(text, script, wanted, set(wanted))
    ours = _OURS[script]
    found = _best(text, script, ours, ours.keys() | set(_NEIGHBOURS[script]))
    return found or (_best(text, script, wanted, set(wanted)) if allowed and wanted else None)


def is_in_another_language(text: str) -> bool:
    """Whether `text` has enough letters to be identified and is in none of `VARIETIES`."""
    return _has_letters(_unquoted(_prepared(text)), _ENOUGH_FOR_OTHERS) and identify(text) is None


def _best(text: str, script: Script, wanted: dict[str, str], models: set[str]) -> str | None:
    scores = _scores(text, script)
    return wanted.get(max(models, key=scores.__getitem__))


def _unquoted(text: str) -> str:
    """Remove quotations if the rest is long enough to identify its language."""
    left = _QUOTED.sub(" ", text)
    return left if _has_letters(left, _ENOUGH_UNQUOTED) else text


def _has_letters(text: str, wanted: int) -> bool:
    return sum(1 for _ in islice(filter(str.isalpha, text), wanted)) == wanted


def _prepared(text: str) -> str:
    text = unicodedata.normalize("NFC", _LINK.sub(" ", text))
    # U+0130 lower-cases to two code points, which no language uses.
    return _APOSTROPHE.sub("ʻ", text.replace("İ", "i")).lower()


def _script(text: str) -> Script | None:
    """Return the script of most letters; None for too few letters or another script (Arabic, Georgian, ...)."""
    counts = Counter(text)
    cyrillic = sum(count for c, count in counts.items() if "Ѐ" <= c <= "ԯ")
    latin = sum(count for c, count in counts.items() if c.isalpha() and c < "\u0250")
    letters = sum(count for c, count in counts.items() if c.isalpha())
    most = max(cyrillic, latin)
    if most < _ENOUGH_LETTERS or most * 2 < letters:
        return None
    return "Cyrl" if cyrillic >= latin else "Latn"


def _wanted(script: Script, allowed: tuple[str, ...]) -> dict[str, str]:
    """Return our languages in this script, keyed by the model's code, limited to those the outlet publishes in."""
    ours = _OURS[script]
    if not allowed:
        return ours
    return {code: ours[code] for code in ours if code in allowed or ours[code] in allowed}


def _is_karakalpak(text: str) -> bool:
    if not set(text) & set("ўҳәǵńúáı"):
        return False
    return ("ў" in text and "ә" in text) or (len(set(_KARAKALPAK.findall(text))) > 1 and "і" not in text)


@lru_cache(maxsize=2)  # a text that is in none of the wanted languages is asked about again
def _scores(text: str, script: Script) -> Mapping[str, float]:
    """Return the score of every language of the region and its neighbours in this script."""
    ranked = {code: score - (0 if code in _OUR_MODELS else _NEIGHBOUR_DOUBT) for code, score in _model().rank(text)}
    scores = {code: ranked[code] for code in (*_OURS[script], *_NEIGHBOURS[script])}
    if script == "Latn":
        scores["kk"] = max(ranked[code] for code in _KAZAKH_LATIN_NEIGHBOURS) + _kazakh_latin_evidence(text)
    letters = Counter(text)
    for letter in letters.keys() & _WRITTEN_BY.keys():
        weight = (_BORROWED_WEIGHT if letter in _BORROWED else _LETTER_WEIGHT) * letters[letter]
        for code in scores.keys() - _WRITTEN_BY[letter]:
            scores[code] -= weight
    for word, count in Counter(_WORD.findall(text)).items():
        for code, weight in _evidence_of_word(word):
            if code in scores:
                scores[code] += weight * count
    for code, never in _NEVER_WRITTEN if script == "Latn" else ():
        if code in scores:
            scores[code] -= _LETTER_WEIGHT * len(never.findall(text))
    return scores


@lru_cache(maxsize=1 << 15)
def _evidence_of_word(word: str) -> tuple[tuple[str, float], ...]:
    """Return the languages that use a word or have its ending, with the weight of each; words repeat in every text."""
    used = tuple((code, _WORD_WEIGHT) for code in sorted(_SMALL_WORDS.get(word, ())))
    return (*used, *((code, _ENDING_WEIGHT) for code, endings in _ENDINGS if _ends_with(word, endings)))


def _ends_with(word: str, endings: tuple[str, ...]) -> bool:
    return word.endswith(endings) and any(word.endswith(one, _BEFORE_ENDING) for one in endings)


def _kazakh_latin_evidence(text: str) -> float:
    marks = sum(mark.search(text) is not None for mark in _KAZAKH_LATIN_MARKS)
    against = len(_KAZAKH_LATIN_AGAINST.findall(text))
    return _LETTER_WEIGHT * (marks - _KAZAKH_LATIN_NEEDED - against)


@cache
def _model() -> LanguageIdentifier:
    """Load py3langid's model on first use: it imports numpy and takes a fifth of a second."""
    return language_model.read()
