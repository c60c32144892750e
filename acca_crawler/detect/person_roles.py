"""Tell the role of a person from the words beside the name and the terms of its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from acca_crawler.detect.annotate import Sentence, TermMatch
from acca_crawler.detect.fact_words import FactWords
from acca_crawler.detect.name_words import name_words
from acca_crawler.detect.nominative import is_nominative, means_a_person, nominative
from acca_crawler.text.transliterate import name_key

REACH = 45
"""Maximum distance in code points between a title, "lawyer" or "mother" and the name it belongs to."""

CLIENT = "client"
"""Whose lawyer or relative is named beside them: a victim, unless the text says something else."""

_TITLE_NEXT = frozenset({"kk", "ky", "uz", "tk"})
"""Languages in which only one word may be between a title and the name: the body's name is before the title."""

OF_FORCE = 2
"""Strength of an act that makes its object a victim."""

BETWEEN = 2
"""Words allowed between the name of a victim and the act."""

CIVIC_WORDS = 2
"""Words before a title in which the body is looked for: кәсіподақтың бұрынғы жетекшісі."""

_BREAK = re.compile(r"[,;:.–—()]")

FOLLOWING = 2
"""Sentences without another name behind a person's that still tell of that person."""

OPENING = 4
"""Sentences of title and text in which the person is named whom a report is about."""

_OBLIQUE = re.compile(
    r"(?:ына|іне|ине|сына|нан|нен|ның|нын|нің|нин|ны|ні|ни|га|ге|ға|ка|ке|қа|да|де|дан|ден|ning|ni|ga|ka|da|dan|den|na|ne|nyň|niň|ny)$",
    re.IGNORECASE,
)
"""Endings of a word that is not an apposition, in the languages with such endings: Асанов, анасына айтты."""

_REST_OF_WORD = re.compile(r"\w+")

_OF_BODY = re.compile(r"\W*(?:$|(?:of|for|at|in)\s)", re.IGNORECASE)
"""What may stand between an English title and the name it belongs to: nothing, or the body's name."""

_APPOSITION = re.compile(r"(?:,| –| —| \() ?(?:(?:an?|the|his|her|their) )?")
_ADJECTIVE = re.compile(r"[\w-]+ ")


@dataclass(slots=True)
class Mention:
    """A name in a sentence; `name` is as in the text, with one blank after initials and none between them.

    `asked_by` are the words whose case the name has: those before it, or before its list of names.
    """

    sentence: Sentence
    start: int
    end: int
    name: str
    before: str
    after: str
    asked_by: str


def role_of(mentions: Sequence[Mention], sentences: Sequence[Sentence], words: FactWords, language: str) -> str:
    """Return the role of a person from all mentions, "" if nothing tells it. `sentences` are those of the text."""
    if any(_is_object(mention, words, language) for mention in mentions):
        return "victim"
    beside = [_role_beside(mention, words, language) for mention in mentions]
    for role in ("official", "lawyer", "relative"):
        if role in beside:
            return role
    shown = [_role_shown(mention, words) for mention in mentions]
    if "witness" in beside:  # a doctor or neighbour tells what was done to somebody else
        shown = [role for role in shown if role != "victim"]
    for role in ("victim", "suspect"):
        if role in shown or role in beside:
            return role
    is_subject = not any(shown) and not any(beside) and not any(_speaks(mention, words) for mention in mentions)
    if ("detainee" in shown or is_subject) and _suffers(mentions, sentences):
        return "victim"
    for role in ("detainee", "defender"):
        if role in shown or role in beside:
            return role
    return "victim" if CLIENT in beside else ""


def role_of_kin(mentions: Sequence[Mention], words: FactWords) -> str:
    """Return the role of a relative of somebody named, in a report in which nobody else suffers: her son is in prison.

    It is told by the words behind the name; "" if there are none, or if the person speaks.
    """
    if any(_speaks(mention, words) for mention in mentions):
        return ""
    roles = [_role_of_terms(_terms_behind(mention)) for mention in mentions]
    return next((role for role in ("victim", "detainee") if role in roles), "")


def role_of_subject(mentions: Sequence[Mention], sentences: Sequence[Sentence], words: FactWords, language: str) -> str:
    """Return the role of the person whom a report is about, if nothing beside the name says so.

    Such a person is the first without another role, is named at the beginning, and says nothing; what happened is in
    sentences that call the person by a given name, "he" or "the student".
    """
    opening = {(sentence.field, sentence.start) for sentence in sentences[:OPENING]}
    if not any((one.sentence.field, one.sentence.start) in opening for one in mentions):
        return ""
    if any(_speaks(one, words) or _role_beside(one, words, language) == "witness" for one in mentions):
        return ""
    found = [one for sentence in sentences for one in sentence.found]
    if any(_is_harm(one) for one in found):
        return "victim"
    return "detainee" if any(one.term.role in ("deprivation", "sentence") for one in found) else ""


def _is_object(mention: Mention, words: FactWords, language: str) -> bool:
    """Whether a name in another case than the nominative has an act right beside it: брата Азамата Асанова избили."""
    acts = [found for found in mention.sentence.found if found.term.role == "act" and found.term.strength >= OF_FORCE]
    quote, offset = mention.sentence.quote, mention.sentence.start
    gaps = [quote[mention.end - offset : found.start - offset] for found in acts if found.start >= mention.end]
    if language == "ru":
        before = [quote[found.end - offset : mention.start - offset] for found in acts if found.end <= mention.start]
        gaps += [gap for gap in before if not words.roles["relative"].search(gap) and not _tells(gap, words)]
    if not any(len(gap.split()) <= BETWEEN and not _BREAK.search(gap) for gap in gaps):
        return False
    return nominative(mention.name, language, mention.asked_by, mention.after, ()) != mention.name


