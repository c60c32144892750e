"""What is loaded before the first page is what reading a report needs."""

from __future__ import annotations

from acca_crawler.detect.detector import OURS
from acca_crawler.ingest.preloading import read_samples


def test_the_sample_reports_pass_through_every_step_of_reading() -> None:
    articles = list(read_samples(OURS))
    assert [article.language for article in articles] == ["ru", "en"]
    for article in articles:
        assert article.detection.level == "alert"
        assert article.extraction.published and article.extraction.published.value.startswith("2024-03-12")
        assert {"agency", "event_date"} <= {fact.kind for fact in article.detection.facts}
