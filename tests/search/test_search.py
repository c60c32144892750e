"""What is found, by which words, in which languages and scripts; and what is not."""

from __future__ import annotations

import pytest

from acca_crawler.search import QueryError, search
from acca_crawler.search.query import MAX_LENGTH
from storage.articles.search import SearchFilter
from tests.search.conftest import Shelf

RU = "Суд в Оше отправил под стражу Абдуллу Рузахунова. Правозащитники заявили, что задержанного пытали в СИЗО."
RU_OTHER = "Двое водителей задержаны в Бишкеке после драки. Прокуратура открыла дело о хулиганстве."
EN = "Abdulla Ruzakhunov was detained in Osh. His lawyers say officers tortured him, which the ministry denies."
KK = "Абдулла Рузахуновтың туыстары оны полицияда азаптағанын айтты. Прокуратура тексеруді бастады."
UZ = (
    "Andijonda qamoqqa olingan erkak qiynoqqa solinganini aytdi. Prokuratura javob bermadi. Gʻayrat Yoʻldoshev soʻradi."
)
UZ_CYRL = "Андижонда қамоққа олинган эркак қийноққа солинганини айтди. Ғайрат Йўлдошев жавоб бермади."


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    """One report in each of the languages, one of them flagged."""
    shelf.store("Суд в Оше", RU, "ru", level="alert", country="KG", categories=("torture",))
    shelf.store("Драка в Бишкеке", RU_OTHER, "ru", published="2026-10-01")
    shelf.store("Torture in Osh", EN, "en", level="digest", country="KG", outlet="novosti", categories=("detention",))
    shelf.store("Полициядағы азаптау", KK, "kk", published=None)
    shelf.store("Andijonda qiynoq", UZ, "uz", outlet="novosti", country="UZ")
    shelf.store("Андижонда қийноқ", UZ_CYRL, "uz-Cyrl")
    return shelf


def found(shelf: Shelf, query: str, narrowed: SearchFilter | None = None) -> set[str]:
    """The titles of what is found."""
    return {hit.title for hit in search(shelf.db, query, narrowed)}


@pytest.mark.parametrize("name", ["Ruzakhunov", "Рузахунов", "Ruzahunov", "RUZAHUNOV", "рузахунов"])
def test_a_name_is_found_across_scripts_and_cases(filled: Shelf, name: str) -> None:
    assert found(filled, name) == {"Суд в Оше", "Torture in Osh", "Полициядағы азаптау"}


@pytest.mark.parametrize("query", ["qiynoq", "қийноқ", "qiynoqqa", "Gʻayrat", "G'ayrat", "Ғайрат"])
def test_uzbek_is_found_in_either_alphabet(filled: Shelf, query: str) -> None:
    latin, cyrillic = "Andijonda qiynoq", "Андижонда қийноқ"
    assert found(filled, query) == found(filled, query, SearchFilter(language="uz")) == {latin, cyrillic}
    assert found(filled, query, SearchFilter(language="uz-Cyrl")) == {cyrillic}
    assert found(filled, query, SearchFilter(language="uz-Latn")) == {latin}


@pytest.mark.parametrize("word", ["задержать", "задержанный", "задержанного", "задержанными", "ЗАДЕРЖАН", "заде́ржан"])
def test_russian_words_are_found_in_every_form(filled: Shelf, word: str) -> None:
    assert "Суд в Оше" in found(filled, word)


def test_a_surname_is_found_in_every_case(shelf: Shelf) -> None:
    shelf.store("А", "Азамат Токторов подал жалобу.", "ru")
    shelf.store("Б", "Асанбаеву отказали в адвокате.", "ru")
    assert (
        found(shelf, "токторова") == {"А"} and found(shelf, "токторовым") == {"А"} and found(shelf, "асанбаев") == {"Б"}
    )


def test_a_fleeting_vowel_parts_no_word_from_itself(shelf: Shelf) -> None:
    shelf.store("А", "Жертвы пыток в тюрьме.", "ru")
    shelf.store("Б", "Пытки в участке.", "ru")
    assert found(shelf, "пытка") == {"А", "Б"} and found(shelf, "тюрем") == {"А"} and found(shelf, "участок") == {"Б"}


def test_forms_with_other_stems_are_found(shelf: Shelf) -> None:
    shelf.store("А", "Она умерла в СИЗО, мать похищенного избитого мужчины.", "ru")
    shelf.store("B", "Two men were beaten and held.", "en")
    for query in ("умер", "умерший", "матери", "похитили", "избит", "избили", '"умер в СИЗО"', "умереть -beat"):
        assert found(shelf, query) == {"А"}, query
    assert found(shelf, "beating man hold") == {"B"}
    assert found(shelf, "СИЗО -умер") == set()


def test_english_words_are_found_in_every_form(filled: Shelf) -> None:
    assert found(filled, "torturing") == found(filled, "tortures") == {"Torture in Osh"}
    assert found(filled, "lawyer detain") == {"Torture in Osh"} == found(filled, "lawyers detained")


