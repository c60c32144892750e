"""Validate lexicon files against the contract and their own examples, and measure their effect on labelled items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from acca_crawler.detect.dataset import Labelled
from acca_crawler.detect.detector import Detector
from acca_crawler.detect.lexicon import BUILT_IN, Group, lexicon_files, read_lexicon
from acca_crawler.detect.literal_prefixes import branches_of, stems_of
from acca_crawler.exceptions import ConfigError, LexiconError, PatternError
from acca_crawler.items import LANGUAGES, Level
from acca_crawler.text.strict_patterns import compile_strictly

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_CODES = re.compile(r"\\[wWdDsSbB]")
_RANGE = re.compile(r"\[[^\]]*[^\W\d_]-[^\W\d_]")
_UNBOUNDED_TWICE = re.compile(r"[+*]\)(?:[+*]|\{\d+,\})|\.[*+]|\{\d+,\}")


@dataclass(frozen=True, slots=True)
class Problem:
    """A contract violation: its location and description."""

    file: str
    group: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}: [{self.group}]" if self.group else self.file
        return f"{where} {self.message}"


@dataclass(frozen=True, slots=True)
class Change:
    """A labelled item whose level changes with other lexicons; `right` is the annotated level."""

    item: str
    title: str
    before: Level
    after: Level
    right: Level


def check_lexicons(directories: Iterable[Path] = (BUILT_IN,)) -> list[Problem]:
    """Return every problem in the lexicon files of `directories`, in order; empty if they are valid."""
    return [problem for directory in directories for problem in _check_directory(directory)]


def require_sound_lexicons(directories: Iterable[Path]) -> None:
    """Raise `ConfigError` with every problem in the operators' own lexicons, if there are any."""
    problems = check_lexicons(directories)
    if problems:
        raise ConfigError("\n".join(map(str, problems)))


def changes_made(items: Iterable[Labelled], ours: Detector, theirs: Detector) -> list[Change]:
    """Return the labelled items whose level differs between two detectors, usually without and with operator terms."""
    changes = []
    for item in items:
        before = ours.detect(item.text, title=item.title, language=item.language).level
        after = theirs.detect(item.text, title=item.title, language=item.language).level
        if before != after:
            changes.append(Change(item.id, item.title, before, after, item.level))
    return changes


def agreement(items: Iterable[Labelled], detector: Detector) -> int:
    """Count the labelled items that get the annotated level."""
    return sum(
        detector.detect(item.text, title=item.title, language=item.language).level == item.level for item in items
    )


def summary(changes: Sequence[Change]) -> str:
    """Format the changes as lines of text, separated into improvements and regressions."""
    lines = [
        f"{change.item}: {change.before} -> {change.after} ({_verdict(change)}) {change.title}".rstrip()
        for change in changes
    ]
    better = sum(change.after == change.right for change in changes)
    worse = sum(change.before == change.right for change in changes)
    return "\n".join([*lines, f"{len(changes)} items change: {better} now right, {worse} no longer right"])


def _verdict(change: Change) -> str:
    if change.after == change.right:
        return "now right"
    return "no longer right" if change.before == change.right else f"both wrong, a person says {change.right}"


def _check_directory(directory: Path) -> Iterator[Problem]:
    if not directory.is_dir():
        yield Problem(str(directory), "", "is not a directory")
        return
    files = lexicon_files(directory)
    if not files:
        yield Problem(str(directory), "", f"has no file named after a language: {', '.join(LANGUAGES)}.toml")
    for path in files:
        yield from _check_file(path)


def _check_file(path: Path) -> Iterator[Problem]:
    try:
        groups = read_lexicon(path)
    except LexiconError as error:
        yield Problem(path.name, "", str(error).removeprefix(f"{path.name}: "))
        return
    for group in groups:
        yield from (Problem(path.name, group.name, message) for message in _check_group(group))


def _check_group(group: Group) -> Iterator[str]:
    patterns = []
    for term in group.terms:
        try:
            patterns.append(compile_strictly(term.pattern))
        except re.error as error:
            yield f"{term.lemma}: not a pattern: {error}"
            continue
        except (RecursionError, OverflowError):
            yield f"{term.lemma}: not a usable pattern: too deep or too large"
            continue
        yield from (f"{term.lemma}: {message}" for message in _check_pattern(term.pattern, term.language))
    for example in group.must_match:
        if not any(pattern.fullmatch(example) for pattern in patterns):
            yield f"ok example {example!r} is matched by no term"
    for example in group.must_not_match:
        for pattern in patterns:
            if re.search(rf"(?<!\w)(?:{pattern.pattern})(?!\w)", example):
                yield f"no example {example!r} is matched by {pattern.pattern[:60]!r}"


def _check_pattern(pattern: str, language: str) -> Iterator[str]:
    letters = _CODES.sub("", pattern)
    if language in ("ru", "kk", "ky", "tg") and _LATIN.search(letters):
        yield "contains Latin letters in a Cyrillic language"
    if language in ("en", "uz", "tk") and _CYRILLIC.search(letters):
        yield "contains Cyrillic letters in a Latin language"
    if _RANGE.search(pattern):
        yield "uses a range of letters"
    if _UNBOUNDED_TWICE.search(pattern):
        yield "repeats without bound what repeats already, or any character: it may backtrack badly"
    try:
        if any(not stem.strip() for branch in branches_of(pattern) for stem in stems_of(branch)):
            yield "has an alternative that begins with no literal letters"
    except PatternError as error:
        yield str(error)
