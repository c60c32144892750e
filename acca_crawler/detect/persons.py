"""Extract the persons a report names, each with the role given by adjacent words."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from acca_crawler.detect.annotate import Sentence
from acca_crawler.detect.fact_words import FactWords
from acca_crawler.detect.name_words import name_words
from acca_crawler.detect.namesakes import bearer
from acca_crawler.detect.nominative import is_common, is_given, nominative, stems
from acca_crawler.detect.person_roles import REACH, Mention, role_of, role_of_kin, role_of_subject
from acca_crawler.items import Fact, Span
from acca_crawler.text.transliterate import name_key

MAX_TERM = 30
"""Code points of a lexicon term up to which its words are not names; longer ones span text between two words."""

MIN_SURNAME = 4
"""Minimum letters of a surname that is recognised by its ending."""

SUFFERING = frozenset({"victim", "detainee"})
"""Roles of those whom a report is about."""

_KEY = 6
_UPPER = "A-ZÀ-ÞĀĂČĞĪĬŇŌŞŠŪÝŽА-ЯЁЎҚҒҲӘІҢҮҰӨҺҶӢӮ"
_TOKEN = rf"[{_UPPER}][\w'’ʻʼ‘`-]{{1,30}}"
_INITIALS = rf"(?:[{_UPPER}]\. ?){{1,2}}"
_NO_BREAK = "\u00a0"
_IN_LIST = re.compile(r",? (?:и )?")
_AFTER_INITIALS = re.compile(rf"\.(?=[{_UPPER}][\w'’ʻʼ‘`-])|\. (?=[{_UPPER}]\.)")


_TITLE_BEFORE = frozenset({"kk", "ky", "ru", "tk", "uz", "uz-Cyrl"})
"""Languages in which no body is named right after a title, as in "раиси Ҳизби" or "Director Group"."""

_IN_LATIN = frozenset({"tk", "uz"})
_POSSESSED = re.compile(r"(?:[ыіиуү]н[ыіиуү][ңн]|[лдт][ыіиу][қкг]|ning|нинг|lik|лик)$")
"""How words end that name what belongs to a body: Әкімшілігінің, Бүкілқытайлық."""
_PLAIN_NAME = (re.compile(r"[А-ЯЁ][а-яёқғҳәіңүұөһҷӣӯў-]{2,}"), re.compile(r"[A-ZÇŞÝŽÖÜÄŇ][a-zçşýžöüäň-]{2,}"))
"""One word of a name in Cyrillic and in Latin letters."""


class _Patterns(NamedTuple):
    """A patronymic in any case, and a run of words that may hold a name."""

    patronymic: re.Pattern[str]
    name: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Compile the patterns, which takes longer than most texts; most name nobody who is looked for."""
    patronymic = rf"(?:{'|'.join(name_words().patronymics)})\w{{0,4}}"
    several = rf"{_TOKEN}(?: {_TOKEN}){{0,5}}(?: {patronymic})?(?: (?:[{_UPPER}]\.){{1,2}}(?!\w| ?{_TOKEN}))?"
    return _Patterns(re.compile(patronymic), re.compile(rf"(?<!\w){_INITIALS}{_TOKEN}|(?<!\w){several}"))


@dataclass(slots=True)
class _Person:
    first: Mention
    mentions: list[Mention] = field(default_factory=list)


def persons_of(sentences: Sequence[Sentence], words: FactWords, language: str) -> Iterator[Fact]:
    """Yield every person named in full, once, in the nominative, at the first mention, with the role in `detail`.

    The span keeps the form in the text.

    Roles: official, lawyer, relative, victim, detainee, suspect, defender (a journalist, activist or critic), or
    empty if the context gives none.
    """
    persons = _gathered(sentences, words, language)
    roles = [role_of(person.mentions, sentences, words, language) for person in persons]
    if not SUFFERING & set(roles):
        for index, person in enumerate(persons):
            if roles[index] == "relative":
                roles[index] = role_of_kin(person.mentions, words) or "relative"
    if "" in roles and not SUFFERING & set(roles):
        subject = roles.index("")
        roles[subject] = role_of_subject(persons[subject].mentions, sentences, words, language)
    for person, role in zip(persons, roles, strict=True):
        first = person.first
        quote = first.sentence.quote[first.start - first.sentence.start : first.end - first.sentence.start]
        span = Span(first.sentence.field, first.start, first.end, quote, "person")
        others = {mention.name for mention in person.mentions} - {first.name}
        name = nominative(first.name, language, first.asked_by, first.after, others)
        yield Fact("person", name, span, first.sentence.quote, role)


