"""Uzbek boilerplate in both of its scripts: every pattern has a line here, and no line is cut out of a sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from acca_crawler.extract import boilerplate, extract
from acca_crawler.extract.boilerplate import RULES
from acca_crawler.text.language import identify
from acca_crawler.text.transliterate import romanise
from tests.support.neeon import ACCA, BODY, page

URL = "https://acca.media/en/1/x"
APOSTROPHES = "ʻʼ'’‘`"
WRITTEN = tomllib.loads(Path(boilerplate.__file__).with_name("boilerplate.toml").read_text(encoding="utf-8"))["rule"]
UZBEK = {rule["name"]: rule["uzbek"] for rule in WRITTEN if "uzbek" in rule}
"""By rule, its Uzbek lines in Latin and in Cyrillic script."""

OTHERS = {
    "donate", "tik tok", "реклама", "коллаж", "онлайн", "биздин", "мазмунга", "жарнама", "таблиғот", "калидвожаҳо",
    "article", "инчунин", "паҳн кунед", "пахши зинда", "пахши мустақим", "қаблан хабар дода будем",
    "your browser does not support ваш браузер не поддерживает", "listen to слушать this article story статью новость",
}  # fmt: skip
"""Parts of patterns in other languages that look Uzbek, being this short."""

PAIRS = [(rule, latin, cyrillic) for rule, pairs in UZBEK.items() for latin, cyrillic in pairs]


@pytest.mark.parametrize(("rule", "latin", "cyrillic"), PAIRS)
def test_a_line_is_stripped_in_both_scripts_and_with_every_apostrophe(rule: str, latin: str, cyrillic: str) -> None:
    assert plain(romanise(cyrillic, "uz-Cyrl")) == plain(latin), "the two are not the same line"
    for line in (cyrillic, *(latin.replace("ʻ", one) for one in APOSTROPHES)):
        got = extract(page([*BODY, line]), URL, outlet=ACCA)
        assert got.paragraphs == BODY
        assert (rule, line) in [(piece.rule, piece.text) for piece in got.stripped]


@pytest.mark.parametrize(("rule", "latin", "cyrillic"), PAIRS)
def test_a_sentence_that_quotes_the_line_stays(rule: str, latin: str, cyrillic: str) -> None:
    for sentence in (
        f"Guvohning aytishicha, devorda “{latin}” degan yozuv ham bor edi.",
        f"Гувоҳнинг айтишича, деворда “{cyrillic}” деган ёзув ҳам бор эди.",
    ):
        assert extract(page([*BODY, sentence]), URL, outlet=ACCA).paragraphs == (*BODY, sentence)


def test_every_uzbek_part_of_a_pattern_has_a_line_that_needs_it() -> None:
    missing = []
    for rule in RULES:
        lines = [line for pair in UZBEK.get(rule.name, ()) for line in pair]
        for start, end in alternatives(rule.pattern or ""):
            part = rule.pattern[start:end]
            without = re.compile(rule.pattern[:start] + r"\0" + rule.pattern[end:])
            if is_uzbek(part) and all(without.fullmatch(line) for line in lines):
                missing.append(f"{rule.name}: {part}")
    assert missing == [], "add them to the rule's `uzbek`, in both scripts"


def is_uzbek(part: str) -> bool:
    """Whether a part of a pattern looks like Uzbek words."""
    words = " ".join(re.findall(r"[^\W\d]{2,}", re.sub(r"\\\w|\(\?\w*", " ", part.replace(f"[{APOSTROPHES}]", "ʻ"))))
    return len(words) > 3 and words not in OTHERS and identify(words) in ("uz", "uz-Cyrl")


def alternatives(pattern: str) -> Iterator[tuple[int, int]]:
    """Yield where each alternative of a pattern starts and ends, those of its groups included."""
    open_groups: list[list[int]] = [[0]]
    for token in re.finditer(r"\\.|\[(?:\\.|[^\]])*\]|\(\?[a-z]+\)|\((?:\?[:=!])?|[|)]", pattern):
        if token[0] == "|":
            open_groups[-1].append(token.end())
        elif token[0] == ")":
            yield from _spans(open_groups.pop(), token.start())
        elif token[0].startswith("(") and not token[0].endswith(")"):
            open_groups.append([token.end()])
    yield from _spans(open_groups.pop(), len(pattern))


def _spans(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    if len(starts) > 1:
        yield from zip(starts, [*(start - 1 for start in starts[1:]), end], strict=True)


def plain(line: str) -> str:
    """The line with one kind of apostrophe, in lower case."""
    return re.sub(f"[{APOSTROPHES}]", "'", line).casefold()
