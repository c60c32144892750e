"""The findings of `verify`: one for each thing that differs from what was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

ErrorKind = Literal[
    "changed-bytes",
    "missing-bytes",
    "extra-bytes",
    "missing-file",
    "unreadable-file",
    "unknown-file",
    "edited-row",
    "missing-row",
    "added-row",
    "broken-chain",
    "no-manifest",
    "damaged-database",
    "changed-schema",
    "bad-timestamp",
    "unknown-head",
]
"""What does not match what was stored."""

NoteKind = Literal[
    "open-run",
    "unclosed-run",
    "open-file",
    "torn-tail",
    "pruned-file",
    "clock-ran-back",
    "open-timestamp",
    "late-timestamp",
    "unchecked-timestamp",
    "other-certificate",
]
"""States that are not errors."""

FindingKind = ErrorKind | NoteKind
_NOTES = frozenset(get_args(NoteKind))


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding and its location: a file, offset (bytes) and record, or a table's row."""

    kind: FindingKind
    message: str
    file: str | None = None
    offset: int | None = None
    record: str | None = None
    table: str | None = None
    row: int | str | None = None

    @property
    def is_error(self) -> bool:
        """True if something does not match; other findings are notes."""
        return self.kind not in _NOTES

    def __str__(self) -> str:
        """Format as one line for people: kind, place, message."""
        parts = (
            ("", self.file),
            ("offset ", self.offset),
            ("record ", self.record),
            ("", f"{self.table} row {self.row}" if self.row is not None else self.table),
        )
        place = ", ".join(f"{label}{value}" for label, value in parts if value is not None)
        return f"{self.kind}: {place}: {self.message}" if place else f"{self.kind}: {self.message}"
