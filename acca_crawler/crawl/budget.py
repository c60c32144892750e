"""How long one outlet may be asked within a run, and how often, so that an endless site does not hold up the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

REQUESTS_A_MINUTE = 120
"""Requests that a minute of the budget stands for; with the usual pause of a second, time runs out first."""

FOR_DISCOVERY = 0.5
"""The share that discovery may use: the rest is for the articles that it has found."""


@dataclass(slots=True)
class Budget:
    """`minutes` of asking and the requests that they stand for; no limit where it is 0.

    `for_discovery` is the share that discovery may use.
    """

    minutes: float
    for_discovery: float = FOR_DISCOVERY
    requests: int = 0
    started: float = field(default_factory=monotonic)

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self._used >= 1

    @property
    def spent_on_discovery(self) -> bool:
        """Whether discovery has had its share."""
        return self._used >= self.for_discovery

    @property
    def _used(self) -> float:
        if not self.minutes:
            return 0.0
        time = (monotonic() - self.started) / (60 * self.minutes)
        return max(time, self.requests / (REQUESTS_A_MINUTE * self.minutes))

    def __str__(self) -> str:
        return f"{self.minutes:g} minutes or {REQUESTS_A_MINUTE * self.minutes:.0f} requests"
