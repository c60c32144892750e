"""Match names across scripts: a folding shared by all spellings of a name, and a romanisation for display.

`name_key` is for search and comparison, never for display. It has three steps, the same for a text and a query:

1. Every Cyrillic letter of the region's languages becomes Latin (`_CYRILLIC`); a Latin letter loses its diacritics.
2. Variant romanisations of a sound are merged: kh and h and Uzbek x, q and k, gh and g, zh and j and dzh, w and v,
   y and i, ye and e, yo and e, ng and n. Apostrophes and the soft and hard sign are dropped.
3. Double letters become single; digits stay.

So Рузахунов, Ruzakhunov and Ruzahunov are all `ruzahunov`, and Рузахуновтың is `ruzahunovtin`: an inflected form
starts with the name's fold, so queries match by prefix. The price is that a few different words collide; a check
against the text resolves that. Vowel changes are not covered (Юлдашев, Йўлдошев).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain
from operator import eq

_CYRILLIC = {
    # Russian; ё is often printed as е, and Uzbek ё is Latin yo: all become e.
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "j", "з": "z", "и": "i",
    "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "",
    "э": "e", "ю": "iu", "я": "ia",
    # Kazakh and Kyrgyz
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i",
    # Uzbek and Tajik; ҷ is j in English and дж in Russian
    "ў": "o", "ҳ": "h", "ӣ": "i", "ӯ": "u", "ҷ": "j",
    # Turkmen's former and Karakalpak's alphabet, Ukrainian names
    "җ": "j", "ї": "i", "є": "e", "ґ": "g",
}  # fmt: skip
_LATIN = {
    "ı": "i", "ß": "ss", "æ": "a", "ø": "o", "ə": "a", "ş": "sh", "ș": "sh", "š": "sh", "ç": "ch", "č": "ch",
    "ž": "j",
}  # fmt: skip
_LETTERS = str.maketrans(_CYRILLIC | _LATIN)
_APOSTROPHES = re.compile(r"(?<=\w)['‘’`´ʹʻʼʽ′＇]+")
# Kazakhstan's 2018 alphabet writes у as ý, Turkmen й: the other letters of the word or text decide.
_KAZAKH_2018 = frozenset("áǵńóú")
_TURKMEN = frozenset("äňžşçöü")
_WORD_WITH_Y_ACUTE = re.compile(r"(?<!\w)\w*?ý\w*")
# Each with two strings one of which every match contains, or none if that is two equal letters: most words lack them,
# which is known much faster than by searching.
_VARIANTS = (
    (r"ph", "f", "ph", "ph"),
    (r"(?<=ale)x|(?<=ma)x(?=im)|(?<=feli)x", "ks", "x", "x"),
    (r"shch|sch", "sh", "ch", "ch"),
    (r"dzh|dj|zh", "j", "zh", "dj"),
    (r"kh|x", "h", "kh", "x"),
    (r"gh", "g", "gh", "gh"),
    (r"ck|q|c(?!h)", "k", "c", "q"),
    (r"w", "v", "w", "w"),
    (r"y", "i", "y", "y"),
    (r"([^\W\d])(?=\1)", "", "", ""),
    (r"ng", "n", "ng", "ng"),
    (r"i[eo]", "e", "ie", "io"),
    (r"(?<=[aeo])u", "v", "u", "u"),
    (r"([^\W\d])(?=\1)", "", "", ""),
)
_HAS_VARIANT = re.compile(r"[qwxy]|c(?!h)|sh?ch|[pkgz]h|dj|ng|i[eo]|[aeo]u|(?P<letter>[^\W\d])(?P=letter)")
"""What every word has that one of the rules changes."""
_MERGED = tuple((re.compile(pattern), one, needed, other) for pattern, one, needed, other in _VARIANTS)
_VOWELS = str.maketrans("", "", "aeiou")
# Words repeat throughout a crawl.
_WORDS_REMEMBERED, _TOKENS_REMEMBERED = 1 << 16, 1 << 17
_NO_WORD = re.compile(r"[\W_]+")
_PUNCTUATION = '.,;:!?…()[]«»“”„"–—-'
"""What surrounds words and is not part of one; an apostrophe may be."""


def name_key(text: str, *, language: str | None = None) -> str:
    """Return the search key of a text or a query: its words folded as described above, joined by spaces.

    Deterministic everywhere; the archive's name index stores it. Match a query word by prefix (`ruzahunov*`), because
    names are inflected. Only one letter depends on `language` (a code of `text.language`): ý is a vowel in Kazakh's
    2018 alphabet; if None, the other letters decide.
    """
    text = _lowered(text)
    if language == "kk-Latn":
        text = text.replace("ý", "u")
    elif language is None:
        text = _with_kazakh_u(text)
    text = _APOSTROPHES.sub("", text).replace("йо", "е").translate(_LETTERS)
    if not text.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        text = bare.translate(_LETTERS)  # ѐ and ѓ become letters only without their marks
    return " ".join(filter(None, map(_merged, _NO_WORD.split(text))))


def folded_words(text: str, *, language: str | None = None) -> list[str]:
    """Return the words of `name_key(text, language=language)`, faster for texts whose words repeat."""
    if language in (None, "kk-Latn") and ("ý" in text or "Ý" in text):
        return name_key(text, language=language).split()
    return list(chain.from_iterable(map(_OF_TOKENS.__getitem__, text.split())))


class _OfTokens(dict[str, tuple[str, ...]]):
    """What is between two spaces, which no rule of `name_key` looks beyond, folded; all is forgotten when it is full.

    A look-up costs less than one of `lru_cache`, which moves what it finds to the front.
    """

    def __missing__(self, token: str) -> tuple[str, ...]:
        if len(self) >= _TOKENS_REMEMBERED:
            self.clear()
        self[token] = folded = _of_token(token)
        return folded


_OF_TOKENS = _OfTokens()


def _of_token(token: str) -> tuple[str, ...]:
    token = token.strip(_PUNCTUATION)
    plain = token.lower() if token.isascii() else _lowered(token).replace("йо", "е").translate(_LETTERS)
    if plain.isascii() and plain.isalnum():  # one word without apostrophes and marks, as nearly all are
        return (_merged(plain),)
    return tuple(name_key(token, language="ru").split())


def _lowered(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("İ", "i").lower())


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _merged(word: str) -> str:
    """Merge variants to one letter per sound. Repeats until stable, since Бекхан gives kh only after a first pass."""
    while _HAS_VARIANT.search(word):
        for pattern, one, needed, other in _MERGED:
            if (needed in word or other in word) if needed else True in map(eq, word, word[1:]):
                word = pattern.sub(one, word)
    return word


def skeleton(folded: str) -> str:
    """Return the consonants of a fold, shared by Юлдашев and Yoʻldoshev, Худжанд and Xoʻjand."""
    return folded.translate(_VOWELS)


def _with_kazakh_u(text: str) -> str:
    if "ý" not in text:
        return text
    text_is_kazakh = bool(set(text) & _KAZAKH_2018) and not set(text) & _TURKMEN

    def u_if_kazakh(match: re.Match[str]) -> str:
        word = match[0]
        kazakh, turkmen = bool(set(word) & _KAZAKH_2018), bool(set(word) & _TURKMEN)
        return word.replace("ý", "u") if kazakh or (text_is_kazakh and not turkmen) else word

    return _WORD_WITH_Y_ACUTE.sub(u_if_kazakh, text)


# Romanisation for reading, as in the English-language press of each country.
_ROMAN_RUSSIAN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_ROMAN_KAZAKH = {"ә": "a", "ғ": "gh", "қ": "q", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "і": "i"}
_ROMAN_KYRGYZ = {"ж": "j", "ө": "o", "ү": "u", "ң": "ng"}
_ROMAN_TAJIK = {"ғ": "gh", "ӣ": "i", "қ": "q", "ӯ": "u", "ҳ": "h", "ҷ": "j", "ъ": "ʼ"}
_ROMAN_UZBEK = {
    "ж": "j", "х": "x", "щ": "sh", "ъ": "ʼ", "ы": "i", "ў": "oʻ", "қ": "q", "ғ": "gʻ", "ҳ": "h",
}  # fmt: skip
_ROMAN: dict[str | None, dict[str, str]] = {
    None: _ROMAN_RUSSIAN | _ROMAN_KAZAKH | _ROMAN_TAJIK | {"ў": "o", "ъ": ""},
    "ru": _ROMAN_RUSSIAN,
    "kk": _ROMAN_RUSSIAN | _ROMAN_KAZAKH,
    "ky": _ROMAN_RUSSIAN | _ROMAN_KYRGYZ,
    "tg": _ROMAN_RUSSIAN | _ROMAN_TAJIK,
    "uz-Cyrl": _ROMAN_RUSSIAN | _ROMAN_UZBEK,
}
_E_WITH_Y = re.compile(r"(?:(?<=[аоуэиыеёюяўөүұәӣӯъьАОУЭИЫЕЁЮЯЎӨҮҰӘӢӮЪЬ])|(?<!\w))([еЕ])")


def romanise(text: str, language: str | None) -> str:
    """Romanise the Cyrillic letters of `text`, so that an analyst can read the names in it.

    `language` is a code of `text.language`; None or another code uses a table for all Cyrillic letters of the region.
    Uzbek is written in its official Latin alphabet. Other characters stay unchanged. The result is for display; use
    `name_key` to compare.
    """
    table = _ROMAN.get("uz-Cyrl" if language == "uz" else language, _ROMAN[None])
    if language in ("uz", "uz-Cyrl", "ru"):
        text = _E_WITH_Y.sub(lambda match: "ye" if match[1] == "е" else "Ye", text)
    return "".join(_roman_letter(text, at, table) for at in range(len(text)))


def _roman_letter(text: str, at: int, table: dict[str, str]) -> str:
    letter = text[at]
    roman = table.get(letter.lower())
    if roman is None:
        return letter
    if letter.islower() or not roman:
        return roman
    neighbours = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    shouting = len(roman) > 1 and any(c.isupper() for c in neighbours)
    return roman.upper() if shouting else roman[0].upper() + roman[1:]
