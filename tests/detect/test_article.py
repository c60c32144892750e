"""The article as a whole: its parts, its n-grams, and weights that fit the rules."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.model import WEIGHTS, read_model, write_model
from acca_crawler.detect.ngrams import grams_of, letters_of
from acca_crawler.detect.rules import read_rules
from acca_crawler.detect.sections import is_overview, parts_of
from acca_crawler.detect.windows import RuleMatcher
from acca_crawler.exceptions import LexiconError
from acca_crawler.items import certainty_of

ABUSE = "Милиционеры избили задержанного Азата Мамырова в СИЗО Бишкека, сообщила его мать."


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("ru", "Напомним,"),
        ("ky", "Эске салсак,"),
        ("ky", "Эскерте кетсек,"),
        ("kk", "Еске салсақ,"),
        ("uz", "Eslatib oʻtamiz,"),
        ("uz-Cyrl", "Эслатиб ўтамиз,"),
        ("en", "Recall that"),
    ],
)
def test_background_lasts_from_its_phrase_to_the_end(language: str, phrase: str) -> None:
    text = f"Almaty Алматы. Бир. Эки. {phrase} Алматы. Besh besh."
    parts = parts_of(annotate(text, language=language).sentences)
    assert parts == ["lead", "lead", "body", "background", "background"]


def test_a_line_that_points_to_another_article_raises_nothing() -> None:
    text = "В Бишкеке открыли ярмарку мёда. Она продлится до субботы."
    related = f"{text}\nЧитайте также:\n{ABUSE}"
    assert detect(related, language="ru").level == "ignore"
    assert detect(f"{text}\n{ABUSE}", language="ru").level == "alert"


def test_headlines_announced_by_a_line_are_left_out_to_the_last() -> None:
    text = "В Бишкеке открыли ярмарку мёда. Она продлится до субботы."
    headlines = "Мать: моего сына избили в СИЗО\nМилиционеры пытали задержанного Азата Мамырова"
    rest = f"Торгуют на ней двадцать пасек.\n{ABUSE}"
    sentences = annotate(f"{text}\nЧитайте также:\n{headlines}\n{rest}", language="ru").sentences
    assert parts_of(sentences) == ["lead", "lead", "related", "related", "related", "body", "body"]


def test_lines_of_an_overview_are_not_read_together() -> None:
    lines = ["В Бишкеке журналисты обсудили погоду", "Суд арестовал имущество завода", "В Оше открыт парк"]
    overview = annotate("\n".join(f"- {line}" for line in lines), language="ru")
    assert is_overview(overview.sentences)
    assert not is_overview(annotate("\n".join(lines), language="ru").sentences)
    windows = RuleMatcher(overview, read_rules()).windows()
    assert [len(window.sentences) for window in windows] == [1] * len(windows)


def test_addresses_handles_case_and_digits_play_no_part_in_ngrams() -> None:
    one = grams_of(letters_of("суд в 2022 году https://news.example/2022 @handle"))
    other = grams_of(letters_of("суд, в 1999 году"))
    assert one.buckets.tolist() == other.buckets.tolist()


def test_the_words_that_weighed_most_are_named_whole() -> None:
    reasons = detect(ABUSE, language="ru").reasons
    heard = next(reason for reason in reasons if "words as in reports of abuse: " in reason)
    named = heard.split(": ")[1].split(", ")
    assert named
    assert set(named) <= set(re.findall(r"\w+", ABUSE.lower()))


def test_the_score_is_a_probability_and_gives_the_certainty() -> None:
    assert certainty_of(detect(ABUSE, language="ru").score) == "high"
    assert 0 <= detect("В Оше открыт суд.", language="ru").score <= 1
    assert [certainty_of(score) for score in (0.4, 0.6, 0.9)] == ["low", "medium", "high"]


def test_weights_that_do_not_fit_the_rules_are_refused(tmp_path: Path) -> None:
    write_model(shipped_model(), tmp_path / "weights.json")
    assert (tmp_path / "weights.json").read_bytes() == WEIGHTS.read_bytes()
    read_model(read_rules(), tmp_path / "weights.json")
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    del data["alert"]["weights"]["animals"]
    (tmp_path / "weights.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(LexiconError, match="animals"):
        read_model(read_rules(), tmp_path / "weights.json")


@pytest.mark.parametrize("name", ["concepts.json", "filing.json", "forest.npy", "ngrams.npy"])
def test_weights_beside_a_file_they_were_not_fitted_with_are_refused(tmp_path: Path, name: str) -> None:
    write_model(shipped_model(), tmp_path / "weights.json")
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b"\n")
    with pytest.raises(LexiconError, match=f"{name}.*make weights"):
        read_model(read_rules(), tmp_path / "weights.json")


def test_links_on_lines_of_their_own_separate_the_reports_of_an_overview() -> None:
    reports = ("В Бишкеке открыли мост.", ABUSE, "В Оше подешевели арбузы.")
    overview = "\n".join(f"{report}\nhttps://paper.example/{number}" for number, report in enumerate(reports))
    assert is_overview(annotate(overview, language="ru").sentences)
    assert not is_overview(annotate("\n".join((*reports, "https://paper.example/1")), language="ru").sentences)
