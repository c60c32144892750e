"""Labelled items (JSONL: id, title, text, level, labels, lang, country, kind, fold) to fit and measure on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from acca_crawler.exceptions import LabelledError
from acca_crawler.items import Level

_LEVELS: dict[str, Level] = {"alert": "alert", "digest": "digest", "ignore": "ignore"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One item a person has judged by the guideline."""

    id: str
    title: str
    text: str
    level: Level
    language: str
    country: str | None
    kind: str
    fold: int
    labels: tuple[str, ...]


def read_labelled(paths: Iterable[Path]) -> list[Labelled]:
    """The items of JSONL files, one a line, in order. Raises `LabelledError`, `OSError`."""
    return [
        _item(line, f"{path}, line {number}")
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip()
    ]


def _item(line: str, where: str) -> Labelled:
    try:
        row = json.loads(line)
        return Labelled(
            id=str(row["id"]),
            title=str(row.get("title", "")),
            text=str(row["text"]),
            level=_LEVELS[row["level"]],
            language=str(row["lang"]),
            country=row.get("country") or None,
            kind=str(row.get("kind", "")),
            fold=int(row.get("fold", 0)),
            labels=tuple(str(label) for label in row.get("labels", ())),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LabelledError(f"{where}: {type(error).__name__}: {error}") from error
