"""In which of the region's languages and scripts a text is written.

py3langid knows the languages, not the alphabets; it has no Kazakh in Latin letters and no Karakalpak. The text's
script says which of its languages can be meant at all, and letters that only one of them writes are added to its
scores as evidence, so that a title of five words is as safe as an article.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

Script = Literal["Cyrl", "Latn"]

LANGUAGES = ("en", "ru", "kk", "kk-Latn", "ky", "tg", "uz", "uz-Cyrl", "tk")
"""What `identify` can answer: a bare code is the language in its usual script (uz is Latin, kk is Cyrillic)."""

_OURS: dict[Script, dict[str, str]] = {
    "Cyrl": {"ru": "ru", "kk": "kk", "ky": "ky", "tg": "tg", "uz": "uz-Cyrl"},
    "Latn": {"en": "en", "uz": "uz", "tk": "tk", "kk": "kk-Latn"},
}
# Languages that a site of the region may carry beside ours: answering None for them is right.
_NEIGHBOURS: dict[Script, tuple[str, ...]] = {
    "Cyrl": ("uk", "be", "mn", "bg", "sr", "tt", "ba"),
    "Latn": ("tr", "az", "de", "fr", "es", "pl", "no", "it"),
}

# Letters that only some of the languages write; every other language loses this much for each one met.
# Russian's own letters stand in borrowed words and names of the others, so they weigh less.
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
        ("ňýž", "tk"),
        ("äş", "tk tr az de kk"),
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

# Kazakh in Latin letters: the 2018 alphabet and the 2021 draft. Uzbek writes neither, Turkmen and Turkish no q;
# Azerbaijani writes ə; Karakalpak, the nearest neighbour, writes x, w and words of its own.
_KAZAKH_LATIN_LETTERS = frozenset("áǵńúıūğñäöüşqyýó")
_KAZAKH_LATIN_SURE = frozenset("ǵńūáñ")
_KAZAKH_LATIN_WORDS = """
men jáne jäne úshin üşin boldy bolǵan bolğan dep degen edi eken bul osy sol onyń onyñ týraly turaly
boıynsha boiynşa keıin keiin qazaqstan retinde emes joq úkim sot jyly jyl adam qala oblysy
"""
_KARAKALPAK = re.compile(r"\b(?:ҳәм|менен|ушын|бойынша|болып|hám|menen|ushın|boyınsha|bolıp|haqqında|ҳаққында)\b")

# A bare r"\w" would split Uzbek words at an apostrophe that is none of its own letters.
_APOSTROPHE = re.compile(r"(?<=[og])['‘’`´ʹʼ′＇ʽ]", re.IGNORECASE)
_LINK = re.compile(r"\S*(?:://|www\.|@)\S*|#\w+")
_ENOUGH_LETTERS = 6


def identify(text: str, *, allowed: tuple[str, ...] = ()) -> str | None:
    """The language of `text` as one of `LANGUAGES`, or None where nothing is convincing.

    `allowed` (codes of `LANGUAGES`; `kk` and `uz` stand for both of their scripts) restricts the answer to what an
    outlet publishes in; a text in a script that none of them uses is None all the same. Pass title and body
    together where both are known: more letters, more certainty.
    """
    text = _prepared(text)
    script = _script(text)
    if script is None:
        return None
    wanted = _wanted(script, allowed)
    if not wanted or _is_karakalpak(text):
        return None
    if script == "Latn" and "kk" in wanted and _is_kazakh_latin(text):
        return "kk-Latn"
    models = set(wanted) - ({"kk"} if script == "Latn" else set())
    if not models:
        return None
    scores = _scores(text, models if allowed else models | set(_NEIGHBOURS[script]))
    best = max(scores, key=scores.__getitem__)
    return wanted.get(best)


def _prepared(text: str) -> str:
    text = unicodedata.normalize("NFC", _LINK.sub(" ", text))
    # U+0130 lower-cases to two code points, a letter that no language has.
    return _APOSTROPHE.sub("ʻ", text.replace("İ", "i")).lower()


def _script(text: str) -> Script | None:
    """The script of most letters; None for too few letters or for a third script (Arabic, Georgian, ...)."""
    cyrillic = sum("Ѐ" <= c <= "ԯ" for c in text)
    latin = sum(c.isalpha() and c < "\u0250" for c in text)
    letters = sum(c.isalpha() for c in text)
    most = max(cyrillic, latin)
    if most < _ENOUGH_LETTERS or most * 2 < letters:
        return None
    return "Cyrl" if cyrillic >= latin else "Latn"


def _wanted(script: Script, allowed: tuple[str, ...]) -> dict[str, str]:
    """Our languages in this script, keyed by the model's code, narrowed to what the outlet publishes in."""
    ours = _OURS[script]
    if not allowed:
        return ours
    return {code: ours[code] for code in ours if code in allowed or ours[code] in allowed}


def _is_karakalpak(text: str) -> bool:
    if not set(text) & set("ўҳәǵńúáı"):
        return False
    return ("ў" in text and "ә" in text) or (len(set(_KARAKALPAK.findall(text))) > 1 and "і" not in text)


def _is_kazakh_latin(text: str) -> bool:
    letters = [c for c in text if c in _KAZAKH_LATIN_LETTERS]
    foreign = sum(c in "cwxəʻç" for c in text) - 2 * (text.count("ch") + text.count("sch"))
    words = re.findall(r"\w+", text)
    own_words = len(set(_KAZAKH_LATIN_WORDS.split()) & set(words))
    sure = sum(c in _KAZAKH_LATIN_SURE for c in letters)
    return foreign <= len(words) // 8 and (("q" in letters and sure + own_words > 0) or sure > 1)


def _scores(text: str, languages: set[str]) -> dict[str, float]:
    scores = {code: score for code, score in _model().rank(text) if code in languages}
    for letter in text:
        writers = _WRITTEN_BY.get(letter)
        if writers is None:
            continue
        weight = _BORROWED_WEIGHT if letter in _BORROWED else _LETTER_WEIGHT
        for code in scores:
            if code not in writers:
                scores[code] -= weight
    return scores


@cache
def _model() -> LanguageIdentifier:
    """py3langid's model, loaded at first use: it brings numpy and a second of work."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
