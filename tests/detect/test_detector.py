"""One detector for a whole run: it remembers what it found, and another process gets the same one."""

from __future__ import annotations

import pickle
from pathlib import Path

from acca_crawler.detect import Detector, detect
from tests.support.own_words import OWN

TEXT = "Officers kept the man in the swallow pose in Osh for an hour, his mother said."


def test_a_text_is_read_and_judged_once() -> None:
    detector = Detector()
    first = detector.detect(TEXT, title="In Osh", language="en", outlet_countries=("KG",))
    assert detector.detect(TEXT, title="In Osh", language="en", outlet_countries=("KG",)) is first
    assert detector.annotate(TEXT, "In Osh", "en") is detector.annotate(TEXT, "In Osh", "en")
    assert first == detect(TEXT, title="In Osh", language="en", outlet_countries=("KG",))


def test_another_process_gets_the_operators_terms_too(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text(OWN, encoding="utf-8")
    detector = Detector((tmp_path,))
    sent = pickle.loads(pickle.dumps(detector))
    assert sent.detect(TEXT, language="en") == detector.detect(TEXT, language="en")
    assert sent.detect(TEXT, language="en").score > Detector().detect(TEXT, language="en").score
