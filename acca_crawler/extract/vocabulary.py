"""A run-on line of rubrics ("Central Asia Kazakhstan News") taken apart by the outlet's own words."""

from __future__ import annotations

from functools import lru_cache


def split_categories(line: str, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """The rubrics that make up the whole line, the longest possible first; empty where they do not.

    "Torture Torture Kazakhstan" is "Torture" and "Torture Kazakhstan" where both are rubrics.
    """
    known = _by_words(vocabulary)
    words = tuple(line.replace(",", " ").replace("|", " ").split())
    longest = max((len(rubric) for rubric in known), default=0)
    # rubrics[i]: how the words from i on are taken apart.
    rubrics: list[tuple[str, ...] | None] = [None] * len(words) + [()]
    for start in range(len(words) - 1, -1, -1):
        for length in range(min(longest, len(words) - start), 0, -1):
            rubric = known.get(tuple(word.casefold() for word in words[start : start + length]))
            rest = rubrics[start + length]
            if rubric and rest is not None:
                rubrics[start] = (rubric, *rest)
                break
    return tuple(dict.fromkeys(rubrics[0] or ())) if words else ()


@lru_cache(maxsize=128)
def _by_words(vocabulary: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    return {tuple(rubric.casefold().split()): rubric for rubric in vocabulary}
