"""Labelled items for training and evaluation (JSONL: id, title, text, level, labels, lang, country, kind, fold, and for
items from the news outlet, event and sure)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zlib import crc32

from acca_crawler.exceptions import LabelledError
from acca_crawler.items import Category, Level

_LEVELS: dict[str, Level] = {"alert": "alert", "digest": "digest", "ignore": "ignore"}

FOLDS = 5
"""Number of parts that cross-validation leaves out in turn."""
LIGHT = 0.35
"""Weight of items of the newest invented set: at full weight its 1,251 items take precision from real news (by folds
0.866 to 0.854, Kyrgyz 0.769 to 0.732), without them page-long invented articles are missed; one of three weights tried.
"""

CATEGORY_OF: dict[str, Category] = {
    "torture_act": "torture",
    "ill_treatment_institution": "ill_treatment",
    "death_custody": "death_in_custody",
    "arb_detention": "arbitrary_detention",
    "punitive_conviction": "arbitrary_detention",
    "disappearance": "enforced_disappearance",
    "psychiatric": "punitive_psychiatry",
    "forced_labour": "forced_labour_custody_conditions",
    "custody_conditions": "forced_labour_custody_conditions",
    "refoulement": "transnational_repression",
    "ca_victim_abroad": "transnational_repression",
    "attack_media_law": "attack_on_defender",
    "attack_hrd": "attack_on_defender",
    "accountability": "accountability",
}
"""The guideline's labels as the codes we report; a denial is known by what it denies."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One item labelled by the guideline: real, restated or invented.

    `outlet` is empty for an item written or paraphrased for this project, and for a text of the streams, whose outlet
    is its `publisher` alone; `sure` is false if its level is doubtful; items of one `event` share a fold; `weight`
    is what it counts for in a fit, beside others of its kind.
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
    publisher: str = ""
    weight: float = 1.0

    @property
    def is_natural(self) -> bool:
        """Whether the item comes from the news."""
        return bool(self.outlet)

    @property
    def categories(self) -> frozenset[Category]:
        """The categories of its labels."""
        return frozenset(CATEGORY_OF[label] for label in self.labels if label in CATEGORY_OF)


def read_labelled(paths: Iterable[Path], weight: float = 1.0) -> list[Labelled]:
    """Read items from JSONL files (plain or gzip), one per line, in order. Raises `LabelledError`, `OSError`."""
    return [
        replace(_read(line, f"{path}, line {number}"), weight=weight)
        for path in paths
        for number, line in enumerate(_lines(path), 1)
        if line.strip()
    ]


def in_cases(items: Iterable[Labelled], cases: Path) -> list[Labelled]:
    """Return the items, those of one case with its event and fold, so that none is judged by weights fitted to it.

    `cases` is JSONL: event, fold, and ids of items whose files do not say that they belong together.
    """
    rows = [json.loads(line) for line in _lines(cases)]
    known = {name: row for row in rows for name in row["ids"]}
    return [
        replace(item, event=known[item.id]["event"], fold=known[item.id]["fold"]) if item.id in known else item
        for item in items
    ]


def world_news(paths: Iterable[Path]) -> list[Labelled]:
    """Read translated world news without levels: none of it is about the region, so its level is "ignore".

    Translations of one story, with the same number at the end of their ids, are one event.
    """
    rows = [json.loads(line) for path in paths for line in _lines(path)]
    return [
        _item({**row, "level": "ignore", "outlet": "", "event": f"world {number}", "fold": number % FOLDS}, row["id"])
        for row in rows
        if (number := int(row["id"].rpartition("-")[2])) >= 0
    ]


def read_levels(levels: Path, streams: Path) -> list[Labelled]:
    """Read the annotated texts of the unlabelled streams: `levels` has id, level and sure, `streams` the texts.

    A translation also has the publisher of the original, and its event and fold, so that both are kept together.
    Raises `LabelledError` for an id missing from the streams.
    """
    known = {row["id"]: row for row in map(json.loads, _lines(levels))}
    names = {name.rpartition("-")[0] for name in known}
    texts = [json.loads(line) for name in sorted(names) for line in _lines(streams / f"{name}.jsonl.gz")]
    found = [
        _item({**row, "publisher": row["outlet"], **known[row["id"]], "outlet": ""}, row["id"])
        for row in texts
        if row["id"] in known
    ]
    if len(found) < len(known):
        raise LabelledError(f"{levels.name}: {len(known) - len(found)} ids are in no stream of {streams}")
    return found


def _lines(path: Path) -> list[str]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return text.rstrip("\n").split("\n")  # not at U+2028, which texts may contain


def _read(line: str, where: str) -> Labelled:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise LabelledError(f"{where}: {error}") from error
    return _item(row, where)


def _fold_of(name: str) -> int:
    """The fold of an item whose file names none: that of its event, else of its id."""
    return crc32(name.encode()) % FOLDS


def _item(row: dict[str, Any], where: str) -> Labelled:
    try:
        return Labelled(
            id=str(row["id"]),
            title=str(row.get("title") or ""),
            text=str(row["text"]),
            level=_LEVELS[row["level"]],
            language=str(row["lang"]),
            country=row.get("country") or None,
            kind=str(row.get("kind", "")),
            fold=int(row["fold"]) if "fold" in row else _fold_of(str(row.get("event") or row["id"])),
            labels=tuple(str(label) for label in row.get("labels", ())),
            outlet=str(row.get("outlet") or ""),
            event=str(row.get("event") or ""),
            sure=bool(row.get("sure", True)),
            publisher=str(row.get("publisher") or row.get("outlet") or ""),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LabelledError(f"{where}: {type(error).__name__}: {error}") from error
