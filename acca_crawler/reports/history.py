"""Prints an article's history: a word diff for each revision."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rich.console import Console
from rich.text import Text

from acca_crawler.dedup.changes import Edit, word_diff
from storage.articles.history import RevisionText, VisitRecord

CONTEXT_WORDS = 12
"""Words of context shown around a change; unchanged text beyond that is omitted."""

DATES = ("published_at", "modified_at")
COLOURS = {"softening": "bold red", "correction": "bold yellow", "addition": "bold green", "cosmetic": "dim"}


def print_history(
    revisions: Sequence[RevisionText], visits: Sequence[VisitRecord], console: Console | None = None
) -> None:
    """Print what each revision changed, and the visits that did not find the article unchanged."""
    console = console or Console(soft_wrap=True, highlight=False)
    marks = not console.is_terminal
    console.print(_heading(revisions[0]))
    console.print(Text(f"  {revisions[0].title}"))
    for before, after in pairwise(revisions):
        console.print(_heading(after))
        for name in DATES:
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                console.print(f"  {name.replace('_', ' ')}: {old or 'unknown'} → {new or 'unknown'}")
        for label, old, new in (("title", before.title, after.title), ("text", before.text, after.text)):
            for line in changed(old, new, marks=marks):
                console.print(Text(f"  {label}: ").append_text(line))
    for visit in visits:
        console.print(f"visit {visit.visited_at}: {visit.outcome}" + (f": {visit.reason}" if visit.reason else ""))


def as_json_lines(revisions: Sequence[RevisionText]) -> str:
    """Return one JSON object per revision, with the edits that led to it."""
    lines = []
    for before, after in zip((None, *revisions), revisions, strict=False):
        edits = {
            field: [
                [edit.kind, edit.old, edit.new] for edit in word_diff(getattr(before, field), getattr(after, field))
            ]
            for field in (("title", "text") if before else ())
        }
        row = {
            "number": after.number, "stored_at": after.stored_at,
            "captured_at": after.captured_at, "change": after.change, "level": after.level,
            "published_at": after.published_at, "modified_at": after.modified_at, "edits": edits,
        }  # fmt: skip
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def changed(old: str, new: str, *, marks: bool) -> Iterator[Text]:
    """Yield the changed passages with some words of context.

    With `marks` (for a pipe or a file), removed text is shown in [-brackets-] and added text in {+braces+}.
    """
    if old == new:
        return
    line = Text()
    edits = word_diff(old, new)
    for number, edit in enumerate(edits):
        if edit.kind != "equal":
            line.append_text(_edit(edit, marks))
            continue
        head, gap, tail = _shortened(edit.new, first=number == 0, last=number == len(edits) - 1)
        line.append(_flat(head))
        if gap:
            if line.spans or "[-" in line.plain or "{+" in line.plain:
                yield line
            line = Text("… ") if tail else Text()
        line.append(_flat(tail))
    if line.plain.strip(" …"):
        yield line


def _edit(edit: Edit, marks: bool) -> Text:
    text = Text()
    for words, style, opening, closing in (
        (edit.old, "red strike", "[-", "-]"), (edit.new, "green", "{+", "+}"),
    ):  # fmt: skip
        if words:
            core = _flat(words).rstrip()
            text.append(f"{opening}{core}{closing}" if marks else core, style=style)
            text.append(" " if words != words.rstrip() else "")
    return text


def _shortened(text: str, *, first: bool, last: bool) -> tuple[str, bool, str]:
    """Return the context after a change, whether text is omitted, and the context before the next change."""
    words = text.split(" ")
    if len(words) <= (CONTEXT_WORDS if first or last else 2 * CONTEXT_WORDS):
        return text, False, ""
    head = "" if first else " ".join(words[:CONTEXT_WORDS]) + " …"
    tail = "" if last else " ".join(words[-CONTEXT_WORDS:])
    return head, True, tail


def _flat(text: str) -> str:
    return text.replace("\n\n", " ¶ ").replace("\n", " ")


def _heading(revision: RevisionText) -> Text:
    level = f", {revision.level}" if revision.level else ""
    at = revision.stored_at
    if revision.change == "earlier":
        at = f"captured {revision.captured_at}, stored {revision.stored_at}"
    return Text(
        f"revision {revision.number}: {at}, {revision.change}{level}",
        style=COLOURS.get(revision.change, "bold"),
    )
