"""Which language a text is in, hard neighbours and short titles included."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from acca_crawler.text.language import VARIETIES, identify, is_in_another_language
from benchmarks.language import GOALS, accuracy, samples


@pytest.mark.parametrize("part", ["test", "hard"])
@pytest.mark.parametrize("unit", ["article", "title"])
def test_texts_are_named_rightly_also_those_that_no_rule_was_made_on(unit: str, part: str) -> None:
    unseen = [sample for sample in samples() if sample.unit == unit and sample.part == part]
    assert {sample.variety for sample in unseen} == set(VARIETIES)
    assert accuracy(unseen, identify) >= GOALS[unit]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("МВД Кыргызстана: за три года фактов пыток не было", "ru"),
        ("Авиарейсы задержаны в Шымкенте", "ru"),
        ("Таразасы кыйшайган фемида", "ky"),
        ("Жаңы мыйзам кабыл алынды", "ky"),
        ("Жаңа заң қабылданды", "kk"),
        ("Jańa zań qabyldandy", "kk-Latn"),
        ("Jaña zañ qabyldandy", "kk-Latn"),
        ("Қонуни нав қабул шуд", "tg"),
        ("Янги қонун қабул қилинди", "uz-Cyrl"),
        ("Yangi qonun qabul qilindi", "uz"),
        ("O'zbekistonda g'alla narxi oshdi", "uz"),
        ("Täze kanun kabul edildi", "tk"),
        ("A new law was passed", "en"),
    ],
)
def test_a_title_is_enough(text: str, language: str) -> None:
    assert identify(text) == language


def test_what_a_text_quotes_does_not_decide() -> None:
    assert identify("Депутат района ответил жителям: «Мектеп үчүн акча жок, күтө тургула»") == "ru"
    assert identify("Депутат айыл тургундарына жооп берди: «Денег на школу нет, подождите ещё»") == "ky"
    assert identify("«Мектеп үчүн акча жок, күтө тургула»") == "ky"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "12.03.2024 — !!!",
        "https://outlet.example/uz/yangiliklar",
        "Ол",
        "ئۇيغۇر تىلىدىكى بىر جۈملە",
        "Суд у Києві визнав його винним і призначив покарання, повідомляє видання",
        "Mahkeme, gazetecinin serbest bırakılmasına karar verdi ve dosyayı kapattı",
        "Das Gericht hat den Journalisten nach zwei Tagen wieder freigelassen",
        "Демократиялық мәмлекетте инсан ҳуқықлары ҳәм сөз еркинлиги ҳаққында",
        "Qaraqalpaqstan xalqı ushın jańa nızam hám qarar qabıl etildi, bul haqqında",
    ],
)
def test_nothing_convincing_is_no_language(text: str) -> None:
    assert identify(text) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "kk",
            "Қызылордадағы тергеу изоляторында отыз төрт жастағы азамат қайтыс болды. Полиция оның жүрегі тоқтағанын "
            "айтады, ал туыстары денесінде соққы іздері бар деп отыр. Департамент бұл айыптауды жоққа шығарды, "
            "прокуратура тексеріс бастады. Әпкесі інісінің денесін көруге рұқсат бермегенін айтты.",
        ),
        (
            "ky",
            "Ош шаарында кармалган жигит милицияда кыйноого кабылганын айтты. Анын адвокаты медициналык экспертиза "
            "дайындоону талап кылып, прокуратурага арыз жазган. Ички иштер башкармалыгы бул маалыматты четке кагып, "
            "текшерүү жүрүп жатканын билдирди. Бир туугандары аны үч күн бою көрө алган эмес.",
        ),
        (
            "ru",
            "В Бишкеке задержали журналиста, который писал о пытках в изоляторе. Адвоката к нему не пускают второй "
            "день, сообщили родственники. В министерстве заявили, что проводится проверка, и пообещали назвать её "
            "итоги до конца недели. Коллеги требуют немедленно освободить его и начать расследование.",
        ),
    ],
)
@pytest.mark.parametrize("declared", [("en",), ("ru", "en"), ("ky",), ("kk", "tg")])
def test_an_article_in_a_language_that_the_outlet_does_not_declare(
    language: str, text: str, declared: tuple[str, ...]
) -> None:
    assert identify(text, allowed=declared) == language


def test_an_outlet_narrows_the_answer() -> None:
    name = "Акмола, Костанай, Караганда"
    assert identify(name, allowed=("ru",)) == "ru"
    assert identify(name, allowed=("kk",)) == "kk"
    assert identify("Yangi qonun qabul qilindi", allowed=("uz", "ru")) == "uz"
    assert identify("Янги қонун қабул қилинди", allowed=("uz", "ru")) == "uz-Cyrl"
    assert identify("A new law was passed in the capital", allowed=("ru", "ky")) is None


def test_the_model_is_loaded_when_a_text_comes_and_not_before() -> None:
    code = "import sys, acca_crawler.text.language; sys.exit('numpy' in sys.modules or 'py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


@pytest.mark.shared
@pytest.mark.parametrize("with_text", [True, False])
def test_labelled_news_from_elsewhere_is_named_rightly(shared: Path, with_text: bool) -> None:
    lines = (shared / "data" / "detection" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["lang"] in VARIETIES and (with_text or row["title"])]
    named = [identify(f"{row['title'] or ''}\n{row['text'] if with_text else ''}") for row in rows]
    right = sum(name == row["lang"] for name, row in zip(named, rows, strict=True))
    assert right >= GOALS["article" if with_text else "title"] * len(rows)


@pytest.mark.parametrize(
    ("text", "is_other"),
    [
        ("Der Journalist wurde im Gefängnis gefoltert", True),
        ("Поліція затримала журналіста", True),
        ("პოლიციამ ჟურნალისტი დააკავა", True),
        ("Haft", False),
        ("https://example.org/die-polizei-nahm-den-journalisten-fest", False),
        ("Журналист задержан в Алматы", False),
        ("Žurnalist Aşgabatda tussag edildi", False),
    ],
)
def test_another_language_is_told_from_a_text_too_short_to_tell(text: str, is_other: bool) -> None:
    assert is_in_another_language(text) is is_other
