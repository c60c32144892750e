"""What the judge of alerts is taught by, and when an article reaches a level."""

from __future__ import annotations

from collections import Counter

import pytest

from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.dataset import Labelled
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.model import LONG
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


def test_more_is_asked_of_a_long_article_for_an_alert_but_not_for_the_digest() -> None:
    model = shipped_model()
    enough, enough_if_long = model.alert_judge.threshold, model.alert_judge.long_threshold
    assert enough < enough_if_long
    assert model.level_of(enough, 0.0, LONG - 1) == "alert"
    assert model.level_of(enough, 0.0, LONG) == "ignore"
    assert model.level_of(enough, model.digest_judge.threshold, LONG) == "digest"
    assert model.level_of(enough_if_long, 0.0, LONG) == "alert"
