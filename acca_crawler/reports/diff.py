"""Output of `acca diff` for people and programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

from rich.console import Console
from rich.text import Text

from acca_crawler.i18n.labels import CHANGES, COUNTRIES
from acca_crawler.reports.spreadsheet import inert
from acca_crawler.reports.story_labels import member_in_brief
from storage.reports.diff import Diff, DiffEntry

HEADINGS = {
    ("alert", "new"): "New reports",
    ("alert", "found"): "Reports found by reprocessing the archive",
    ("alert", "update"): "Known reports, retold with something new",
    ("alert", "edited"): "Edited reports",
    ("alert", "gone"): "Reports that are gone",
    ("alert", "copy"): "Known reports, retold",
    ("digest", "new"): "Digest",
    ("digest", "found"): "For the digest, found by reprocessing the archive",
    ("digest", "update"): "For the digest, retold with something new",
    ("digest", "edited"): "For the digest, edited",
    ("digest", "gone"): "For the digest, gone",
    ("digest", "copy"): "For the digest, retold",
}
COLOURS = {
    "new": "bold red",
    "found": "bold red",
    "update": "bold red",
    "edited": "bold yellow",
    "gone": "bold magenta",
    "copy": "bold",
}


def print_diff(found: Diff, console: Console | None = None) -> None:
    """Print the diff: reports by kind and country, one line each, then counts of unflagged articles."""
    console = console or Console(soft_wrap=True, highlight=False)
    if not found.entries and not any(found.unflagged.values()):
        console.print("Nothing is new.")
        return
    for (level, kind), of_kind in groupby(found.entries, key=lambda entry: (entry.level, entry.kind)):
        listed = list(of_kind)
        console.print(Text(f"{HEADINGS[level, kind]} ({len(listed)})", style=COLOURS[kind] if level == "alert" else ""))
        for country, of_country in groupby(listed, key=lambda entry: entry.country):
            console.print(f"  {COUNTRIES.get(country or '', country)}")
            for entry in of_country:
                console.print(_line(entry))
    console.print(_unflagged(found))


def as_json_lines(found: Diff) -> str:
    """Return one JSON object per line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(found))


def as_csv(found: Diff) -> str:
    """Return CSV with a header; cells that a spreadsheet would run as formulas get a leading apostrophe."""
    out = io.StringIO()
    names = list(DiffEntry.__dataclass_fields__)
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    for entry in found.entries:
        row = {name: getattr(entry, name) for name in names} | {"also": [member_in_brief(m) for m in entry.also]}
        joined = {name: "; ".join(value) if isinstance(value, tuple | list) else value for name, value in row.items()}
        writer.writerow({name: inert(value) for name, value in joined.items()})
    return out.getvalue()


def _rows(found: Diff) -> Iterator[dict[str, object]]:
    return (asdict(entry) for entry in found.entries)


def _line(entry: DiffEntry) -> Text:
    official = " (official)" if entry.outlet_kind == "state" else ""
    line = Text(f"    {entry.article_id:>5}  {entry.outlet}{official}  {entry.date or 'date unknown'}  ")
    line.append(entry.title, style="bold" if entry.level == "alert" else "")
    if entry.categories:
        line.append(f"  [{', '.join(entry.categories)}]", style="cyan")
    if entry.words:
        line.append("  " + " · ".join(f"“{word}”" for word in entry.words), style="red")
    change = f": {CHANGES[entry.change]}" if entry.change else ""
    if entry.note:
        line.append(f"  ({entry.note}{change})", style="yellow")
    if entry.also:
        line.append(f"\n           also: {', '.join(map(member_in_brief, entry.also))}", style="green")
    return line


def _unflagged(found: Diff) -> str:
    kinds = [f"{count} {kind}" for kind, count in found.unflagged.items() if count]
    return f"Not flagged: {', '.join(kinds)}." if kinds else ""
