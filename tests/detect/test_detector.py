"""One detector for a whole run: it remembers what it found, and another process gets the same one."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from acca_crawler.detect import Detector, detect
from acca_crawler.detect.annotate import annotate, annotate_prepared, glance, prepare
from acca_crawler.detect.dataset import read_labelled
from acca_crawler.detect.detector import Prospects, shipped_model
from acca_crawler.detect.roles import ROLES, possible_roles, roles_of
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


def test_what_a_glance_passes_over_would_be_ignored_anyway() -> None:
    model = shipped_model()
    items = read_labelled([DATA / name for name in ("short_kept.jsonl", "short_regional.jsonl", "sentences.jsonl")])
    passed_over = 0
    for item in items:
        language, fields = prepare(item.text, item.title, item.language)
        if glance(fields, model.book.is_used, Prospects(model).are_raised_by) is None:
            continue
        passed_over += 1
        for window in RuleMatcher(annotate_prepared(language, fields), model.book).windows():
            assert model.is_low(*model.scores(window)), item.id
    assert passed_over > 50


def test_no_sentence_shows_a_role_that_its_terms_do_not_allow() -> None:
    shown: set[str] = set()
    for item in read_labelled([DATA / "short_taught.jsonl", DATA / "sentences.jsonl"]):
        for sentence in annotate(item.text, item.title, item.language).sentences:
            terms = [found.term for found in sentence.found]
            roles = roles_of(sentence)
            assert roles <= possible_roles({term.role for term in terms}, {term.group for term in terms}), item.id
            shown |= roles
    assert shown == ROLES


def test_an_article_without_a_deciding_term_has_the_country_it_names() -> None:
    found = detect("Тошкент шаҳрида янги боғ очилди.", language="uz-Cyrl")
    assert (found.level, found.country) == ("ignore", "UZ")
    assert detect("Bir kishi yangi uy qurdi.", title="", language="uz").country is None


@pytest.mark.parametrize("number", ["№8", "№ 8", "№\u00a08"])
def test_the_number_of_a_prison_counts_nobody(number: str) -> None:
    text = f"В колонии {number} под Бишкеком заключённые объявили голодовку после избиений. Избили 12 заключённых."
    found = detect(text, language="ru")
    assert [fact.value for fact in found.facts if fact.kind == "count"] == ["12"]