def _tells(gap: str, words: FactWords) -> bool:
    return words.says is not None and words.says.search(f" {gap} ") is not None


def _suffers(mentions: Sequence[Mention], sentences: Sequence[Sentence]) -> bool:
    """Whether the sentences behind a mention, which name nobody else, tell of an act or a death."""
    named = {(mention.sentence.field, mention.sentence.start) for mention in mentions}
    return any(
        _is_harm(found)
        for index, sentence in enumerate(sentences)
        if (sentence.field, sentence.start) in named
        for one in sentences[index + 1 : index + 1 + FOLLOWING]
        for found in one.found
    )


def _role_beside(mention: Mention, words: FactWords, language: str) -> str:
    """Return the role from a title before or right after the name; a title before the next name belongs to that one."""
    titles = _titles_after(mention.after)
    belongs_to_next = len(mention.after) < REACH + 32 and not mention.after.rstrip().endswith((".", "!", "?"))
    for role, pattern in words.roles.items():
        before = list(pattern.finditer(mention.before))
        if before and _belongs(mention.before[before[-1].end() :], language):
            if role in ("lawyer", "relative") and _is_somebody_of(mention, before[-1], language):
                return CLIENT
            return "defender" if role == "official" and _is_civic(mention.before, before[-1], words) else role
        behind = [found for start in titles if (found := pattern.match(mention.after, start))]
        if not belongs_to_next and behind and _is_apposition(behind[0], language):
            return role
    if words.harmed and words.harmed.search(mention.before):
        return "victim"
    return "suspect" if words.accused and words.accused.match(mention.after) else ""


def _is_civic(before: str, title: re.Match[str], words: FactWords) -> bool:
    """Whether the body next to a title, before it or between it and the name, is none of the state."""
    of_body = " ".join(before[: title.start()].split()[-CIVIC_WORDS:])
    return words.civic.search(of_body) is not None or words.civic.search(before, title.end()) is not None


def _is_apposition(title: re.Match[str], language: str) -> bool:
    """Whether a title behind a name and a comma says who the person is, not who was spoken to, or whose hand it was."""
    if language.split("-")[0] not in _TITLE_NEXT:
        return True
    rest = _REST_OF_WORD.match(title.string, title.end())
    return not _OBLIQUE.search(title.group() + (rest.group() if rest else ""))


def _belongs(between: str, language: str) -> bool:
    """Whether a title belongs to the name after `between`, which has no other word for a person."""
    if re.search(r"[;:–—]", between):
        return False
    if language.split("-")[0] in _TITLE_NEXT and len(between.split()) > 1:
        return False
    if language == "en" and not _OF_BODY.match(between):
        return False
    last = re.findall(r"[а-яё-]+", between)[-1:]
    return not (last and means_a_person(last[0]))


def _is_somebody_of(mention: Mention, title: re.Match[str], language: str) -> bool:
    """Whether the title before a name is that of somebody else, whose client or relative is named: адвокат Асанова."""
    if mention.before[title.end() :].strip():
        return False
    if language == "tg":  # модари Асанов is Asanov's mother, модараш Асанова a mother of that name
        return title.group().endswith(("и", "И"))
    if language != "ru" or not is_nominative(title.group()):
        return False
    if name_key(mention.name.split(" ")[0]) in name_words().given:  # Гулнара is a name itself, not the genitive of one
        return False
    return nominative(mention.name, language, mention.asked_by, mention.after, ()) != mention.name


def _titles_after(after: str) -> tuple[int, ...]:
    """Return where a title may start after a name: `, judge`, `, a former judge`, but not `, told a judge`."""
    comma = _APPOSITION.match(after)
    if comma is None:
        return ()
    adjective = _ADJECTIVE.match(after, comma.end())
    return (comma.end(), adjective.end()) if adjective else (comma.end(),)


def _role_shown(mention: Mention, words: FactWords) -> str:
    """Return the role from the lexicon terms after the name (up to the next name), or else in the sentence.

    Words before the name of a speaker are about others.
    """
    for terms, is_own in ((_terms_behind(mention), True), (mention.sentence.found, not _speaks(mention, words))):
        if is_own and (role := _role_of_terms(terms)):
            return role
        if any(found.term.role == "victim" and found.term.strength >= 2 for found in terms):
            return "defender"
    return ""


def _terms_behind(mention: Mention) -> list[TermMatch]:
    """Return the terms of the sentence between the name and the next one."""
    reach = mention.end + len(mention.after)
    return [found for found in mention.sentence.found if mention.end <= found.start < reach]


def _role_of_terms(terms: Sequence[TermMatch]) -> str:
    if any(_is_harm(found) for found in terms):
        return "victim"
    return "detainee" if any(found.term.role in ("deprivation", "place", "sentence") for found in terms) else ""


def _speaks(mention: Mention, words: FactWords) -> bool:
    if words.says is None:
        return False
    return (words.says.match(mention.after) or words.says.search(f"{mention.before}|")) is not None


def _is_harm(found: TermMatch) -> bool:
    term = found.term
    return (term.role == "act" and term.strength >= 2) or term.group in ("death", "disappearance")
