"""One detector for a whole run: it remembers what it found, and another process gets the same one."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from acca_crawler.detect import Detector, detect
from acca_crawler.detect.annotate import annotate, folded_text, prepare
from acca_crawler.detect.dataset import read_labelled
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.prospect import SHORT, features_at_a_glance
from acca_crawler.detect.roles import ROLES, roles_of
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


def test_a_glance_passes_over_most_everyday_news_but_hardly_a_report() -> None:
    model = shipped_model()
    items = read_labelled([DATA / name for name in ("short_kept.jsonl", "short_regional.jsonl", "sentences.jsonl")])
    read = {"alert": [], "digest": [], "ignore": []}  # type: dict[str, list[bool]]
    for item in items:
        _, fields = prepare(item.text, item.title, item.language)
        seen = features_at_a_glance(fields, model.book)
        read[item.level].append(model.is_worth_reading(folded_text(fields), seen))
    assert sum(read["alert"]) >= 0.97 * len(read["alert"]) > 50
    assert sum(read["ignore"]) < 0.8 * len(read["ignore"])


def test_more_terms_never_make_an_article_less_worth_reading() -> None:
    model = shipped_model()
    assert all(weight >= 0 for weight in model.prospect.weights.values())
    core = {name: bit for name, bit in model.book.features.items() if bit & model.book.core}
    few = core[min(core, key=lambda name: model.prospect.weights[name])]
    assert not model.prospect.is_good(few, model.book)
    assert model.prospect.is_good(few | model.book.features["torture"] | model.book.features["torture:2"], model.book)


def test_a_trial_of_many_is_read_although_few_everyday_texts_about_one_are_alerts() -> None:
    model = shipped_model()
    assert model.prospect.is_good(model.book.features["mass_trial"] | model.book.features["court"], model.book)


def test_the_ngrams_are_asked_about_long_articles_alone() -> None:
    model = shipped_model()
    custody = model.book.features["detention"] | model.book.features["custody_place:2"]
    of_sport = "футбол командасы стадиондо беттешти, күйөрмандар кубанды. " * 20
    assert len(of_sport) > SHORT
    assert not model.is_worth_reading(of_sport, custody)
    assert model.is_worth_reading(of_sport[: SHORT - 1], custody)
    of_torture = "милиционеры избили задержанного в ровд и пытали его током, рассказал адвокат. " * 20
    assert model.is_worth_reading(of_torture, custody)


def test_an_article_that_is_not_read_has_the_country_it_names() -> None:
    text = "Бишкекте милиция кармаган. Футбол командасы стадиондо беттешти, күйөрмандар кубанды. " + "Оюн болду. " * 60
    found = detect(text, language="ky")
    assert (found.level, found.country) == ("ignore", "KG")


def test_a_glance_for_fitting_sees_what_all_terms_set() -> None:
    book = shipped_model().book
    _, fields = prepare(TEXT, "In Osh", "en")
    seen = features_at_a_glance(fields, book)
    terms = [found.term for sentence in annotate(TEXT, "In Osh", "en").sentences for found in sentence.found]
    assert all(seen & book.features_of_term(term) == book.features_of_term(term) for term in terms)
    assert "agent" in {term.role for term in terms}


def test_every_role_is_shown_by_a_sentence() -> None:
    shown: set[str] = set()
    for item in read_labelled([DATA / "short_taught.jsonl", DATA / "sentences.jsonl"]):
        for sentence in annotate(item.text, item.title, item.language).sentences:
            shown |= roles_of(sentence)
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
