"""What the judge of alerts is taught by."""

from __future__ import annotations

from collections import Counter

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.dataset import Labelled
from acca_crawler.detect.ngrams import grams_of, letters_of
from acca_crawler.items import Level


def test_alerts_written_for_the_project_weigh_as_their_share_allows() -> None:
    from acca_crawler.detect.fit import WRITTEN_ALERTS, Example, _target  # imports scikit-learn, for a second

    def example(level: Level, outlet: str) -> Example:
        item = Labelled("", "", "", level, "ru", None, "", 0, (), outlet=outlet, publisher=outlet)
        return Example(item, annotate(""), (), grams_of(letters_of("")), Counter(), Counter(), 0)

    written = [example("alert", "") for _ in range(8)] + [example("ignore", "") for _ in range(4)]
    news = [example("alert", "a channel") for _ in range(3)]
    target, cost = _target([*written, *news], "alert")
    alerts, others = cost[:8].sum(), cost[8:12].sum()
    assert alerts / (alerts + others) == pytest.approx(WRITTEN_ALERTS)
    assert cost[12:].tolist() == [2.0] * 3
    assert target.tolist() == [True] * 8 + [False] * 4 + [True] * 3
