"""A report is filed under what its passages show and what the article tells besides."""

from __future__ import annotations

import tomllib

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import Sentence, annotate
from acca_crawler.detect.categories import FILE, nationals_of, tells_consequences
from acca_crawler.items import LANGUAGES

TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_word_lists_hold(language: str) -> None:
    for example in TABLES[language]["examples"]:
        read_as = example.get("language", language)
        text = example["text"]
        places = tuple(place for one in annotate(text, "", read_as).sentences for place in one.places)
        sentence = Sentence("text", 0, len(text), text, text, (), places)
        has = nationals_of(sentence, read_as) | ({"consequence"} if tells_consequences([sentence], read_as) else set())
        assert has == {example["has"]} - {""}, example


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        (
            "В Оше милиционеры избили задержанного в РОВД. Адвокат рассказал о пытках. Прокуратура начала проверку.",
            {"torture", "accountability"},
            set(),
        ),
        ("В Оше милиционеры избили задержанного в РОВД и пытали его.", {"torture"}, {"accountability"}),
        (
            "В Бишкеке задержали лидера оппозиционной партии, политику пригрозили новым делом.",
            {"arbitrary_detention"},
            {"attack_on_defender"},
        ),
        ("В Бишкеке журналисту пригрозили, в редакции прошёл обыск.", {"attack_on_defender"}, set()),
        (
            "В Алматы после протестов арестовали и пытали в СИЗО граждан Узбекистана.",
            {"torture", "transnational_repression"},
            set(),
        ),
        ("В Ташкенте арестовали и пытали в СИЗО граждан Узбекистана.", {"torture"}, {"transnational_repression"}),
        (
            "В Оше учительницу уволили после поста в Фейсбуке. Участковый вызвал её в РОВД на беседу.",
            {"attack_on_defender"},
            {"torture"},
        ),
        (
            "В Оше вор скончался в СИЗО, сообщила милиция. Адвокат вора не верит.",
            {"death_in_custody"},
            {"attack_on_defender"},
        ),
        (
            "Прокуратура прекратила дело о смерти студента Асана Асанова, которого нашли мёртвым у дома. "
            "Родственники винят милицию.",
            {"accountability"},
            {"death_in_custody"},
        ),
        (
            "Активиста Асана Асанова держат в СИЗО Бишкека. Об этом сообщили родные. Он объявил голодовку.",
            {"arbitrary_detention", "forced_labour_custody_conditions"},
            set(),
        ),
    ],
)
def test_the_article_decides_what_a_passage_cannot(text: str, has: set[str], has_not: set[str]) -> None:
    categories = set(detect(text, language="ru").categories)
    assert has <= categories
    assert not has_not & categories
