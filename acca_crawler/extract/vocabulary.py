"""Split a run-on line of categories ("Central Asia Kazakhstan News") with the outlet's own vocabulary."""

from __future__ import annotations

from functools import lru_cache


def split_categories(line: str, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """Return the categories that make up the whole line, longest match first; empty if they do not cover it.

    "Torture Torture Kazakhstan" is "Torture" and "Torture Kazakhstan" if both are categories.
    """
    known = _by_words(vocabulary)
    words = tuple(line.replace(",", " ").replace("|", " ").split())
    longest = max((len(rubric) for rubric in known), default=0)
    # rubrics[i]: the split of the words from i on.
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
