"""Redacts persons' names for channels that outsiders may read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from acca_crawler.i18n.labels import _
from acca_crawler.items import Withhold
from acca_crawler.text.transliterate import name_key, skeleton
from acca_crawler.text.word_lists import any_of, read_word_lists
from storage.alerts.entries import Person

WITHHELD = _("[name withheld]")

NO_VICTIMS = frozenset({"official", "lawyer"})
"""Roles whose names are kept when victims' names are withheld. A person with an unknown role may be a victim."""

_WORD = re.compile(r"\w[\w'’ʻʼ‘`-]*")
_LANGUAGES = read_word_lists(__file__, "minors.toml")
_AGED, _YEARS, _TERM_AFTER, _AGE_BEFORE, _MINORS = (
    any_of(_LANGUAGES, group) for group in ("aged", "years", "term_after", "age_before", "words")
)
_NO_TERM_BEFORE = "".join(rf"(?<!\b{word} )" for word in any_of(_LANGUAGES, "term_before").split("|"))
_AGE = r"(?:[1-9]|1[0-7])"
_MINOR = re.compile(
    rf"\b{_AGE}[-–\s]*+(?:{_AGED})"
    rf"|{_NO_TERM_BEFORE}\b{_AGE}[-–\s]*+(?:{_YEARS})(?!\s+(?:\w+\s+)?(?:{_TERM_AFTER}))"
    rf"|\b(?:{_AGE_BEFORE})\s{_AGE}\b"
    rf"|(?<=[^\W\d])(?:, {_AGE},(?!\d)| \({_AGE}\))"
    rf"|\b(?:{_MINORS})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HiddenWord:
    """A word to withhold: its position, and whether it is known to be of a protected name."""

    start: int
    end: int
    sure: bool


@dataclass(frozen=True, slots=True)
class NameRedactor:
    """Replaces words that start with protected stems by a mask.

    Names are compared by their `name_key`, so that a name in one script is also redacted in another, and by their
    consonants. With `strict`, capitalised words that may be unrecognised names are redacted too: words that the text
    never writes in lower case and that are not in `known`.
    """

    stems: tuple[str, ...]
    bones: frozenset[str] = frozenset()
    mask: str = WITHHELD
    strict: bool = False
    known: tuple[str, ...] = ()

    @classmethod
    def for_persons(
        cls, persons: Iterable[Person], withhold: Withhold, mask: str = WITHHELD, known: Iterable[str] = ()
    ) -> NameRedactor:
        """Return a redactor for the names of these persons, or only of possible victims and minors among them.

        `known` are words that are not persons' names.
        """
        if withhold == "none":
            return cls((), mask=mask)
        named: list[str] = []
        hidden: list[str] = []
        for person in persons:
            (hidden if withhold == "all" or is_protected(person) else named).append(person.name)
        words = {word for name in hidden for word in _words(name) if len(word) > 1}
        harmless = {_stem(word) for text in (*known, *named) for word in _words(text) if len(word) > 1}
        return cls(
            stems=tuple(sorted({_stem(word) for word in words})),
            bones=frozenset(bones for word in words if len(bones := skeleton(word)) > 2),
            mask=mask,
            strict=True,
            known=tuple(sorted(harmless)),
        )

    def clean(self, message: str, text: str = "") -> str:
        """Mask every capitalised word in `message` that is, or may be, a protected name.

        `text` is the article's text, which shows how its words are capitalised elsewhere.
        """
        pieces: list[str] = []
        at = 0
        for word in self.hidden(message, text):
            between = message[at : word.start]
            pieces += [between, self.mask] if between.strip() or not pieces else []
            at = word.end
        return "".join([*pieces, message[at:]])

    def hidden(self, message: str, text: str = "") -> Iterator[HiddenWord]:
        """Yield the capitalised words in `message` that are, or may be, protected names."""
        if not self.strict:
            return
        small = lower_case_words(f"{message}\n{text}")
        for found in _WORD.finditer(message):
            if not found[0][0].isupper():
                continue
            folds = _folds(found[0])
            if any(one.startswith(self.stems) or skeleton(one) in self.bones for one in folds):
                yield HiddenWord(found.start(), found.end(), sure=True)
            elif not all(one.startswith(self.known) or _is_written_small(one, small) for one in folds):
                yield HiddenWord(found.start(), found.end(), sure=False)


def lower_case_words(text: str) -> list[str]:
    """Return the folded words that a text writes in lower case, sorted."""
    return sorted(_small(text))


def is_among(word: str, small: Sequence[str]) -> bool:
    """Return whether `lower_case_words` contain the word, or an inflected form of it."""
    return all(_is_written_small(one, small) for one in _folds(word))


def share_a_name(name: str, form: str) -> bool:
    """Return whether every word of `form` is a form of a word of `name`."""
    stems = tuple(_stem(word) for word in _words(name))
    return bool(stems) and all(word.startswith(stems) for word in _words(form))


def _folds(word: str) -> list[str]:
    return name_key(word).split() or [word.casefold()]


def is_protected(person: Person) -> bool:
    """Return whether a person is, or may be, a victim, a relative, a suspect or a minor."""
    return person.role not in NO_VICTIMS or _MINOR.search(person.sentence) is not None


def _words(text: str) -> list[str]:
    return name_key(text).split()


def _small(text: str) -> set[str]:
    """Return the folded words that a text writes in lower case."""
    written = " ".join(word for word in _WORD.findall(text) if word[0].islower())
    return set(_words(written))


def _is_written_small(word: str, small: Sequence[str]) -> bool:
    """Return whether an inflected form of the word, differing by a few letters, is among `small` (sorted)."""
    stem = _stem(word)
    at = bisect_left(small, stem)
    while at < len(small) and small[at].startswith(stem):
        if len(small[at]) <= len(word) + 3:
            return True
        at += 1
    return False


def _stem(word: str) -> str:
    """Return a word without its last two letters (case and gender endings), but at least three letters."""
    return word[: max(3, len(word) - 2)]
