"""Time and request budget of one outlet in a run, so that an endless site does not delay the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

REQUESTS_A_MINUTE = 120
"""Requests per minute of budget; at the usual delay of one second, the time runs out first."""

FOR_DISCOVERY = 0.5
"""Share of the budget that discovery may use; the rest is for the articles it finds."""


@dataclass(slots=True)
class Budget:
    """A limit of `minutes` and of the corresponding number of requests; 0 means no limit.

    `for_discovery` is the share that discovery may use.
    """

    minutes: float
    for_discovery: float = FOR_DISCOVERY
    requests: int = 0
    started: float = field(default_factory=monotonic)

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self._used >= 1

    @property
    def spent_on_discovery(self) -> bool:
        """Whether discovery has used up its share."""
        return self._used >= self.for_discovery

    @property
    def _used(self) -> float:
        if not self.minutes:
            return 0.0
        time = (monotonic() - self.started) / (60 * self.minutes)
        return max(time, self.requests / (REQUESTS_A_MINUTE * self.minutes))

    def __str__(self) -> str:
        return f"{self.minutes:g} minutes or {REQUESTS_A_MINUTE * self.minutes:.0f} requests"
