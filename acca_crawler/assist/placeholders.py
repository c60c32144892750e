"""Replaces withheld names by placeholders in what is sent to a service, and puts the names back into its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from acca_crawler.alerts.redaction import (
    HiddenWord,
    NameRedactor,
    is_among,
    is_protected,
    lower_case_words,
    share_a_name,
)
from acca_crawler.items import Withhold
from acca_crawler.text.sentences import sentences
from storage.alerts.entries import Person

_PLACEHOLDER = re.compile(r"[\[(【]\s?N\s?(\d{1,4})\s?[\])】]", re.IGNORECASE)
"""Translators change the brackets and put blanks into them."""


@dataclass(frozen=True, slots=True)
class Masked:
    """Texts with a placeholder `[N1]` for each withheld name; `names` are the names, the first for `[N1]`."""

    texts: tuple[str, ...]
    names: tuple[str, ...]

    def restore(self, text: str, written: Callable[[str], str] = str) -> str:
        """Return a text of the service with the names, each as `written`, in place of their placeholders."""

        def name(found: re.Match[str]) -> str:
            number = int(found[1])
            return written(self.names[number - 1]) if 0 < number <= len(self.names) else found[0]

        return _PLACEHOLDER.sub(name, text)

    def lost(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the names whose placeholders are in none of these texts of the service."""
        found = {int(one[1]) for text in texts for one in _PLACEHOLDER.finditer(text)}
        return tuple(name for number, name in enumerate(self.names, start=1) if number not in found)


def masked(
    texts: Sequence[str],
    persons: Iterable[Person],
    known: Iterable[str],
    withhold: Withhold,
    others: Sequence[str] = (),
    *,
    as_written: bool = False,
) -> Masked:
    """Replace the names that `withhold` protects, and words that may be names, by placeholders.

    `known` are words that are not names. `others` are texts in the same language: a doubtful word at the beginning of
    a sentence is kept if one of them, or this text, writes it in lower case. All forms of a person's name have one
    placeholder, which stands for the nominative; with `as_written` each form has its own.
    """
    everyone = tuple(persons)
    redactor = NameRedactor.for_persons(everyone, withhold, known=known)
    shown = [person.name for person in everyone if withhold == "all" or is_protected(person)] if not as_written else []
    whole = "\n\n".join(texts)
    ordinary = lower_case_words("\n\n".join(others))
    names: list[str] = []
    done = tuple(_masked(text, _spans(text, redactor, whole, ordinary), shown, names) for text in texts)
    return Masked(done, tuple(names))


def _spans(text: str, redactor: NameRedactor, whole: str, ordinary: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the passages to replace: runs of hidden words that are all sure or all doubtful."""
    starts = {_first_letter(text, start) for start, _ in sentences(text)}
    run: HiddenWord | None = None
    for word in redactor.hidden(text, whole):
        if not word.sure and word.start in starts and is_among(text[word.start : word.end], ordinary):
            continue
        if run and run.sure == word.sure and not text[run.end : word.start].strip():
            run = replace(run, end=word.end)
            continue
        if run:
            yield run.start, run.end
        run = word
    if run:
        yield run.start, run.end


def _first_letter(text: str, start: int) -> int:
    while start < len(text) and not text[start].isalpha():
        start += 1
    return start


def _masked(text: str, spans: Iterable[tuple[int, int]], shown: Sequence[str], names: list[str]) -> str:
    pieces, at = [], 0
    for start, end in spans:
        form = text[start:end]
        name = next((one for one in shown if share_a_name(one, form)), form)
        if name not in names:
            names.append(name)
        pieces += [text[at:start], f"[N{names.index(name) + 1}]"]
        at = end
    return "".join([*pieces, text[at:]])
