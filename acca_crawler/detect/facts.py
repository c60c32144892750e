"""Facts that a report states, each with the stretch and the sentence it was read from."""

from __future__ import annotations

from acca_crawler.detect.reading import Reading
from acca_crawler.items import Fact


def facts_of(reading: Reading) -> tuple[Fact, ...]:
    """The facts of a reading, in order of place."""
    return ()
