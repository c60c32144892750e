"""One detector for a whole run: it remembers what it found, and another process gets the same one."""

from __future__ import annotations

import pickle
from pathlib import Path

from acca_crawler.detect import Detector, detect
from acca_crawler.detect.annotate import annotate_prepared, glance, prepare
from acca_crawler.detect.dataset import read_labelled
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.windows import RuleMatcher
from tests.support.own_words import OWN

DATA = Path(__file__).parents[2] / "benchmarks" / "data"
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


def test_an_article_with_a_deciding_term_is_never_passed_over() -> None:
    book = shipped_model().book
    items = read_labelled([DATA / "short_kept.jsonl", DATA / "short_regional.jsonl"])
    passed_over = 0
    for item in items:
        language, fields = prepare(item.text, item.title, item.language)
        if RuleMatcher(annotate_prepared(language, fields), book).windows():
            assert glance(fields, book.is_core) is None, item.id
        else:
            passed_over += glance(fields, book.is_core) is not None
    assert passed_over


def test_an_article_without_a_deciding_term_has_the_country_it_names() -> None:
    found = detect("Тошкент шаҳрида янги боғ очилди.", language="uz-Cyrl")
    assert (found.level, found.country) == ("ignore", "UZ")
    assert detect("Bir kishi yangi uy qurdi.", title="", language="uz").country is None