def test_other_languages_are_found_by_the_beginning_of_a_word(filled: Shelf) -> None:
    assert found(filled, "азапта") == {"Полициядағы азаптау"}
    assert found(filled, "полиция") == {"Полициядағы азаптау"}


def test_a_short_russian_word_does_not_find_what_only_begins_so(shelf: Shelf) -> None:
    shelf.store("А", "Суд вынес приговор.", "ru")
    shelf.store("Б", "Его судьба неизвестна.", "ru")
    assert found(shelf, "суд") == {"А"}


def test_phrases_keep_their_order(filled: Shelf) -> None:
    assert found(filled, '"под стражу"') == {"Суд в Оше"}
    assert found(filled, "«под стражей»") == {"Суд в Оше"}
    assert found(filled, '"стражу под"') == set()
    assert found(filled, '"Абдулла Рузахунов"') == {"Суд в Оше", "Torture in Osh", "Полициядағы азаптау"}


def test_operators(filled: Shelf) -> None:
    assert found(filled, "прокуратура задержаны") == {"Драка в Бишкеке"} == found(filled, "прокуратура AND задержаны")
    assert found(filled, "стража OR хулиганство") == {"Суд в Оше", "Драка в Бишкеке"}
    assert found(filled, "задержать NOT пытать") == {"Драка в Бишкеке"} == found(filled, "задержать -пытать")
    assert found(filled, "(стража OR хулиганство) -Рузахунов") == {"Драка в Бишкеке"}
    assert found(filled, "хулиган*") == {"Драка в Бишкеке"}
    assert found(filled, "задержанн*") == {"Суд в Оше", "Драка в Бишкеке"}


def test_what_is_not_wanted_takes_away_only_what_it_names(shelf: Shelf) -> None:
    shelf.store("A", "Qamoqda sudlangan erkak.", "uz")
    assert found(shelf, "qamoq -sud") == {"A"}


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        (SearchFilter(level="alert"), {"Суд в Оше"}),
        (SearchFilter(category="detention"), {"Torture in Osh"}),
        (SearchFilter(language="kk"), {"Полициядағы азаптау"}),
        (SearchFilter(outlet="novosti"), {"Torture in Osh"}),
        (SearchFilter(country="KG"), {"Суд в Оше", "Torture in Osh", "Полициядағы азаптау"}),
        (SearchFilter(country="UZ"), set()),
        (SearchFilter(since="2026-11-20"), {"Полициядағы азаптау"}),
        (SearchFilter(until="2026-11-19"), {"Суд в Оше", "Torture in Osh"}),
        (SearchFilter(since="2026-11-19", until="2026-11-19", level="digest"), {"Torture in Osh"}),
    ],
)
def test_filters(filled: Shelf, narrowed: SearchFilter, titles: set[str]) -> None:
    assert found(filled, "Ruzakhunov", narrowed) == titles


def test_the_best_come_first_unless_the_newest_are_wanted(shelf: Shelf) -> None:
    shelf.store("Пытки в СИЗО", "Пытки продолжались всю ночь.", "ru", published="2026-01-01T00:00:00Z")
    long = "Министерство рассказало о работе за год. " * 30
    shelf.store("Отчёт", f"{long} Жалоб на пытки не поступало.", "ru", published="2026-11-01")
    shelf.store("Без даты", f"{long} О пытках ни слова.", "ru", published=None)
    assert search(shelf.db, "пытки", limit=1)[0].title == "Пытки в СИЗО"
    newest = search(shelf.db, "пытки", order="newest")
    assert [(hit.title, hit.date) for hit in newest] == [
        ("Без даты", None), ("Отчёт", "2026-11-01"), ("Пытки в СИЗО", "2026-01-01"),
    ]  # fmt: skip


def test_the_snippet_shows_the_passage_and_marks_what_matched(shelf: Shelf) -> None:
    before = " ".join(f"слово{number}" for number in range(200))
    shelf.store("Заголовок", f"{before}. Рузахунова, по словам\n\nадвоката, пытали. {before}", "ru")
    (hit,) = search(shelf.db, "Ruzakhunov пытать")
    assert "[Рузахунова], по словам  адвоката, [пытали]." in hit.snippet.marked()
    assert hit.snippet.text.startswith("… ") and hit.snippet.text.endswith(" …") and "\n" not in hit.snippet.text
    (hit,) = search(shelf.db, "заголовок")
    assert hit.snippet.marked() == "[Заголовок]"


def test_only_the_current_revision_is_found(shelf: Shelf) -> None:
    shelf.store("Новость", "Его избили в участке.", "ru", identity="a")
    assert shelf.store("Новость", "Он упал в участке.", "ru", identity="a").outcome == "changed"
    assert found(shelf, "избить") == set()
    assert found(shelf, "упал") == {"Новость"}


def test_an_article_that_another_tool_deletes_is_not_found(shelf: Shelf) -> None:
    stored = shelf.store("Новость", "Его избили в участке.", "ru")
    shelf.db.execute("PRAGMA foreign_keys = OFF")
    shelf.db.execute("DELETE FROM articles WHERE id = ?", [stored.article_id])
    assert found(shelf, "избить") == set()


