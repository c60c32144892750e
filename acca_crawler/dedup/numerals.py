"""Parse numbers, including number words of the seven languages.

Covers what news spells out: two to twenty and the tens. "One" is omitted because in most of these languages it is
also the article.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from acca_crawler.text.transliterate import fold

# In order of value: 2 to 20, then 30, 40, 50; forms of the same number are grouped.
_VALUES = (*range(2, 21), 30, 40, 50)
_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty",
    "ru": "два|две|двух|двое|двоих|двум|двумя|обоих три|трех|трёх|трое|троих|трем|трём|тремя "
    "четыре|четырех|четырёх|четверо|четверых|четырем|четырём пять|пяти|пятеро|пятерых|пятью "
    "шесть|шести|шестеро|шестерых "
    "семь|семи|семеро|семерых восемь|восьми|восьмеро|восьмерых девять|девяти|девятерых десять|десяти|десятерых "
    "одиннадцать|одиннадцати двенадцать|двенадцати тринадцать|тринадцати четырнадцать|четырнадцати "
    "пятнадцать|пятнадцати шестнадцать|шестнадцати семнадцать|семнадцати восемнадцать|восемнадцати "
    "девятнадцать|девятнадцати двадцать|двадцати тридцать|тридцати сорок|сорока пятьдесят|пятидесяти",
    "kk": "екі|екеу|екеуі|екеуін|екеуінің үш|үшеу|үшеуі|үшеуін|үшеуінің төрт|төртеу|төртеуі бес|бесеу|бесеуі "
    "алты|алтау|алтауы жеті|жетеу|жетеуі сегіз тоғыз он - - - - - - - - - жиырма отыз қырық елу",
    "ky": "эки|экөө|экөөнү|экөөнүн үч|үчөө|үчөөнү|үчөөнүн төрт|төртөө|төртөөнү беш|бешөө алты|алтоо жети|жетөө "
    "сегиз тогуз он - - - - - - - - - жыйырма отуз кырк элүү",
    "tg": "ду се|серо чор|чаҳор|чорто панҷ|панҷи шаш|шаши ҳафт|ҳафти ҳашт нӯҳ даҳ ёздаҳ дувоздаҳ сездаҳ чордаҳ "
    "понздаҳ шонздаҳ ҳабдаҳ|ҳафдаҳ ҳаждаҳ нуздаҳ бист сӣ чил панҷоҳ",
    "uz": "ikki|ikkita|ikkala|ikkalasi|ikkovi uch|uchta|uchala|uchovi|uchovini toʻrt|toʻrtta|toʻrtovi "
    "besh|beshta|beshovi olti|oltita yetti|yettita sakkiz|sakkizta toʻqqiz|toʻqqizta oʻn|oʻnta - - - - - - - - - "
    "yigirma|yigirmata oʻttiz|oʻttizta qirq ellik",
    "tk": "iki|ikisi|ikisini üç|üçüsi|üçüsini dört|dördüsi bäş|bäşisi alty ýedi sekiz dokuz on - - - - - - - - - "
    "ýigrimi otuz kyrk elli",
}  # fmt: skip
_UZBEK_CYRILLIC = (
    "икки|иккита|иккала|икковини уч|учта|учала|учовини тўрт|тўртта беш|бешта олти|олтита етти|еттита саккиз|саккизта "
    "тўққиз|тўққизта ўн|ўнта - - - - - - - - - йигирма ўттиз|ўттизта қирқ эллик"
)


def _by_word(words: str) -> dict[str, int]:
    return {form: value for value, forms in zip(_VALUES, words.split(), strict=True) for form in forms.split("|")}


_VALUE_OF = {language: _by_word(words) for language, words in _WORDS.items()}
_VALUE_OF["uz-Cyrl"] = _by_word(_UZBEK_CYRILLIC)
_FOLDED = {
    language: frozenset(part for word in value_of for part in fold(word, language=language).split())
    for language, value_of in _VALUE_OF.items()
}
"""Number words as `fold` writes them, to see at once that a sentence has none."""
_NO_WORDS: frozenset[str] = frozenset()
_ONES = frozenset(["one", "один", "одна", "одного", "бір", "бир", "bir", "bitta", "битта"])
_APOSTROPHE = re.compile("['’‘ʼ]")
_TENS = frozenset(range(10, 60, 10))
# 23 000, 23,000 and 23.000 are the same number; so are 4,6 and 4.6.
_FIGURE = re.compile(r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+(?:ʻ[^\W\d_]+)*")


def numbers(text: str, language: str | None, folded: Collection[str]) -> Iterator[str]:
    """Yield every number in `text` as digits with a decimal point; number words per `language` (`text.language`).

    `folded` are the words of the text, folded as in `text.transliterate`.
    """
    for match in _FIGURE.finditer(text):
        yield _figure(match[0])
    if language and not _FOLDED.get(language, _NO_WORDS).isdisjoint(folded):
        yield from map(str, _spelled_out(text, _VALUE_OF[language]))


def _figure(written: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:\D\d{3})+", written):
        return re.sub(r"\D", "", written)
    return written.replace(",", ".")


def _spelled_out(text: str, value_of: dict[str, int]) -> Iterator[int]:
    """Yield number words' values; a ten followed by a unit (он сегіз, twenty-two) is one number."""
    ten = 0
    for word in _WORD.findall(_APOSTROPHE.sub("ʻ", text.lower())):
        value = value_of.get(word, 0)
        if ten and word in _ONES:
            value = 1
        if ten and not 0 < value < 10:
            yield ten
            ten = 0
        if value in _TENS:
            ten = value
        elif value:
            yield ten + value
            ten = 0
    if ten:
        yield ten
