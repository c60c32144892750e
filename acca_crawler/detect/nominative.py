"""Convert a person's name, or a Russian phrase, from its form in a text to the nominative.

Russian declines every part of a name, and `Азиза Мирзаахмедова` is a woman, or a man in the genitive: the adjacent
words and the other forms of the name in the text decide. The other languages add their endings to the last part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from acca_crawler.detect.name_words import name_words
from acca_crawler.text.transliterate import name_key

_VOWELS = "аәеёиіоөуұүыэюяӣӯaeiouyöüäýı"
_SURNAME_INSTRUMENTAL = re.compile(r"(.{2,}(?:ов|ев|ёв|ин|ын))ым$", re.IGNORECASE)
_OF_ONE_GENDER = re.compile(r"(?:ов|ев|ёв|ин)(?:(?P<femn>ой|ою)|ым)$|ск(?:(?P<femn2>ой|ую|ая)|ий|им|ого|ому)$")
_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
_GENITIVE = {
    "ky": re.compile(r"[еиэ][^аеиоуыэюяөү]+[дт]ин$|[аыя][^аеиоуыэюяөү]+[дт]ын$"),
    "kk": re.compile(r"[аыұя][^аәеиоуыэюяөүұі]+[дт]ың$|[әеиі][^аәеиоуыэюяөүұі]+[дт]ің$"),
}
_DECLINED = re.compile(r"(?:[мпб]ен|[нтд][ыіиуү]ң|[нтд][иыуү]н|ning|нинг|nyň|niň)$")
"""Endings of three letters and more that no surname has."""
_WITH_IZAFET = re.compile(r"[бвгғдҷжзйкқлмнпрстфхҳчш]и$", re.IGNORECASE)
_BEFORE_AGE = re.compile(r"\s+\d+\W?сола")
_WORD = re.compile(r"[\w-]+")


def nominative(name: str, language: str, before: str, after: str, others: Collection[str]) -> str:
    """Return `name` in the nominative. `before` and `after` are the adjacent words, `others` the name's other forms."""
    if language == "ru":
        return _russian(name, before, after, others)
    if language == "tg" and _BEFORE_AGE.match(after) and _WITH_IZAFET.search(name):
        return name[:-1]
    return _without_ending(name, language, others)


def _without_ending(name: str, language: str, others: Collection[str]) -> str:
    head, blank, last = name.rpartition(" ")
    lasts = {other.rpartition(" ")[2].lower() for other in others}
    found = list(stems(last, language))
    forms = (*(() if _is_genitive(head, last, language) else (last,)), *(stem for stem, _ in found))
    is_plain = not any(name_words().surname_end.search(form.lower()) for form in forms)
    is_declined = len(forms) == len(found) or _DECLINED.search(last.lower()) is not None
    if is_plain and (is_declined or is_given(head.split(" ")[0], language)):
        return next(
            (
                f"{head}{blank}{stem}"
                for stem, sure in found
                if (sure and len(last) - len(stem) > 1) or stem.lower() in lasts
            ),
            name,
        )
    for stem, sure in found:
        if stem.lower() in lasts or (sure and name_words().surname_end.search(stem.lower())):
            return f"{head}{blank}{stem}"
    return name


def _is_genitive(head: str, last: str, language: str) -> bool:
    """Whether a last part ends in a genitive that looks like -ин of surnames: Шакирдин, not Бородин (no harmony)."""
    harmony = _GENITIVE.get(language)
    return (
        harmony is not None
        and harmony.search(last.lower()) is not None
        and (name_key(head.split(" ")[0]) not in name_words().slavic)
    )


@lru_cache(maxsize=20_000)
def is_given(word: str, language: str) -> bool:
    """Whether a word is a given name of the region, listed or by its ending; in Russian in any case."""
    key = name_key(word)
    given = name_words().given
    if key in given or name_words().given_end.match(word.lower()):
        return True
    return (
        language == "ru" and len(key) > 4 and not given.isdisjoint((key[:-1], key[:-2], f"{key[:-1]}a", f"{key[:-2]}a"))
    )


