"""Fold text for matching, and map positions back to offsets in the stored text.

The steps and letter tables are those of the lexicon contract: NFC, lower case, invisible characters and
apostrophe variants, homoglyphs repaired per word, pre-Unicode Tajik and Kyrgyz fonts, ё to е, and for Uzbek in
Cyrillic and Kazakh in Latin letters a transliteration into the alphabet of their lexicon.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

LATIN_LANGUAGES = frozenset({"en", "uz", "tk", "kk-Latn"})
CYRILLIC_LANGUAGES = frozenset({"ru", "kk", "ky", "tg", "uz-Cyrl"})
_YO_IS_A_LETTER = frozenset({"tg", "uz-Cyrl"})
"""Languages in which ё is never written е: Tajik сиёсӣ, not сиесӣ; Uzbek -ётган, not -етган."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
APOSTROPHES = "'\u2018\u2019`\u00b4\u02b9\u02bb\u02bc\u2032\uff07\u02bd"
TURNED_COMMA = "\u02bb"  # Uzbek oʻ gʻ
TUTUQ = "\u02bc"

_LATIN_LOOKALIKES = "ABCEHIKMOPTXYaceikmoptxyhə"
_CYRILLIC_LOOKALIKES = "АВСЕНІКМОРТХУасеікмортхуһә"
_TO_CYRILLIC = dict(zip(_LATIN_LOOKALIKES, _CYRILLIC_LOOKALIKES, strict=True))
_TO_LATIN = dict(zip(_CYRILLIC_LOOKALIKES, _LATIN_LOOKALIKES, strict=True))
_LATIN = "A-Za-zÀ-ɏəƏ"
_CYRILLIC = "\u0400-\u04ff"
# The next four begin with one set of letters, which the matcher looks for faster than for anything else.
_LATIN_TOUCHES = re.compile(rf"[{_LATIN}](?:(?=[{_CYRILLIC}])|(?<=[{_CYRILLIC}].))")
_CYRILLIC_TOUCHES = re.compile(rf"[{_CYRILLIC}](?:(?=[{_LATIN}])|(?<=[{_LATIN}].))")
_LATIN_HOMOGLYPHS = re.compile(rf"[{_LATIN_LOOKALIKES}](?<!\w.)[{_LATIN_LOOKALIKES}]*+(?!\w)")
_CYRILLIC_HOMOGLYPHS = re.compile(rf"[{_CYRILLIC_LOOKALIKES}](?<!\w.)[{_CYRILLIC_LOOKALIKES}]*+(?!\w)")
_WORD = re.compile(r"\w+")

_INVISIBLE_OR_LONG = f"{INVISIBLE}İ"
_INSIDE_A_WORD = re.compile(r"'(?<=\w')(?=\w)")
_ODD = re.compile(rf".[\u0300-\u036f\u0483-\u0487]+|[{_INVISIBLE_OR_LONG}]", re.DOTALL)

_OLD_FONT_TAJIK = str.maketrans("љњїќѓў", "ҷҳӣқғӯ")
_OLD_FONT_KYRGYZ = str.maketrans("єїўњ", "өүңң")

_UZ_CYRILLIC = dict(zip("абвгджзийклмнопрстуфхыэеқҳ", "abvgdjziyklmnoprstufxieeqh", strict=True)) | {
    "ё": "yo",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ъ": TUTUQ,
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "ў": "o" + TURNED_COMMA,
    "ғ": "g" + TURNED_COMMA,
}
_UZ_INITIAL_E = re.compile(r"(?<![бвгджзйклмнпрстфхцчшщқғҳ])е")
_KK_LATIN = dict(zip("aábdefgǵhijklmnńoópqrstuúvyýızäğñöşūüә", "аәбдефгғхіжклмнңоөпқрстұүвыуизәғңөшұүә", strict=True))
_KK_DIGRAPH = re.compile("[sc]h")
_KK_SHORT_I = re.compile("(?<=[aáeoóuúyiıýäöüūә])ı(?![aáoýu])")
"""ı is и or й: й after a vowel, unless it starts what Cyrillic writes as я or ю."""
_KK_GLIDE_U = re.compile("(?<=[aáäeoóöiıy])u")
_KK_GLIDE_I = re.compile("(?<=[aáäeoóöúüūy])i")
_KK_LATE = re.compile("[äöüūşğñ]")
_KK_EARLY = re.compile("[áóúǵńý]")
_KK_VOWEL, _KK_CONSONANT = "(?<=[aáäeoóöuúüūyýı])", "(?<=[bdfgğǵhjklmnñńpqrsştvz])"
_KK_LATE_SIGN = re.compile(f"{_KK_VOWEL}i|{_KK_CONSONANT}ı")
_KK_EARLY_SIGN = re.compile(f"{_KK_VOWEL}ı|ı(?=ı)|{_KK_CONSONANT}i|[sc]h")
"""й is mostly after a vowel, і after a consonant; ıı is ий."""
_KK_SWAPPED_I = str.maketrans("iı", "ıi")
_KK_FRONT = frozenset("áäeóöúü")
_KK_BACK = frozenset("aoyūu")


