"""No regular expression of ours takes more than linear time on hostile text: one such page stops a whole crawl.

Every compiled pattern of the packages is run, in the ways the code calls it, on texts that make a backtracking matcher
start over at each letter. A pattern fails when its processor time grows much faster than the text, again and again.
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import acca_crawler
import spiders
import storage
from acca_crawler.extract.boilerplate import RULES
from tests.support.pattern_uses import called_methods, inline_patterns

pytestmark = pytest.mark.xdist_group("patterns")  # which one worker then finds once

PACKAGES: tuple[ModuleType, ...] = (acca_crawler, spiders, storage)
ROOT = Path(__file__).parents[1]
SIZE = 2000  # letters of the smaller text; no bounded repetition of ours reaches so far
STEP = 4  # the larger text has this many times as many letters
MAX_GROWTH = 9.0  # linear time grows by 4, quadratic by 16
RAMP = (*range(16, 42, 2), 64, 250, 1000)
"""Pieces of the first texts: an exponential matcher never ends on a longer one."""
MAX_SECONDS = 0.5  # for a text of the ramp: no linear matcher is near it
MIN_SECONDS = 0.01  # a quadratic matcher needs ten times as long for the larger text
TRIES = 4
PIECES = (
    "a",
    "ж",
    "1",
    " ",
    "\n",
    "ʻa",
    "a ",
    "a.",
    "A b ",
    "<",
    "<a ",
    '"',
    "'",
    "&",
    "/",
    "-",
    "(",
    "{",
    "[",
    ",",
    ":",
    "1 ",
    "a-",
    "…",
)

# Run on what an operator writes or a developer picks, never on a page that a crawl meets.
TRUSTED = (
    "acca_crawler.newsroom",
    "acca_crawler.outlet_tools.fixtures",
    "acca_crawler.detect.validate",
    "acca_crawler.detect.literal_prefixes",
)

Pattern = re.Pattern[str] | re.Pattern[bytes]


@cache
def patterns() -> dict[str, tuple[Pattern, frozenset[str]]]:
    """Every compiled pattern by its place, with the methods that the packages call on it."""
    places: dict[Pattern, str] = {}
    uses: dict[Pattern, frozenset[str]] = {}
    for module in _modules():
        named = [(pattern, name) for name, value in vars(module).items() for pattern in _patterns_in(value)]
        methods = called_methods(Path(str(module.__file__))) if named else {}
        for pattern, name in named:
            places.setdefault(pattern, f"{module.__name__}.{name}:{len(places)}")
            uses[pattern] = uses.get(pattern, frozenset()) | methods.get(name, frozenset())
    compiled = {place: (pattern, uses[pattern] or frozenset(("search",))) for pattern, place in places.items()}
    rules = {
        f"boilerplate.{rule.name}": (re.compile(rule.pattern), frozenset(("fullmatch",)))
        for rule in RULES
        if rule.pattern
    }
    inline = {
        f"{place}:{pattern!r}": (re.compile(pattern), frozenset((method,))) for place, method, pattern in _inline()
    }
    return compiled | rules | inline


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        yield package
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and not module.name.startswith(TRUSTED):
                yield importlib.import_module(module.name)


def _patterns_in(value: object, depth: int = 3) -> Iterator[Pattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, type) and value.__module__.split(".")[0] in ("acca_crawler", "spiders", "storage"):
        for inner in vars(value).values():
            if isinstance(inner, re.Pattern):
                yield inner
    elif depth and isinstance(value, dict):
        for inner in value.values():
            yield from _patterns_in(inner, depth - 1)
    elif depth and isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _patterns_in(inner, depth - 1)


def _inline() -> Iterator[tuple[str, str, str]]:
    """(place, method, pattern) of all patterns that are written in a call."""
    for path in sorted(
        path for package in PACKAGES for folder in package.__path__ for path in Path(folder).rglob("*.py")
    ):
        if "re." in path.read_text(encoding="utf-8"):
            yield from ((str(path.relative_to(ROOT)), method, pattern) for method, pattern in inline_patterns(path))


def _hostile(pattern: str | bytes) -> list[tuple[str, str]]:
    """(opening, piece) of texts: the piece is repeated, and a letter that nothing expects ends it."""
    source = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    literal = sorted(set(re.findall(r"[^\W\d_]{2,}", source)), key=len)[-3:]
    marks = sorted(set(re.findall(r"[^\w\s\\^$*+?.|()\[\]{}]", source)))[:6]
    pieces = dict.fromkeys(
        (*PIECES, *literal, *marks, *(f"{mark}a" for mark in marks), *(f"<{word}>" for word in literal))
    )
    return [("", piece) for piece in pieces] + [(word, piece) for word in literal[-1:] for piece in ("a", " ", "a ")]


def _text(opening: str, piece: str, size: int) -> str:
    return f"{opening}{piece * (size // len(piece))}\x01"


def _seconds(run: Callable[[], object]) -> float:
    """Processor seconds of a call, without garbage collection: its time depends on what earlier tests left behind."""
    gc.disable()
    try:
        start = time.thread_time()
        run()
        return time.thread_time() - start
    finally:
        gc.enable()


def _caller(pattern: Pattern, method: str, text: str) -> Callable[[], object]:
    given: str | bytes = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
    if method in ("sub", "subn"):
        return lambda: getattr(pattern, method)(given[:0], given)
    if method == "finditer":
        return lambda: deque(pattern.finditer(given), maxlen=0)  # type: ignore[arg-type]
    return lambda: getattr(pattern, method)(given)


def grows(pattern: Pattern, method: str) -> str | None:
    """The piece of text on which the pattern's time grows faster than the text, or None."""
    for opening, piece in _hostile(pattern.pattern):
        for size in RAMP:
            if _seconds(_caller(pattern, method, _text(opening, piece, size * len(piece)))) > MAX_SECONDS:
                return f"{method} on {opening!r} and {size} times {piece!r}"
        short = _caller(pattern, method, _text(opening, piece, SIZE))
        long = _caller(pattern, method, _text(opening, piece, SIZE * STEP))
        for _ in range(TRIES):
            after = _seconds(long)
            if after < MIN_SECONDS or after < MAX_GROWTH * _seconds(short):
                break
        else:
            return f"{method} on {opening!r} and many {piece!r}"
    return None


