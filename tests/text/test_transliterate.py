"""Spellings of one name meet in its fold, and other names don't."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acca_crawler.text.transliterate import name_key, romanise


@pytest.mark.parametrize(
    "spellings",
    [
        "Рузахунов Ruzakhunov Ruzahunov РУЗАХУНОВ Рузахуновтың Ruzakhunov’s",
        "Ёқубов Yoqubov",
        "Дәулет Daulet Dáýlet Däulet Дәулеттің",
        "Жаңаөзен Zhanaozen Janaozen Jańaózen Жанаозен Жаңаөзенде",
        "Бердымухамедов Berdimuhamedow Berdymukhamedov Бердымухамедова",
        "Гараджаев Garajaýew Garajayev",
        "Жеңишбек Zhenishbek Jengishbek Женишбек",
        "Раджабов Rajabov Раҷабов Раҷабовро",
        "Хидиров Xidirov Khidirov Hidirov",
        "Исҳоқ Isʼhoq Is’hoq",
        "Ўзбекистон Oʻzbekiston O'zbekiston O‘zbekiston Oʻzbekistonning",
        "Ғуломжон Gʻulomjon G'ulomjon Gulomjon Ghulomjon",
        "Щербаков Shcherbakov",
        "Евгений Yevgeny Evgeniy Yevgeniy",
        "Александр Aleksandr Alexandr",
        "Алия Әлия Aliya Әлияның",
        "Васильев Vasilyev Vasiliev",
        "Цой Tsoy Tsoi",
        "Qasym Қасым Kasym Касым Қасымның",
        "Мухаммад Muhammad Mukhammad Муҳаммад",
        "Çaryýew Чарыев Charyyev Charyev",
        "Şaýymow Шайымов Shaiymov",
    ],
)
def test_spellings_of_one_name_share_a_key_by_prefix(spellings: str) -> None:
    first, *others = (name_key(spelling) for spelling in spellings.split())
    assert first.isalpha() and first.isascii()
    for other in others:
        assert other.split()[0].startswith(first)


@pytest.mark.parametrize(
    "names",
    ["Рузахунов Рузыбаев Рузматов", "Karimov Kerimov Karimova", "Айбек Айжан Айдар", "Осмонов Усманов", "Ош Оше Талас"],
)
def test_different_names_stay_apart(names: str) -> None:
    folds = [name_key(name) for name in names.split()]
    assert len(set(folds)) == len(folds)


def test_uzbek_and_kazakh_sentences_meet_across_their_scripts() -> None:
    assert name_key("Тошкентда уч киши ҳибсга олинди") == name_key("Toshkentda uch kishi hibsga olindi")
    of_spellings = {
        name_key(text)
        for text in ("Қостанайда үш адам ұсталды", "Qostanaıda úsh adam ustaldy", "Qostanaida üş adam ūstaldy")
    }
    assert len(of_spellings) == 1
    assert name_key("Бул Дәулеттің ісі") == name_key("Bul Dáýlettiń isi")


def test_turkmen_y_stays_a_y() -> None:
    assert name_key("Aýdyň gyzy") == name_key("Айдың гызы") == "aidin gizi"


def test_a_query_is_words_and_nothing_that_an_index_could_trip_over() -> None:
    assert name_key('  "Рузахунов" AND (Ош*) -- №5_a ') == "ruzahunov and osh 5 a"
    assert name_key("— … !") == ""


@given(st.text())
@example("Ѐ ѝ ѓ ќ")
def test_a_fold_is_stable_and_made_of_words(text: str) -> None:
    once = name_key(text)
    assert name_key(once) == once
    assert all(word.isalnum() for word in once.split())


@pytest.mark.parametrize(
    ("text", "language", "roman"),
    [
        ("Щукин и Ежов в Хорезме", "ru", "Shchukin i Yezhov v Khorezme"),
        ("Қасым Әбішұлы", "kk", "Qasym Abishuly"),
        ("Жеңишбек Өмүралиев", "ky", "Jengishbek Omuraliev"),
        ("Ҷамшед Раҳмонзода", "tg", "Jamshed Rahmonzoda"),
        ("Ўткир Ғофуров, Елена ва Хуршида", "uz-Cyrl", "Oʻtkir Gʻofurov, Yelena va Xurshida"),
        ("Ўткир", "uz", "Oʻtkir"),
        ("ШЫМКЕНТ", "kk", "SHYMKENT"),
        ("Шымкент", None, "Shymkent"),
        ("Gurbanguly Ataýew", "tk", "Gurbanguly Ataýew"),
    ],
)
def test_a_name_can_be_read(text: str, language: str | None, roman: str) -> None:
    assert romanise(text, language) == roman