def _letters(given: str, plain: str) -> dict[int, str]:
    return {ord(letter): other for letter, other in zip(given, plain, strict=True)}


# Letters that careless pages replace. Uzbek is excluded: without apostrophes oʻldi, died, would become oldi, took.
PLAIN_LETTERS: Mapping[str, Mapping[int, str]] = {
    "kk": _letters("әғқңөұүһі", "агкноуухи"),
    "ky": _letters("ңөү", "ноу"),
    "tg": _letters("ғӣқӯҳҷ", "гикухч"),
    "tk": _letters("äçžňöşüý", "acznosuy"),
}


@dataclass(frozen=True, slots=True)
class Folded:
    """Text prepared for matching. `offset` maps a position in `text` to the original's code points."""

    text: str
    original: str
    _starts: tuple[int, ...] | None = field(default=None, repr=False)

    @property
    def keeps_offsets(self) -> bool:
        """Whether every character kept its position, so that positions equal offsets."""
        return self._starts is None

    def offset(self, position: int) -> int:
        """Return the offset in the original of folded position `position` (0 to `len(text)`)."""
        return position if self._starts is None else self._starts[position]

    def folded_position(self, offset: int) -> int:
        """Return the first position in the folded text that comes from original offset `offset` or later."""
        if self._starts is None:
            return offset
        return min(bisect_left(self._starts, offset), len(self.text))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return start and end (exclusive) in the original of folded `start` to `end`, whole characters only."""
        if self._starts is None:
            return start, end
        first = self._starts[start]
        last = self._starts[end] if end < len(self.text) else len(self.original)
        while last > first + 1 and self.original[last - 1] in INVISIBLE:
            last -= 1
        return first, max(last, first + 1)


def fold_for_matching(text: str, language: str | None = None) -> Folded:
    """Fold `text` (any Unicode form) for matching in `language` (BCP 47: `ru`, `kk-Latn`, `uz-Cyrl`, ...).

    Without a language only the language-independent steps are applied.
    """
    letters, starts = _composed(text)
    letters = one_script(letters, language)
    letters = _kazakh_lowered(letters) if language == "kk-Latn" else letters.lower()
    if "ё" in letters and language not in _YO_IS_A_LETTER:
        letters = letters.replace("ё", "е")
    letters = _apostrophes(_old_fonts(letters, language), language)
    if language == "uz-Cyrl":
        return _transliterated(text, _uzbek_prepared(letters), starts, _UZ_CYRILLIC)
    if language == "kk-Latn":
        prepared, kept = _join_digraphs(_KK_SHORT_I.sub("й", _kazakh_draft(letters)))
        joined = kept if starts is None else tuple(starts[k] for k in kept)
        return _transliterated(text, prepared, joined, {**_KK_LATIN, "ш": "ш", "ч": "ч"})
    return Folded(letters, text, starts)


def one_script(text: str, language: str | None = None) -> str:
    """Replace homoglyphs from the other script; every character keeps its position.

    Without a language only words of mixed scripts are repaired.
    """
    if language in CYRILLIC_LANGUAGES:
        return _repair(text, _LATIN_TOUCHES, _LATIN_HOMOGLYPHS, _TO_CYRILLIC)
    if language in LATIN_LANGUAGES:
        return _repair(text, _CYRILLIC_TOUCHES, _CYRILLIC_HOMOGLYPHS, _TO_LATIN)
    return _mend_mixed(text, _LATIN_TOUCHES)


def with_plain_letters(text: str) -> str:
    """Return `text` in lower case with ё as е and every apostrophe as ʻ, at the same positions.

    A letter whose lower case is longer (İ) moves what follows.
    """
    return _with_apostrophe(text.lower().replace("ё", "е"), TURNED_COMMA)


def _composed(text: str) -> tuple[str, tuple[int, ...] | None]:
    """NFC without invisible characters; the starts are None if every character keeps its position."""
    if unicodedata.is_normalized("NFC", text) and not has_any(text, _INVISIBLE_OR_LONG):
        return text, None
    letters: list[str] = []
    starts: list[int] = []
    at = 0
    for match in _ODD.finditer(text):
        _add_plain(text, at, match.start(), letters, starts)
        _add_cluster(match.group(), match.start(), letters, starts)
        at = match.end()
    _add_plain(text, at, len(text), letters, starts)
    return "".join(letters), (*starts, len(text))


def _add_plain(text: str, start: int, end: int, letters: list[str], starts: list[int]) -> None:
    """Add a stretch without marks and invisible characters: as it is, unless some of its characters are not NFC."""
    stretch = text[start:end]
    if unicodedata.is_normalized("NFC", stretch):
        letters.append(stretch)
        starts.extend(range(start, end))
        return
    for position, letter in enumerate(stretch, start):
        _add_cluster(letter, position, letters, starts)


def _add_cluster(cluster: str, start: int, letters: list[str], starts: list[int]) -> None:
    """Add a character with the marks behind it, composed."""
    composed = unicodedata.normalize("NFC", cluster[1:] if cluster[0] in INVISIBLE else cluster)
    composed = composed.replace("İ", "i").replace("i\u0307", "i")
    letters.append(composed)
    starts.extend([start] * len(composed))


def has_any(text: str, signs: Iterable[str]) -> bool:
    """Whether the text has any of a few signs; much faster than a pattern, which looks at every letter once."""
    for sign in signs:  # noqa: SIM110 - `any` takes twice as long
        if sign in text:
            return True
    return False


def _repair(text: str, touches: re.Pattern[str], homoglyphs: re.Pattern[str], table: Mapping[str, str]) -> str:
    """Replace homoglyphs of one script by the other one's: in words of both scripts, and in whole words of them.

    One look for each tells most texts, which need no repair.
    """
    text = _mend_mixed(text, touches)
    return homoglyphs.sub(lambda word: "".join(table[letter] for letter in word.group()), text)


@lru_cache(maxsize=2)  # a short text is looked at for its language first, and then folded
def _mend_mixed(text: str, touches: re.Pattern[str]) -> str:
    """Put every word in which letters of both scripts touch into one."""
    if text.isascii():
        return text
    parts: list[str] = []
    at = 0
    for touch in touches.finditer(text):
        start = touch.start()
        if start < at:
            continue
        word = _WORD.match(text, start)
        while start > at and _WORD.match(text, start - 1):
            start -= 1
        end = word.end() if word else touch.end()
        parts += (text[at:start], _one_script(text[start:end]))
        at = end
    return "".join((*parts, text[at:]))


def _one_script(word: str) -> str:
    latin = sum(letter.isascii() and letter not in _TO_CYRILLIC for letter in word)
    cyrillic = sum("\u0400" <= letter <= "\u04ff" and letter not in _TO_LATIN for letter in word)
    if latin == cyrillic == 0:
        cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word) * 2 - len(word)
        latin = -cyrillic
    table = _TO_CYRILLIC if cyrillic >= latin else _TO_LATIN
    return "".join(table.get(letter, letter) for letter in word)


def _old_fonts(text: str, language: str | None) -> str:
    if language == "tg" and re.search("[љњїќѓў]", text) and not re.search("[ҷҳӣқғӯ]", text):
        return text.translate(_OLD_FONT_TAJIK)
    if language == "ky" and re.search("[єїўњ]", text) and not re.search("[өүң]", text):
        return text.translate(_OLD_FONT_KYRGYZ)
    return text


def _with_apostrophe(text: str, sign: str) -> str:
    """Return the text with every apostrophe as `sign`."""
    for variant in APOSTROPHES:
        if variant in text:  # faster than to replace what is not there
            text = text.replace(variant, sign)
    return text


def _apostrophes(text: str, language: str | None) -> str:
    text = _with_apostrophe(text, "'")
    if language not in ("uz", "uz-Cyrl") or "'" not in text:
        return text
    text = text.replace("o'", f"o{TURNED_COMMA}").replace("g'", f"g{TURNED_COMMA}")
    return _INSIDE_A_WORD.sub(TUTUQ, text)


def _uzbek_prepared(text: str) -> str:
    """е at the start of a word or after a vowel is ye; ц is ts between vowels, else s (one character each)."""
    return (
        _UZ_INITIAL_E.sub("\u0001", text).replace("ц", "\u0002") if "ц" in text else _UZ_INITIAL_E.sub("\u0001", text)
    )


def _kazakh_lowered(text: str) -> str:
    """Return the lower-case text; the alphabet of 2021 has I as the capital of ı."""
    if "I" in text and "ı" in text and _is_late_kazakh(text.replace("I", "").lower()):
        text = text.replace("I", "ı")
    return text.lower()


def _is_late_kazakh(letters: str) -> bool:
    """Whether lower-case Kazakh is written in the alphabet of 2021 rather than that of 2018."""
    own = len(_KK_LATE.findall(letters)) - len(_KK_EARLY.findall(letters))
    return (own or len(_KK_LATE_SIGN.findall(letters)) - len(_KK_EARLY_SIGN.findall(letters))) > 0


def _kazakh_draft(text: str) -> str:
    """Convert the alphabet of 2021, and text typed without diacritics, to the alphabet of 2018, letter by letter.

    In 2018 и and й are ı, і is i, ұ is u and у is ý; in 2021 и and й are i, і is ı, ұ is ū and у is u. Text without any
    ı uses i for all three: й after a vowel, и in words with back vowels, where Kazakh has no і.
    """
    is_late = _is_late_kazakh(text)
    text = text.replace("u", "ý") if is_late else _KK_GLIDE_U.sub("ý", text)
    if "ı" not in text:
        return _WORD.sub(lambda match: _with_dotless_i(match.group()), text)
    return text.translate(_KK_SWAPPED_I) if is_late else text


def _with_dotless_i(word: str) -> str:
    letters = set(word)
    if letters & _KK_BACK and not letters & _KK_FRONT:
        return word.replace("i", "ı")
    return _KK_GLIDE_I.sub("ı", word)


def _join_digraphs(text: str) -> tuple[str, tuple[int, ...]]:
    parts: list[str] = []
    kept: list[int] = []
    position = 0
    for match in _KK_DIGRAPH.finditer(text):
        parts.append(text[position : match.start()] + ("ш" if match.group() == "sh" else "ч"))
        kept.extend(range(position, match.start() + 1))
        position = match.end()
    parts.append(text[position:])
    kept.extend(range(position, len(text) + 1))
    return "".join(parts), tuple(kept)


def _transliterated(original: str, text: str, starts: tuple[int, ...] | None, table: Mapping[str, str]) -> Folded:
    codes = {ord(key): value for key, value in table.items()}
    letters = text.translate({**codes, 1: "ye", 2: "ts"})
    sources = _sources(text, table)
    if starts is None:
        return Folded(letters, original, (*sources, len(original)))
    return Folded(letters, original, (*(starts[s] for s in sources), len(original)))


def _sources(text: str, table: Mapping[str, str]) -> Iterator[int]:
    lengths = {**{key: len(value) for key, value in table.items()}, "\u0001": 2, "\u0002": 2}
    for index, letter in enumerate(text):
        for _ in range(lengths.get(letter, 1)):
            yield index


__all__ = ["PLAIN_LETTERS", "Folded", "fold_for_matching", "has_any", "one_script", "with_plain_letters"]