def stems(word: str, language: str) -> Iterator[tuple[str, bool]]:
    """Yield the word without each possible ending, longest ending first, and whether the ending is certain."""
    endings = name_words().endings.get(language)
    if endings is None:
        return
    for ending in endings.longest_first:
        stem = word[: -len(ending)]
        if not word.lower().endswith(ending) or len(stem) < 3:
            continue
        fits = endings.vowel if stem[-1].lower() in _VOWELS else endings.consonant
        if ending in fits or ending in endings.doubtful:
            yield stem, ending not in endings.doubtful


class _Reading(NamedTuple):
    """One analysis of a part of a name: its nominative, gender and case."""

    nominative: str
    gender: str
    case: str
    known: bool


@cache
def _analyzer() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


def _russian(name: str, before: str, after: str, others: Collection[str]) -> str:
    parts = name.split(" ")
    cases = _cases_asked(before)
    seen = {word.lower() for other in others for word in other.split(" ")}
    verb = _gender_of_verb(after)
    shown = _gender_of_forms(others)
    best, best_score = name, -10.0
    for readings in product(*_readings_of_parts(parts)):
        genders = {reading.gender for reading in readings if reading.gender}
        if len({reading.case for reading in readings}) > 1 or len(genders) > 1:
            continue
        case, gender = readings[0].case, next(iter(genders), "")
        score = 1.0 + sum(0.6 for reading in readings if reading.known) + (0.5 if case == "nomn" else 0.0)
        score += 2.0 if case in cases else 0.0
        score -= 2.0 if cases and case not in cases else 0.0
        score += 1.0 if case == "nomn" and verb and verb == gender else 0.0
        score += 1.5 if readings[-1].nominative.lower() in seen else 0.0
        score += 1.5 if shown and shown == gender else 0.0
        if score > best_score:
            best, best_score = " ".join(reading.nominative for reading in readings), score
    return best


def _cases_asked(before: str) -> frozenset[str]:
    """Return the cases required by the last words before a name: an agreeing title, a preposition or a verb."""
    words = _WORD.findall(before.rstrip()) if before.rstrip()[-1:].isalpha() else []
    if not words:
        return frozenset()
    last = words[-1].lower()
    asked = {case for case, prepositions in name_words().prepositions.items() if last in prepositions}
    if asked:
        return frozenset(asked)
    parses = _analyzer().parse(last)
    tags = [parse.tag for parse in parses]
    lemma = parses[0].normal_form
    if lemma in name_words().relations or (tags[0].POS == "NOUN" and tags[0].animacy == "inan"):
        return frozenset(("gent",))
    own = frozenset(("gent",)) if lemma in name_words().counsel else frozenset()
    if any(tag.POS in ("NOUN", "ADJF", "PRTF") for tag in tags[:1]):
        agreeing = [tag for tag in tags if tag.POS in ("NOUN", "ADJF", "PRTF") and tag.number == "sing"]
        return own.union(str(tag.case) for tag in agreeing)
    if any(tag.POS in ("VERB", "INFN") and tag.transitivity == "tran" for tag in tags[:1]):
        return (
            frozenset(("accs",)) if tags[0].number == "plur" or tags[0].POS == "INFN" else frozenset(("accs", "nomn"))
        )
    return frozenset()


@lru_cache(maxsize=20_000)
def is_nominative(word: str) -> bool:
    """Whether a Russian noun is most likely in the nominative singular: адвокат, мать, but not адвоката."""
    tag = _analyzer().parse(word.lower())[0].tag
    return bool(tag.POS == "NOUN" and tag.case == "nomn" and tag.number == "sing")