def _gathered(sentences: Iterable[Sentence], words: FactWords, language: str) -> list[_Person]:
    """Collect the persons named in full, in order; a bare surname is that of the first whose gender it fits."""
    persons: list[_Person] = []
    by_surname: dict[str, list[_Person]] = {}
    later: list[Mention] = []
    for mentions in _parted([list(_mentions(sentence, words, language)) for sentence in sentences]):
        for mention in mentions:
            if " " not in mention.name:  # a surname alone, without given name or initials
                later.append(mention)
                continue
            namesakes = _namesakes(by_surname, mention.name)
            if namesakes is None:
                namesakes = by_surname.setdefault(_key(mention.name), [])
            person = next((one for one in namesakes if _same_given_name(one.first.name, mention.name)), None)
            if person is None:
                person = _Person(mention)
                persons.append(person)
                namesakes.append(person)
            person.mentions.append(mention)
    for mention in later:
        if namesakes := _namesakes(by_surname, mention.name):
            meant = bearer(mention.name, [one.first.name for one in namesakes], language)
            namesakes[meant].mentions.append(mention)
    return persons


def _parted(sentences: list[list[Mention]]) -> list[list[Mention]]:
    """Cut three words that are one person's full name and another's surname: Elif Demir Hojagulyýewiň işi."""
    names = [mention.name.split(" ") for mentions in sentences for mention in mentions]
    of_two = {name_key(name[0]): _key(name[1]) for name in names if len(name) == 2}
    for mention in (mention for mentions in sentences for mention in mentions):
        given, *surnames = mention.name.split(" ")
        if len(surnames) != 2 or not _is_same_key(_key(surnames[0]), of_two.get(name_key(given), "")):
            continue
        if any(_key(name[-1]) == _key(surnames[1]) and name != [given, *surnames] for name in names):
            mention.end -= len(surnames[1]) + 1
            mention.after = f" {surnames[1]}{mention.after}"
            mention.name = f"{given} {surnames[0]}"
    return sentences


def _namesakes(by_surname: dict[str, list[_Person]], name: str) -> list[_Person] | None:
    """Return the persons with the surname of a name; a short one may have an ending within the key."""
    key = _key(name)
    return by_surname.get(key) or next((by_surname[one] for one in by_surname if _is_same_key(key, one)), None)


def _is_same_key(one: str, other: str) -> bool:
    """Whether two keys are one surname's, one of them perhaps with a case ending: demir, demiri."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == _KEY - 1 and long.startswith(short))


def _same_given_name(one: str, other: str) -> bool:
    """Whether two full names with the same surname may be one person's: an initial matches any name it starts.

    A name of a word and "son" or "daughter" alone has no given name that could differ.
    """
    if any(len(name.split()) == 2 and _patterns().patronymic.fullmatch(name.split()[1]) for name in (one, other)):
        return True
    first, second = (name_key(_given_name(name).rstrip("."))[:3] for name in (one, other))
    return first.startswith(second) or second.startswith(first)


def _given_name(name: str) -> str:
    """Return the given name or initial of a full name, which may have the surname first: Асанов А., Асанов Азамат."""
    first, *others = name.split(" ")
    is_surname_first = others and (
        (others[0].endswith(".") and not first.endswith("."))
        or (_has_surname_ending(first) and not _has_surname_ending(others[-1]))
    )
    return others[0] if is_surname_first else first


def _key(name: str) -> str:
    """Return the surname's prefix: unaffected by case endings and by initials or a given name beside it."""
    own = [t for t in name.split() if not (t.endswith(".") or _patterns().patronymic.fullmatch(t) or _is_patronymic(t))]
    if len(own) > 1 and _has_surname_ending(own[0]) and not _has_surname_ending(own[-1]):
        return name_key(own[0])[:_KEY]
    return name_key((own or [name])[-1])[:_KEY]


