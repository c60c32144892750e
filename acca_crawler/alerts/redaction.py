"""Taking persons' names out of what goes to a channel that may be read by others."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from acca_crawler.i18n.labels import _
from acca_crawler.text.transliterate import fold, skeleton
from storage.alerts.entries import Person

Withhold = Literal["none", "victims", "all"]
WITHHELD = _("[name withheld]")

NO_VICTIMS = frozenset({"official", "lawyer"})
"""Roles whose names stay when victims' are withheld. Whose role is unknown may be a victim: that name goes."""

_WORD = re.compile(r"\w[\w'’ʻʼ‘`-]*")
_MINOR = re.compile(
    r"\b(?:[1-9]|1[0-7])(?:[-–\s]*(?:year|лет|год|жаш|жас|сол|ёш|yosh|ýaş|yaş)|\s*(?:y\.o\.))"
    r"|\b(?:minor|child|teen|juvenile|schoolboy|schoolgirl|pupil|несовершеннолет|подрост|школьни|реб[её]н|дет(?:и|ей|ям)"
    r"|малолет|бала|өспүрүм|жеткінч|кәмелет|оқушы|окуучу|наврас|кӯдак|хонанда"
    r"|voyaga yetmagan|oʻquvchi|bola|çaga|ýetginjek)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NameRedactor:
    """Knows the beginnings of the words that are not to be told, and what stands in their place.

    Names are compared as `fold` spells them, so that one script hides them in another too, and by their consonants.
    With `strict` a capitalised word goes that may be a name nobody recognised: the text nowhere writes it small, and
    it is not `known` to be something else.
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
        """What withholds the names of these persons, or of those who may be victims or minors among them.

        `known` are words that are no persons' names.
        """
        if withhold == "none":
            return cls((), mask=mask)
        told: list[str] = []
        hidden: list[str] = []
        for person in persons:
            (hidden if withhold == "all" or is_protected(person) else told).append(person.name)
        words = {word for name in hidden for word in _words(name) if len(word) > 1}
        harmless = {_stem(word) for text in (*known, *told) for word in _words(text) if len(word) > 1}
        return cls(
            stems=tuple(sorted({_stem(word) for word in words})),
            bones=frozenset(bones for word in words if len(bones := skeleton(word)) > 2),
            mask=mask,
            strict=True,
            known=tuple(sorted(harmless)),
        )

    def clean(self, told: str, text: str = "") -> str:
        """What is told, with the mask for every capitalised word that is, or may be, one of the names.

        `text` is the article's, which shows how its words are written elsewhere.
        """
        if not self.strict:
            return told
        small = sorted(_small(told) | _small(text))
        several = re.compile(rf"{re.escape(self.mask)}(?:\s+{re.escape(self.mask)})+")
        return several.sub(self.mask, _WORD.sub(lambda found: self._word(found[0], small), told))

    def _word(self, word: str, small: Sequence[str]) -> str:
        if not word[0].isupper():
            return word
        folds = fold(word).split() or [word.casefold()]
        if any(one.startswith(self.stems) or skeleton(one) in self.bones for one in folds):
            return self.mask
        if all(one.startswith(self.known) or _is_written_small(one, small) for one in folds):
            return word
        return self.mask


def is_protected(person: Person) -> bool:
    """Whether a person is, or may be, a victim, somebody's relative, a suspect or a minor."""
    return person.role not in NO_VICTIMS or _MINOR.search(person.sentence) is not None


def _words(text: str) -> list[str]:
    return fold(text).split()


def _small(text: str) -> set[str]:
    """The words that a text writes small, folded."""
    written = " ".join(word for word in _WORD.findall(text) if word[0].islower())
    return set(_words(written))


def _is_written_small(word: str, small: Sequence[str]) -> bool:
    """Whether a form of the word, some letters longer or shorter at most, is among these (sorted)."""
    stem = _stem(word)
    at = bisect_left(small, stem)
    while at < len(small) and small[at].startswith(stem):
        if len(small[at]) <= len(word) + 3:
            return True
        at += 1
    return False


def _stem(word: str) -> str:
    """A word without its last two letters, where cases and genders differ, but never less than three."""
    return word[: max(3, len(word) - 2)]
