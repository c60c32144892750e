"""Taking persons' names out of what goes to a channel that may be read by others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from acca_crawler.words import _
from storage.outbox import Person

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
class Withholder:
    """Knows the beginnings of the words that are not to be told, and what stands in their place."""

    stems: tuple[str, ...]
    mask: str = WITHHELD

    @classmethod
    def for_persons(cls, persons: Iterable[Person], withhold: Withhold, mask: str = WITHHELD) -> Withholder:
        """What withholds the names of these persons, or of those who may be victims or minors among them."""
        names = [person.name for person in persons if withhold == "all" or is_protected(person)]
        words = {word for name in names for word in _WORD.findall(name)} if withhold != "none" else set()
        return cls(tuple(sorted({_stem(word) for word in words if len(word) > 1})), mask)

    def clean(self, text: str) -> str:
        """The text with the mask for every capitalised word that begins like one of the names."""
        if not self.stems:
            return text
        several = re.compile(rf"{re.escape(self.mask)}(?:\s+{re.escape(self.mask)})+")
        return several.sub(self.mask, _WORD.sub(self._word, text))

    def _word(self, match: re.Match[str]) -> str:
        word = match[0]
        return self.mask if word[0].isupper() and word.casefold().startswith(self.stems) else word


def is_protected(person: Person) -> bool:
    """Whether a person is, or may be, a victim, somebody's relative, a suspect or a minor."""
    return person.role not in NO_VICTIMS or _MINOR.search(person.sentence) is not None


def _stem(word: str) -> str:
    """A word without its last two letters, where cases and genders differ, but never less than three."""
    return word.casefold()[: max(3, len(word) - 2)]
