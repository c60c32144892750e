"""Charts as coordinates for an inline SVG with a viewBox of 640 by 220; no scripts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from acca_crawler.i18n.catalogue import Language

WIDTH, HEIGHT = 640, 220
LEFT, BOTTOM, TOP = 40, 190, 10
LABELS = 8
HALF_LABEL = 28
"""Half the width of the longest label of a period, so that the last one is not cut off."""
COLOURS = 10
"""Number of colours in the stylesheet, which also differ in lightness; further series share the last one."""


@dataclass(frozen=True, slots=True)
class Series:
    """A named series with one value per week."""

    name: str
    values: Sequence[float | None]

    @property
    def total(self) -> float:
        """Return the sum of the known values."""
        return sum(value or 0 for value in self.values)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: position and size in the viewBox, colour number, and tooltip."""

    x: float
    y: float
    width: float
    height: float
    colour: int
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a chart's template draws, and the numbers for the table beside it."""

    bars: tuple[Bar, ...]
    weeks: tuple[Tick, ...]
    values: tuple[Tick, ...]
    series: tuple[Series, ...]
    days: tuple[str, ...]


def stacked(weeks: Sequence[str], series: Sequence[Series], language: Language) -> Chart:
    """Return a stacked bar chart of counts, one bar per week."""
    highest = max((sum(one.values[at] or 0 for one in series) for at in range(len(weeks))), default=0)
    scale = _scale(highest)
    bars = []
    for at, week in enumerate(weeks):
        y = float(BOTTOM)
        for number, one in enumerate(series):
            value = one.values[at] or 0
            if value:
                height = value / scale * (BOTTOM - TOP)
                y -= height
                label = f"{language.day(week)}, {one.name}: {language.number(value)}"
                bars.append(_bar(at, len(weeks), y, height, min(number, COLOURS - 1), label))
    return Chart(tuple(bars), _periods(weeks, language.day), _values(scale, language), tuple(series), tuple(weeks))


def columns(
    weeks: Sequence[str], values: Sequence[float | None], language: Language, named: Callable[[str], str] | None = None
) -> Chart:
    """Return a bar chart, one bar per week (or other period that `named` names); one without a value has no bar."""
    named = named or language.day
    scale = _scale(max((value for value in values if value is not None), default=0))
    bars = []
    for at, (week, value) in enumerate(zip(weeks, values, strict=False)):
        if value is not None:
            height = max(value / scale * (BOTTOM - TOP), 1)
            label = f"{named(week)}: {language.number(round(value, 1))}"
            bars.append(_bar(at, len(weeks), BOTTOM - height, height, 0, label))
    return Chart(tuple(bars), _periods(weeks, named), _values(scale, language), (), tuple(weeks))


def _bar(at: int, of: int, y: float, height: float, colour: int, label: str) -> Bar:
    slot = (WIDTH - LEFT) / of
    return Bar(
        round(LEFT + at * slot + slot * 0.15, 1), round(y, 1), round(slot * 0.7, 1), round(height, 1), colour, label
    )


def _scale(highest: float) -> float:
    """Return the axis maximum: the next 1, 2 or 5 times a power of ten, at least 4 so that ticks are whole numbers."""
    if highest <= 4:
        return 4
    power = float(10 ** math.floor(math.log10(highest)))
    return next(step * power for step in (1, 2, 4, 5, 8, 10) if step * power >= highest)


def _periods(periods: Sequence[str], named: Callable[[str], str]) -> tuple[Tick, ...]:
    """Label at most `LABELS` of the periods; of weeks without their year."""
    slot = (WIDTH - LEFT) / max(len(periods), 1)
    shown = range(0, len(periods), max(1, math.ceil(len(periods) / LABELS)))
    return tuple(
        Tick(round(min(LEFT + (at + 0.5) * slot, WIDTH - HALF_LABEL), 1), _period(periods[at], named)) for at in shown
    )


def _period(period: str, named: Callable[[str], str]) -> str:
    return re.sub(r" \d{4}( г\.)?$", "", named(period)) if len(period) > len("2026-11") else named(period)


def _values(scale: float, language: Language) -> tuple[Tick, ...]:
    return tuple(
        Tick(round(BOTTOM - part / 4 * (BOTTOM - TOP), 1), language.number(scale * part / 4)) for part in range(5)
    )