@pytest.mark.parametrize(
    ("query", "report"),
    [
        ('"под стражу', "quotation mark"),
        ("(арест", "opened and not closed"),
        ("арест)", "closed and not opened"),
        ("()", "nothing to search for"),
        ("NOT арест", "NOT can't stand alone"),
        ("-арест", "NOT can't stand alone"),
        ("арест AND", "nothing after AND"),
        ("арест OR", "nothing to search for"),
        ("OR арест", "nothing to search for before OR"),
        ("AND арест", "nothing before AND"),
        ("арест NOT NOT суд", "can't be understood"),
        ("арест OR NOT суд", "NOT can't stand alone"),
        ("*", "has no word"),
        ("!!!", "has no word"),
        ('""', "has no word"),
        ("(" * 40 + "а" + ")" * 40, "nested more than"),
        ("а" * (MAX_LENGTH + 1), "longer than"),
    ],
)
def test_a_query_that_makes_no_sense_says_why(filled: Shelf, query: str, report: str) -> None:
    with pytest.raises(QueryError, match=report):
        search(filled.db, query)


@pytest.mark.parametrize("query", ["", "   "])
def test_an_empty_query_lists_all_the_newest_first(filled: Shelf, query: str) -> None:
    listed = [hit.date or hit.first_seen_at[:10] for hit in search(filled.db, query, limit=1000)]
    assert len(listed) == filled.db["articles"].count
    assert listed == sorted(listed, reverse=True)


@pytest.mark.parametrize(
    "query", ["title:x", "a^b", "a + b", "{x}", "NEAR(a b)", "a'b", "x\\y", "a;--", "50%", "№ 203", "-", "ь"]
)
def test_signs_of_the_index_mean_nothing(filled: Shelf, query: str) -> None:
    try:
        search(filled.db, query)
    except QueryError as error:
        assert "has no word" in str(error)


def test_the_newest_come_first_whatever_was_stored_first(shelf: Shelf) -> None:
    days = ["2024-03-31", "2026-11-01", "2024-04-01", "2019-12-31", "2026-10-31", "2024-06-30"]
    for day in days:
        shelf.store(day, "Его пытали в участке.", "ru", published=f"{day}T08:00:00Z")
    hits = search(shelf.db, "пытали", order="newest")
    assert [hit.date for hit in hits] == sorted(days, reverse=True)
    assert [hit.date for hit in search(shelf.db, "пытали", order="newest", limit=3)] == sorted(days)[:-4:-1]


def test_days_narrow_a_search_within_and_across_quarters(shelf: Shelf) -> None:
    for day in ("2024-03-31", "2024-04-01", "2024-06-30", "2024-07-01", "2025-01-01"):
        shelf.store(day, "Его пытали в участке.", "ru", published=day)
    assert found(shelf, "пытали", SearchFilter(since="2024-04-01", until="2024-06-30")) == {"2024-04-01", "2024-06-30"}
    assert found(shelf, "пытали", SearchFilter(since="2024-04-02", until="2024-07-01")) == {"2024-06-30", "2024-07-01"}
    assert found(shelf, "пытали", SearchFilter(until="2024-03-31")) == {"2024-03-31"}
    assert found(shelf, "пытали", SearchFilter(since="2024-07-02")) == {"2025-01-01"}
    assert found(shelf, "пытали", SearchFilter(since="2025-01-02")) == set()


def test_the_best_of_all_years_comes_first(shelf: Shelf) -> None:
    shelf.store("Пытки в участке", "Пытки, снова пытки, и опять пытки.", "ru", published="2012-01-01")
    for year in range(2013, 2026):
        shelf.store(f"Обзор {year}", "Год был долгим. Среди прочего вспомнили пытки.", "ru", published=f"{year}-05-01")
    assert [hit.date for hit in search(shelf.db, "пытки", limit=1)] == ["2012-01-01"]


def test_a_word_that_all_have_is_ranked_among_the_newest(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.articles.search.RANKED", 3)
    for year in range(2013, 2023):
        shelf.store(f"Пытки {year}", "Пытки, снова пытки.", "ru", published=f"{year}-05-01")
    assert {hit.date for hit in search(shelf.db, "пытки", limit=3)} == {"2020-05-01", "2021-05-01", "2022-05-01"}
    assert len(search(shelf.db, "пытки", limit=20)) == 10


def test_pages_beyond_the_ranked_articles_go_on_with_earlier_ones(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.articles.search.RANKED", 3)
    for day, words in enumerate(["пытки", "пытки и пытки", "пытки", "пытки и пытки", "пытки, пытки"], 1):
        for year in (2020, 2021):
            shelf.store(f"{year}, {day}", f"{words.capitalize()}.", "ru", published=f"{year}-05-{day:02}")
    pages = [[hit.date for hit in search(shelf.db, "пытки", limit=2, offset=at)] for at in range(0, 12, 2)]
    together = [hit.date for hit in search(shelf.db, "пытки", limit=20)]
    assert [day for page in pages for day in page] == together
    assert len(set(together)) == 10
    assert set(together[:3]) == {"2021-05-03", "2021-05-04", "2021-05-05"}
    assert together[3:5] == ["2021-05-02", "2021-05-01"]
