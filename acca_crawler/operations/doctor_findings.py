"""A finding of `acca doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What one check found (`area` is its subject) and, unless it is ok, what to do about it."""

    severity: Severity
    area: str
    found: str
    advice: str = ""


def ok(area: str, found: str) -> CheckFinding:
    """Return a finding without a problem."""
    return CheckFinding("ok", area, found)


def warning(area: str, found: str, advice: str) -> CheckFinding:
    """Return a finding that does not stop the operation."""
    return CheckFinding("warning", area, found, advice)


def error(area: str, found: str, advice: str) -> CheckFinding:
    """Return a finding that stops or endangers the operation."""
    return CheckFinding("error", area, found, advice)