def _mentions(sentence: Sentence, words: FactWords, language: str) -> Iterator[Mention]:
    found = list(_name_spans(sentence, words, language))
    asked_by = ""
    for index, (start, end) in enumerate(found):
        previous = found[index - 1][1] if index else 0
        following = found[index + 1][0] if index + 1 < len(found) else len(sentence.quote)
        before = sentence.quote[max(previous, start - REACH) : start]
        asked_by = asked_by if index and _IN_LIST.fullmatch(before) else before
        yield Mention(
            sentence,
            sentence.start + start,
            sentence.start + end,
            _spaced(sentence.quote[start:end]),
            before,
            sentence.quote[end:following],
            asked_by,
        )


def _name_spans(sentence: Sentence, words: FactWords, language: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each name; what a run of capitalised words has after a name may begin the next one."""
    text = sentence.quote.replace(_NO_BREAK, " ")
    position = 0
    while match := _patterns().name.search(text, position):
        span = _name_span(match, sentence, words, language)
        position = span[1] if span else match.end()
        if span:
            yield span


def _spaced(name: str) -> str:
    """Return a name with one blank after its initials: А. Асанов for А.Асанов, А.Б. Асанов for А. Б. Асанов."""
    name = name.replace(_NO_BREAK, " ")
    return _AFTER_INITIALS.sub(lambda match: "." if match.group() == ". " else ". ", name)


def _name_span(match: re.Match[str], sentence: Sentence, words: FactWords, language: str) -> tuple[int, int] | None:
    """Return the name within a run of capitalised words, without offices, places and words for people."""
    start = match.start()
    end = match.end()
    tokens = match.group().split(" ")
    while (
        len(tokens) > 1
        and not _patterns().patronymic.fullmatch(tokens[-1])
        and _is_term(sentence, end - len(tokens[-1]), end, match.end())
    ):
        end -= len(tokens[-1]) + 1
        tokens = tokens[:-1]
    while tokens and (
        name_words().not_name.match(tokens[0])
        or _is_other_word(sentence, start, tokens, language)
        or _is_opening(tokens, language, is_first=start == 0)
    ):
        start += len(tokens[0]) + 1
        tokens = tokens[1:]
    kept = _first_name(tokens, language)
    end -= sum(len(token) + 1 for token in tokens[kept:])
    tokens = tokens[:kept]
    before = match.string[max(0, start - REACH) : start]
    if not tokens or not (_is_name(tokens, language) or _is_titled(tokens, before, words, language)):
        return None
    if name_words().named_before.search(before) or name_words().named_after.match(match.string, end):
        return None
    if any(name_words().not_name.match(token) for token in tokens) or all(
        _patterns().patronymic.fullmatch(t) for t in tokens
    ):
        return None
    is_sure = len(tokens) > 1 and name_key(tokens[0]) in name_words().given
    return None if _is_place(sentence, start + is_sure * len(tokens[0]), end) else (start, end)


def _is_opening(tokens: Sequence[str], language: str, *, is_first: bool) -> bool:
    """Whether the first word is not part of the name after it: "Минобороны Улан Усенов", "Уюмдан Усенов"."""
    if len(tokens) < 2 or is_given(tokens[0], language):
        return False
    if any(name_key(token) in name_words().given for token in tokens[1:-1]) and not _has_surname_ending(tokens[0]):
        return True
    opening = name_words().openings.get(language)
    return is_first and (
        (len(tokens) > 2 and is_given(tokens[1], language))
        or (opening is not None and opening.search(tokens[0]) is not None)
    )


def _is_other_word(sentence: Sentence, start: int, tokens: Sequence[str], language: str) -> bool:
    """Whether the first of the words from `start` is a place or a lexicon term, and no given name that looks like one.

    Данияр is not Дания (Denmark), nor Имамидин an imam; Нарын is a place, unless a surname follows.
    """
    end = start + len(tokens[0])
    if len(tokens) > 1 and name_key(tokens[0]) in name_words().given:
        return _is_place(sentence, start, end, abroad=False) and not _has_surname_ending(tokens[-1])
    return _is_place(sentence, start, end) or (len(tokens) > 1 and _is_term(sentence, start, end))


def _is_name(tokens: Sequence[str], language: str) -> bool:
    """Whether capitalised words are a name: by a surname at the end or the beginning, or by a given name."""
    last = tokens[-1]
    if last.endswith("."):
        return _is_surname(tokens[0], language)
    if _is_surname(last.rpartition(".")[2], language):
        return True
    if len(tokens) < 2:
        return False
    is_surname_first = _has_surname_ending(tokens[0]) and (is_given(tokens[1], language) or _is_patronymic(last))
    return is_surname_first or (is_given(tokens[0], language) and len(last) > 2)


def _is_titled(tokens: Sequence[str], before: str, words: FactWords, language: str) -> bool:
    """Whether two capitalised words are a name because a title is right before them: президенти Жон Смит."""
    if len(tokens) != 2 or language not in _TITLE_BEFORE or not before[-1:].isspace():
        return False
    if any(not _PLAIN_NAME[language in _IN_LATIN].fullmatch(token) or _POSSESSED.search(token) for token in tokens):
        return False
    if language == "ru" and any(is_common(token) for token in tokens):
        return False
    return any(match.end() == len(before) - 1 for role in words.roles.values() for match in role.finditer(before))


def _is_patronymic(token: str) -> bool:
    return len(token) > 5 and name_words().patronymic_end.search(token.lower()) is not None


@lru_cache(maxsize=50_000)
def _is_surname(token: str, language: str) -> bool:
    """Whether a word ends like a surname, in any case of the text's language or of Russian."""
    if _is_child(token, language):
        return True
    if len(token) < MIN_SURNAME:
        return False
    forms = [token, *(stem for other in dict.fromkeys((language, "ru")) for stem, _ in stems(token, other))]
    return any(_has_surname_ending(form) or _has_rare_ending(form) for form in forms)


def _has_surname_ending(token: str) -> bool:
    return len(token) >= MIN_SURNAME and name_words().surname_end.search(token.lower()) is not None


def _has_rare_ending(token: str) -> bool:
    return len(token) > MIN_SURNAME and name_words().rare_end.search(token.lower()) is not None


def _first_name(tokens: Sequence[str], language: str) -> int:
    """Return how many of the words are the first name among them: two names may follow each other, or other words."""
    number = len(tokens)
    if number > 2 and _is_family_name(tokens[1], language) and is_given(tokens[2], language):
        number = 2
    if number > 2 and is_given(tokens[0], language) and not _is_surname(tokens[number - 1].rstrip("."), language):
        number = next((n for n in range(number - 1, 1, -1) if _is_family_name(tokens[n - 1], language)), number)
    if number > 2 and _is_child(tokens[number - 1], language) and _is_family_name(tokens[number - 2], language):
        number -= 1  # the daughter of somebody, not a patronymic
    return number


def _is_family_name(token: str, language: str) -> bool:
    return any(
        name_words().family_end.search(form.lower()) for form in (token, *(s for s, _ in stems(token, language)))
    )


def _is_child(token: str, language: str) -> bool:
    """Whether a word is "son" or "daughter" as in patronymics, in any case: уулуна, not ұлымды, "my son"."""
    forms = (token.lower(), *(stem.lower() for stem, _ in stems(token, language)))
    return any(form in name_words().patronymics for form in forms)


def _is_term(sentence: Sentence, start: int, end: int, until: int = sys.maxsize) -> bool:
    """Whether a capitalised word is a lexicon term, or of one that ends by `until`: Блогер, Адвокат, Приговор, УВД."""
    first, last = sentence.start + start, sentence.start + end
    until += sentence.start
    return any(
        found.start <= first
        and last <= found.end <= until
        and found.end - found.start <= MAX_TERM
        and found.term.group != "known_person"
        for found in sentence.found
    )


def _is_place(sentence: Sentence, start: int, end: int, *, abroad: bool = True) -> bool:
    """Whether a place's name overlaps the words from `start` to `end`; without `abroad` one of the region's."""
    first, last = sentence.start + start, sentence.start + end
    others = ("institution",) if abroad else ("institution", "veto")
    return any(found.start < last and first < found.end for found in sentence.places if found.place.level not in others)