def test_quadratic_pattern_is_noticed() -> None:
    assert grows(re.compile(r"\w.{40,}…$", re.DOTALL), "search")
    assert grows(re.compile(r"\s+$"), "sub")
    assert grows(re.compile(r"(?:a|aa)+b"), "match")
    assert not grows(re.compile(r"\w{1,40}…"), "search")


def test_all_patterns_are_found() -> None:
    places = {place.rsplit(":", 1)[0] for place in patterns()}
    known = {"paragraphs._PARAGRAPH_BREAK", "structured._TRAILING_COMMA"}
    assert {f"acca_crawler.extract.{pattern}" for pattern in known} <= places
    assert len(patterns()) > 200


def test_patterns_are_called_as_the_code_calls_them() -> None:
    methods = {place.rsplit(":", 1)[0]: found for place, (_, found) in patterns().items()}
    assert methods["acca_crawler.extract.walls._MARKS"] == {"match"}  # by a loop and a parameter
    assert methods["acca_crawler.text.transliterate._MERGED"] == {"sub"}  # by a part of a loop's variable
    assert methods["acca_crawler.text.searchable._WORD"] == {"findall", "finditer"}  # by a function that returns it


def test_time_grows_no_faster_than_the_text() -> None:
    slow = {
        place: why
        for place, (pattern, methods) in patterns().items()
        for method in sorted(methods)
        if (why := grows(pattern, method))
    }
    assert not slow
