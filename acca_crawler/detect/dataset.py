"""Labelled items to fit and measure on (JSONL: id, title, text, level, labels, lang, country, kind, fold, and for items
from the news outlet, event and sure)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from acca_crawler.exceptions import LabelledError
from acca_crawler.items import Level

_LEVELS: dict[str, Level] = {"alert": "alert", "digest": "digest", "ignore": "ignore"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One item a person has judged by the guideline.

    `outlet` is empty for an item that was written or restated for this project; `sure` is false where the annotator
    doubted; items of one `event` share a fold.
    """

    id: str
    title: str
    text: str
    level: Level
    language: str
    country: str | None
    kind: str
    fold: int
    labels: tuple[str, ...]
    outlet: str = ""
    event: str = ""
    sure: bool = True

    @property
    def is_natural(self) -> bool:
        """Whether the item is from the news."""
        return bool(self.outlet)


def read_labelled(paths: Iterable[Path]) -> list[Labelled]:
    """The items of JSONL files (plain or in gzip), one a line, in order. Raises `LabelledError`, `OSError`."""
    return [
        _item(line, f"{path}, line {number}")
        for path in paths
        for number, line in enumerate(_lines(path), 1)
        if line.strip()
    ]


def _lines(path: Path) -> list[str]:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8").splitlines()


def _item(line: str, where: str) -> Labelled:
    try:
        row = json.loads(line)
        return Labelled(
            id=str(row["id"]),
            title=str(row.get("title") or ""),
            text=str(row["text"]),
            level=_LEVELS[row["level"]],
            language=str(row["lang"]),
            country=row.get("country") or None,
            kind=str(row.get("kind", "")),
            fold=int(row.get("fold", 0)),
            labels=tuple(str(label) for label in row.get("labels", ())),
            outlet=str(row.get("outlet") or ""),
            event=str(row.get("event") or ""),
            sure=bool(row.get("sure", True)),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LabelledError(f"{where}: {type(error).__name__}: {error}") from error