@lru_cache(maxsize=20_000)
def means_a_person(word: str) -> bool:
    """Whether a Russian word is a common noun for a person: фермер, певица."""
    parse = _analyzer().parse(word.lower())[0]
    return bool(
        parse.is_known and parse.tag.POS == "NOUN" and parse.tag.animacy == "anim" and parse.tag.number == "sing"
    )


@lru_cache(maxsize=20_000)
def is_common(word: str) -> bool:
    """Whether a Russian word is in the dictionary and never a name or a place: внутренних, совета."""
    parses = [parse for parse in _analyzer().parse(word.lower()) if parse.is_known]
    return bool(parses) and not any({"Name", "Surn", "Patr"} & parse.tag.grammemes for parse in parses)


def noun_phrase(words: str) -> str:
    """Return a Russian phrase with its adjectives and first noun in the nominative: следственном изоляторе в Оше.

    What follows the noun stays; so does a phrase that begins with anything else. An abbreviation has the gender of its
    noun: РУВД is управление, ИК колония, РОВД отдел.
    """
    parts = words.split(" ")
    head = next((index for index, part in enumerate(parts) if not _parses_as(part, "ADJF", "PRTF")), len(parts))
    if head == len(parts):
        return words
    name = parts[head].split("-")[0]
    if name.isupper():
        gender = "neut" if name.endswith("УВД") else "femn" if name == "ИК" else "masc"
        wanted, noun = frozenset({"nomn", "sing", gender}), parts[head]
    else:
        halves = parts[head].split("-")
        is_one = head + 1 < len(parts) and parts[head + 1][:1] in "№0123456789"
        found = [parse for half in halves if (parse := _noun(half, is_one)) is not None]
        if len(found) < len(halves):
            return words
        number = "sing" if is_one else str(found[0].tag.number)
        forms = [form.word for parse in found if (form := parse.inflect({"nomn", number})) is not None]
        noun = "-".join(_cased(form, half) for form, half in zip(forms, halves, strict=True))
        wanted = frozenset({"nomn", number, *([str(found[0].tag.gender)] if number == "sing" else [])})
    return " ".join((*(_agreeing(part, wanted) for part in parts[:head]), noun, *parts[head + 1 :]))


def _parses_as(word: str, *parts_of_speech: str) -> bool:
    return word.isalpha() and not word.isupper() and _analyzer().parse(word)[0].tag.POS in parts_of_speech


def _noun(word: str, is_one: bool) -> Any:
    """Return the likeliest analysis as a known noun, a singular if there is a number behind the word; None if none."""
    nouns = [one for one in _analyzer().parse(word) if one.is_known and one.tag.POS == "NOUN" and one.inflect({"nomn"})]
    return next((one for one in nouns if not is_one or one.tag.number == "sing"), nouns[0] if nouns else None)


def _agreeing(adjective: str, wanted: frozenset[str]) -> str:
    parses = [parse for parse in _analyzer().parse(adjective) if parse.tag.POS in ("ADJF", "PRTF")]
    form = next((found for parse in parses if (found := parse.inflect(wanted)) is not None), None)
    return _cased(form.word, adjective) if form is not None else adjective


def _cased(form: str, word: str) -> str:
    return form[:1].upper() + form[1:] if word[:1].isupper() else form


def _gender_of_verb(after: str) -> str:
    """Return `masc` or `femn` if a past-tense verb directly follows the name."""
    word = _WORD.match(after.lstrip())
    if word is None:
        return ""
    tag = _analyzer().parse(word[0].lower())[0].tag
    return str(tag.gender) if tag.POS == "VERB" and tag.gender else ""


def _gender_of_forms(others: Collection[str]) -> str:
    """Return `masc` or `femn` if another form of the name has an ending of that gender alone: Асановой, Асановым."""
    for other in others:
        if found := _OF_ONE_GENDER.search(other):
            return "femn" if found["femn"] or found["femn2"] else "masc"
    return ""


