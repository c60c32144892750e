"""Extract the persons a report names, each with the role given by adjacent words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from acca_crawler.detect.annotate import Sentence
from acca_crawler.detect.fact_words import FactWords
from acca_crawler.detect.name_words import name_words
from acca_crawler.detect.nominative import means_a_person, nominative
from acca_crawler.items import Fact, Span

REACH = 45
"""Maximum distance in code points between a title, "lawyer" or "mother" and the name it belongs to."""

_UPPER = "A-ZÀ-ÞĀĂČĞĪĬŇŌŞŠŪÝŽА-ЯЁЎҚҒҲӘІҢҮҰӨҺҶӢӮ"
_TOKEN = rf"[{_UPPER}][\w'’ʻʼ‘`-]{{1,30}}"
_PATRONYMIC = f"(?:{'|'.join(name_words().patronymics)})"
_APPOSITION = re.compile(r"(?:,| –| —| \() ?(?:(?:an?|the|his|her|their) )?")
_ADJECTIVE = re.compile(r"[\w-]+ ")

_PATRONYMIC_FORM = re.compile(_PATRONYMIC + r"\w{0,4}")
_NAME = re.compile(rf"(?<!\w){_TOKEN}(?: {_TOKEN}){{0,3}}(?: {_PATRONYMIC}\w{{0,4}})?|(?<!\w)[{_UPPER}]\. ?{_TOKEN}")
_SURNAME = re.compile(
    r"(?:ov|ev|yev|in|yn|ova|eva|yeva|ina|yna|sky|skiy|skaya|shin|zoda|zade|uly|uulu|kyzy|qizi|bek|bay|bai|khan|jon|zhan"
    r"|ow|owa|ýew|ýewa|ew|ewa|yan|iy|oy|uk|ko|poor|iyon|iyev|iyeva"
    r"|ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|ская|зода|заде|улы|ұлы|уулу|кызы|қызы|бек|бай|хан|жан|джон|ян|ко|иён|пур)"
    r"(?:а|у|ым|ом|ой|е|ы|ю|ға|қа|ге|ке|ны|ні|ды|ді|ты|ті|ның|нің|дың|дің|тың|тің|го|ко|ну|ду|ту|нун|дун|тун|нын|дын|ди|ти|дин|тин|нин"
    r"|ро|и|ни|нинг|га|да|дан|ni|ning|ga|da|dan|yň|iň|y|i|a|e|nyň|niň)?$"
)
_NOT_A_NAME = re.compile(
    r"(?:Service|Office|Prosecutor|General|Ministry|Minister|Committee|Commissioner|Ombudsman|Human|Rights|National|State"
    r"|Central|Supreme|Court|Police|Department|District|Region|City|Internal|Affairs|Security|Head|Center|Centre|United"
    r"|January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday"
    r"|Thursday|Friday|Saturday|Sunday|The|In|On|At|According|As|For|And|But|Now|Among|After|During|President|Republic"
    r"|Protocol|Convention|Coalition|Radio|Free|Europe|Istanbul|Berlin|Latin|Begin|Asian|Asia|Also|Kazakh\w*|Kyrgyz\w*"
    r"|Uzbek\w*|Tajik\w*|Turkmen\w*|Russian?|Mr|Mrs|Ms|Dr"
    r"|Генеральн\w*|Верховн\w*|Министерств\w*|Комитет\w*|Республик\w*|Службы?|Суд\w*|Центр\w*|Росси\w*|Област\w*|Стран\w*"
    r"|Уголовн\w*|Кодекс\w*|Конституци\w*|Национальн\w*|Государственн\w*|Правозащитн\w*|Сейчас|Один|Затем|Уполномоченн\w*"
    r"|По|На|За|Он|Она|Они|Его|Ее|Её|Как|Что|Это|Для|При|После|Однако|Также|Между|Август|Май|Июн\w*|Пыткин?"
    r"|Бас|Жоғарғы|Қылмыстық|Бұл|Ол|Жогорку|Башкы|Бул|Ал|Додгоҳи?|Вазорат\w*|Кумита\w*|Ин|Ӯ|Bosh|Oliy|Bu|U)$"
)


@dataclass(slots=True)
class _Mention:
    sentence: Sentence
    start: int
    end: int
    name: str
    before: str
    after: str


@dataclass(slots=True)
class _Person:
    first: _Mention
    mentions: list[_Mention] = field(default_factory=list)


def persons_of(sentences: Sequence[Sentence], words: FactWords, language: str) -> Iterator[Fact]:
    """Yield every person named in full, once, in the nominative, at the first mention, with the role in `detail`.

    The span keeps the form in the text.

    Roles: official, lawyer, relative, victim, detainee, suspect, defender (a journalist, activist or critic), or
    empty if the context gives none.
    """
    for person in _gathered(sentences):
        first = person.first
        span = Span(first.sentence.field, first.start, first.end, first.name, "person")
        others = {mention.name for mention in person.mentions} - {first.name}
        name = nominative(first.name, language, first.before, first.after, others)
        yield Fact("person", name, span, first.sentence.quote, _role(person.mentions, words))


def _gathered(sentences: Iterable[Sentence]) -> list[_Person]:
    """Collect the persons named in full, in order; a bare surname refers to the last one mentioned with it."""
    persons: list[_Person] = []
    by_surname: dict[str, list[_Person]] = {}
    later: list[_Mention] = []
    for sentence in sentences:
        for mention in _mentions(sentence):
            if " " not in mention.name:
                later.append(mention)
                continue
            namesakes = by_surname.setdefault(_key(mention.name), [])
            person = next((one for one in namesakes if _same_given_name(one.first.name, mention.name)), None)
            if person is None:
                person = _Person(mention)
                persons.append(person)
                namesakes.append(person)
            person.mentions.append(mention)
    for mention in later:
        if namesakes := by_surname.get(_key(mention.name), []):
            namesakes[-1].mentions.append(mention)
    return persons


def _same_given_name(one: str, other: str) -> bool:
    """Whether two full names with the same surname may be one person's: an initial matches any name it starts."""
    first, second = (name.split(" ")[0].rstrip(".").lower()[:3] for name in (one, other))
    return first.startswith(second) or second.startswith(first)


