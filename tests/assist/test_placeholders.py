"""Names in what is sent to a service: replaced by placeholders, and put back into its answer."""

from __future__ import annotations

from acca_crawler.assist.placeholders import masked
from storage.alerts.entries import Person

MARAT = Person("Марат Примеров", "victim", "Марата Примерова избили.")
MINISTER = Person("Бакыт Мисалов", "official", "Министр Бакыт Мисалов отрицает.")
TEXTS = (
    "Задержан Марат Примеров",
    "Сотрудники задержали Марата Примерова у дома. Его избили. Министр Бакыт Мисалов отрицает: Примерова не били.",
)
OTHERS = ("вчера сотрудники приехали, задержан один человек, и его отпустил министр",)


def test_every_form_of_a_protected_name_is_replaced_and_others_stay() -> None:
    sent = masked(TEXTS, [MARAT, MINISTER], [], "victims", OTHERS)
    assert sent.texts == (
        "Задержан [N1]",
        "Сотрудники задержали [N1] у дома. Его избили. Министр Бакыт Мисалов отрицает: [N1] не били.",
    )
    assert sent.names == ("Марат Примеров",)
    assert sent.restore("[N1] was detained; [ n1 ], 【N1】 and [N9] too", str.upper) == (
        "МАРАТ ПРИМЕРОВ was detained; МАРАТ ПРИМЕРОВ, МАРАТ ПРИМЕРОВ and [N9] too"
    )


def test_words_that_may_be_names_are_replaced_too() -> None:
    sent = masked(("Ночью видели Тимура. Айгуль молчит. Сотрудники ушли.",), [], [], "victims", OTHERS)
    assert sent.texts == ("[N1] видели [N2]. [N3] молчит. Сотрудники ушли.",)
    assert sent.names == ("Ночью", "Тимура", "Айгуль")
    assert sent.lost(["At [N1] [N3] was silent"]) == ("Тимура",)


def test_all_names_or_none() -> None:
    assert "Мисалов" not in "".join(masked(TEXTS, [MARAT, MINISTER], [], "all", OTHERS).texts)
    assert masked(TEXTS, [MARAT, MINISTER], [], "none").texts == TEXTS


def test_with_each_form_kept_apart_the_text_comes_back_letter_by_letter() -> None:
    sent = masked(TEXTS, [MARAT, MINISTER], [], "victims", as_written=True)
    assert tuple(map(sent.restore, sent.texts)) == TEXTS
    assert sent.names[:3] == ("Марат Примеров", "Сотрудники", "Марата Примерова")
