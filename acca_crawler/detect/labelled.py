"""Labelled items (JSONL: id, title, text, level, labels, lang, country, kind, fold) to fit and measure on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from acca_crawler.items import Level


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
    """The items of JSONL files, one a line, in order."""
    return [
        _item(json.loads(line))
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def _item(row: dict[str, object]) -> Labelled:
    labels = row.get("labels", [])
    assert isinstance(labels, list)
    return Labelled(
        id=str(row["id"]),
        title=str(row.get("title", "")),
        text=str(row["text"]),
        level=row["level"],  # type: ignore[arg-type]
        language=str(row["lang"]),
        country=str(row["country"]) if row.get("country") else None,
        kind=str(row.get("kind", "")),
        fold=int(str(row.get("fold", 0))),
        labels=tuple(str(label) for label in labels),
    )