def _key(name: str) -> str:
    """Return the surname's prefix: unaffected by case endings and by initials or a given name before it."""
    own = [token for token in name.split() if not _PATRONYMIC_FORM.fullmatch(token)]
    return (own or [name])[-1].rstrip(".")[:6].lower()


def _mentions(sentence: Sentence) -> Iterator[_Mention]:
    found = [span for match in _NAME.finditer(sentence.quote) if (span := _name_span(match, sentence))]
    for index, (start, end) in enumerate(found):
        previous = found[index - 1][1] if index else 0
        following = found[index + 1][0] if index + 1 < len(found) else len(sentence.quote)
        yield _Mention(
            sentence,
            sentence.start + start,
            sentence.start + end,
            sentence.quote[start:end],
            sentence.quote[max(previous, start - REACH) : start],
            sentence.quote[end:following],
        )


def _name_span(match: re.Match[str], sentence: Sentence) -> tuple[int, int] | None:
    """Return the name within a run of capitalised words, without offices, places and words for people."""
    start = match.start()
    end = match.end()
    tokens = match.group().split(" ")
    while len(tokens) > 1 and _is_term(sentence, end - len(tokens[-1]), end):
        end -= len(tokens[-1]) + 1
        tokens = tokens[:-1]
    if not _is_surname(tokens[-1]):
        return None
    while tokens and (
        _NOT_A_NAME.match(tokens[0])
        or _is_place(sentence, start, start + len(tokens[0]))
        or (len(tokens) > 1 and _is_term(sentence, start, start + len(tokens[0])))
    ):
        start += len(tokens[0]) + 1
        tokens = tokens[1:]
    if any(_NOT_A_NAME.match(token) for token in tokens) or all(_PATRONYMIC_FORM.fullmatch(t) for t in tokens):
        return None
    return None if _is_place(sentence, start, end) else (start, end)


@lru_cache(maxsize=50_000)
def _is_surname(token: str) -> bool:
    return bool(_PATRONYMIC_FORM.fullmatch(token) or (len(token) > 4 and _SURNAME.search(token.lower())))


def _is_term(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a capitalised word is a lexicon term: Блогер, Адвокат, Приговор, УВД."""
    first, last = sentence.start + start, sentence.start + end
    return any(found.start <= first and last <= found.end for found in sentence.found)


def _is_place(sentence: Sentence, start: int, end: int) -> bool:
    first, last = sentence.start + start, sentence.start + end
    return any(
        found.start < last and first < found.end for found in sentence.places if found.place.level != "institution"
    )


def _role(mentions: Sequence[_Mention], words: FactWords) -> str:
    beside = [_role_beside(mention, words) for mention in mentions]
    for role in ("official", "lawyer", "relative"):
        if role in beside:
            return role
    shown = [_role_shown(mention) for mention in mentions]
    for role in ("victim", "suspect", "detainee", "defender"):
        if role in shown or role in beside:
            return role
    return ""


def _role_beside(mention: _Mention, words: FactWords) -> str:
    """Return the role from a title before or right after the name; a title before the next name belongs to that one."""
    titles = _titles_after(mention.after)
    belongs_to_next = len(mention.after) < REACH + 32 and not mention.after.rstrip().endswith((".", "!", "?"))
    for role, pattern in words.roles.items():
        before = list(pattern.finditer(mention.before))
        if before and _belongs(mention.before[before[-1].end() :]):
            return role
        if not belongs_to_next and any(pattern.match(mention.after, start) for start in titles):
            return role
    return ""


def _belongs(between: str) -> bool:
    """Whether a title belongs to the name after `between`: there is no other word for a person in between."""
    if re.search(r"[;:–—]", between):
        return False
    last = re.findall(r"[а-яё-]+", between)[-1:]
    return not (last and means_a_person(last[0]))


def _titles_after(after: str) -> tuple[int, ...]:
    """Return where a title may start after a name: `, judge`, `, a former judge`, but not `, told a judge`."""
    comma = _APPOSITION.match(after)
    if comma is None:
        return ()
    adjective = _ADJECTIVE.match(after, comma.end())
    return (comma.end(), adjective.end()) if adjective else (comma.end(),)


def _role_shown(mention: _Mention) -> str:
    """Return the role from the lexicon terms after the name (up to the next name), or else in the sentence."""
    reach = mention.end + len(mention.after)
    after = [f.term for f in mention.sentence.found if mention.end <= f.start < reach]
    around = [f.term for f in mention.sentence.found]
    for terms in (after, around):
        if any(t.role == "act" and t.strength >= 2 for t in terms):
            return "victim"
        if any(t.group == "death" or t.group == "disappearance" for t in terms):
            return "victim"
        if any(t.role in ("deprivation", "place", "sentence") for t in terms):
            return "detainee"
        if any(t.role == "victim" and t.strength >= 2 for t in terms):
            return "defender"
    return ""