def _readings_of_parts(parts: Sequence[str]) -> list[tuple[_Reading, ...]]:
    """Return the analyses of each part; those of the given name as a known one leave no others of it."""
    found = [_readings(part) for part in parts]
    is_surname_first = any(name_words().family_end.search(one.nominative.lower()) for one in found[0])
    given = 1 if is_surname_first and len(parts) > 1 else 0
    found[given] = tuple(reading for reading in found[given] if _is_known_name(reading)) or found[given]
    return found


def _is_known_name(reading: _Reading) -> bool:
    words = name_words()
    key = name_key(reading.nominative)
    of_gender = {"femn": words.women, "masc": words.men}.get(reading.gender, words.given)
    return key in of_gender or words.given_end.match(reading.nominative.lower()) is not None


@lru_cache(maxsize=20_000)
def _readings(part: str) -> tuple[_Reading, ...]:
    if len(part) <= 2 or part.endswith("."):
        return tuple(_Reading(part, "", case, False) for case in _CASES)
    if "-" in part:
        return tuple(
            _Reading(f"{one.nominative}-{other.nominative}", one.gender or other.gender, one.case, one.known)
            for one, other in product(*(_readings(half) for half in part.split("-", 1)))
            if one.case == other.case and (one.gender == other.gender or not (one.gender and other.gender))
        )
    found: dict[tuple[str, str], _Reading] = {}
    for parse in _analyzer().parse(part):
        tag = parse.tag
        if tag.number != "sing" or tag.case not in _CASES or not ({"Name", "Surn", "Patr"} & tag.grammemes):
            continue
        form = parse.inflect({"nomn", "sing"})
        if form is not None:
            known = parse.is_known
            reading = _Reading(_as_written(form.word, part), str(tag.gender or ""), str(tag.case), known)
            found.setdefault((reading.gender, reading.case), reading)
    if not name_words().surname_end.search(next((r.nominative.lower() for r in found.values()), "")):
        for reading in _plain_readings(part):
            found.setdefault((reading.gender, reading.case), reading)
    return tuple(found.values())


def _plain_readings(part: str) -> Iterator[_Reading]:
    """Yield analyses of an out-of-vocabulary name: declined as a man's if it ends in a consonant, or indeclinable."""
    lower = part.lower()
    yield from _of_women(part)
    if lower[-1] in _VOWELS:
        yield _Reading(part, "femn", "nomn", False)
        for stem, case in _without(part, name_words().masculine):
            if stem[-1].lower() not in _VOWELS:
                yield _Reading(stem, "masc", case, False)
    else:
        yield _Reading(part, "masc", "nomn", False)
        for case in _CASES:
            yield _Reading(part, "femn", case, False)
        if surname := _SURNAME_INSTRUMENTAL.match(part):
            yield _Reading(surname[1], "masc", "ablt", False)
        for ending in name_words().masculine["ablt"]:
            stem = part[: -len(ending)]
            if lower.endswith(ending) and len(stem) > 2 and stem[-1].lower() not in _VOWELS:
                yield _Reading(stem, "masc", "ablt", False)


def _of_women(part: str) -> Iterator[_Reading]:
    """Yield the analyses as a known name of a woman that ends in -а or -я: Хадичу, Хадичой."""
    for stem, case in _without(part, name_words().feminine):
        for nominative in (f"{stem}а", f"{stem}я"):
            if name_key(nominative) in name_words().women:
                yield _Reading(nominative, "femn", case, False)


def _without(part: str, endings: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield the part without each of the endings it has, and the case they are of."""
    for case, of_case in endings.items():
        for ending in of_case:
            stem = part[: -len(ending)]
            if part.lower().endswith(ending) and len(stem) > 2:
                yield stem, case


def _as_written(form: str, part: str) -> str:
    """Return the dictionary form with the text's capitalisation and its use of ё or е."""
    form = form if "ё" in part.lower() else form.replace("ё", "е")
    return form[:1].upper() + form[1:] if not part.isupper() or len(part) == 1 else form.upper()
