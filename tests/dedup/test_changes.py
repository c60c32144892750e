"""What a new version changed, and what a retelling adds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.dedup.changes import classify_change, new_in_retelling, statements_of, word_diff
from acca_crawler.detect import detect
from acca_crawler.items import ChangeKind, Detection, Fact, Span

TITLE = "Мужчина умер после допроса в полиции"
TEXT = (
    "Данияр Сабитханов умер 12 марта после шести часов допроса в управлении полиции Семея. Сестра рассказала, "
    "что его пытали током.\n\nПострадали пять человек. Прокуратура возбудила дело о пытках."
)


def changed(old: str, new: str, new_title: str = TITLE) -> ChangeKind:
    return classify_change(
        TITLE,
        TEXT,
        new_title,
        TEXT.replace(old, new) if old else TEXT + new,
        old=detect(TEXT, title=TITLE, language="ru"),
        new=detect(TEXT.replace(old, new) if old else TEXT + new, title=new_title, language="ru"),
        boilerplate=lambda paragraph: paragraph.startswith("Читайте также"),
    )


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Семея", "Семея", "none"),
        ("\n\n", " \n", "none"),
        ("пытали током", "«пытали» — током", "cosmetic"),
        ("", "\n\nЧитайте также: новости дня", "cosmetic"),
        ("", " Похороны пройдут в среду в родном селе.", "addition"),
        ("12 марта", "13 марта", "correction"),
        ("Сабитханов", "Сабитхонов", "correction"),
        ("шести часов допроса", "допроса, который длился весь день,", "correction"),
        ("что его пытали током", "что с ним грубо обращались", "softening"),
        ("Данияр Сабитханов", "Мужчина", "softening"),
        ("пять человек", "два человека", "softening"),
        (" Пострадали пять человек.", "", "softening"),
    ],
)
def test_the_class_of_a_change(old: str, new: str, kind: ChangeKind) -> None:
    if old == " Пострадали пять человек.":
        old = "Пострадали пять человек. "
    assert changed(old, new) == kind


def test_an_agency_is_softened_when_neither_title_nor_body_names_it() -> None:
    assert changed("управлении полиции", "одном из учреждений") == "correction"
    assert changed("управлении полиции", "одном из учреждений", "Мужчина умер после допроса") == "softening"


def test_a_graver_word_is_no_softening() -> None:
    milder = "В Оше двоих задержанных избили в отделе милиции, сообщил адвокат."
    graver = milder.replace("избили", "пытали")
    assert classify_change("", milder, "", graver, old=detect(milder), new=detect(graver)) == "correction"
    assert classify_change("", graver, "", milder, old=detect(graver), new=detect(milder)) == "softening"


def test_a_diff_names_the_words() -> None:
    edits = word_diff("Его пытали током. Он умер в Семее.", "Его обидели. Он умер в Семее вчера.")
    assert [(e.kind, e.old.strip(), e.new.strip()) for e in edits if e.kind != "equal"] == [
        ("replace", "пытали током", "обидели"),
        ("insert", "", "вчера"),
    ]


def test_a_lone_short_word_does_not_tear_a_change_apart() -> None:
    edits = word_diff("трое мужчин и женщин", "двое юношей и девушек")
    assert [edit.kind for edit in edits] == ["replace"]


@given(st.text("аб вг.\n ", max_size=60), st.text("аб вг.\n ", max_size=60))
def test_edits_are_both_texts_whole(old: str, new: str) -> None:
    edits = word_diff(old, new)
    assert "".join(edit.old for edit in edits) == old
    assert "".join(edit.new for edit in edits) == new
    assert all((edit.kind == "equal") == (edit.old == edit.new) for edit in edits)


def test_texts_of_few_words_repeated_take_no_age() -> None:
    edits = word_diff("один два три. " * 3000, "один два три. " * 1500 + "четыре. " + "один два три. " * 1500)
    assert "четыре" in "".join(edit.new for edit in edits if edit.kind != "equal")


def fact(kind: str, value: str, sentence: str = "", detail: str = "") -> Fact:
    return Fact(kind, value, Span("text", 0, len(value), value, kind), sentence, detail)


def span(rule: str, quote: str, gloss: str) -> Span:
    return Span("text", 0, len(quote), quote, rule, gloss)


def test_a_retelling_says_what_is_new() -> None:
    known = Detection(
        "alert", facts=(fact("person", "Данияр Сабитханов"), fact("place", "Семея", "… в отделе полиции Семея"))
    )
    sentence = "Его держали в СИЗО Аягоза"
    new = Detection(
        "alert",
        spans=(
            span("ru.custody_place: СИЗО", "СИЗО", "remand prison"),
            span("ru.death: скончаться", "умер", "died"),
            span("ru.death: скончаться", "скончался", "died"),
            span("ru.beating: сломали рёбра", "сломаны два ребра", "broke ribs, arm ..."),
        ),
        facts=(
            fact("person", "Сабитхановым"),
            fact("person", "Марат Жунисбеков"),
            fact("person", "Ерлан Сабитханов"),
            fact("person", "Д. Сабитханов"),
            fact("place", "Аягоз", sentence),
            fact("place", "Астана", "Мать живёт в Астане"),
            fact("legal_article", "146"),
            fact("stage", "denial"),
            fact("stage", "complaint"),
            fact("count", "5"),
        ),
    )
    added = new_in_retelling(statements_of(known), new)
    assert [(f.kind, f.value) for f in added] == [
        ("person", "Марат Жунисбеков"),
        ("person", "Ерлан Сабитханов"),
        ("place", "Аягоз"),
        ("legal_article", "146"),
        ("stage", "denial"),
        ("outcome", "death"),
        ("act", "injury"),
        ("act", "torture"),
    ]
    assert new_in_retelling({*statements_of(known), *statements_of(new)}, new) == ()


def test_a_retelling_in_another_script_is_not_news_for_its_script() -> None:
    known = Detection("alert", facts=(fact("person", "Санжар Юлдошев"), fact("place", "Худжанд", "… в СИЗО Худжанда")))
    new = Detection(
        "alert",
        spans=(span("uz.custody_place: hibsxona", "hibsxonasi", "detention centre"),),
        facts=(fact("person", "Sanjar Yoʻldoshev"), fact("place", "Xoʻjand", "Xoʻjand hibsxonasi")),
    )
    assert new_in_retelling(statements_of(known), new) == ()
