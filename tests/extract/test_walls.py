"""Pages in an article's place, and articles that speak of the same things."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from acca_crawler.extract import walls
from acca_crawler.extract.walls import is_another_page, is_no_text, shares_little, wall_in
from acca_crawler.text.word_lists import read_word_lists

PAGES = tomllib.loads(Path(walls.__file__).with_name("walls.toml").read_text(encoding="utf-8"))["page"]
LANGUAGES = read_word_lists(walls.__file__, "wall_words.toml")
FORM = b'<form><input name="login"><input type="password"></form>'


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["kind"])
def test_every_line_has_an_example_that_is_recognised(page: dict[str, Any]) -> None:
    assert [wall_in(example, example) for example in page["examples"]] == [page["kind"]] * len(page["examples"])
    for line in page["lines"]:
        assert any(re.match(line, example, re.IGNORECASE) for example in page["examples"]), f"no example of {line}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_around_the_notices_has_an_example(language: str) -> None:
    groups = LANGUAGES[language]
    polite, asking = groups.get("polite_examples", ()), groups["password_examples"]
    assert [text for text in polite if wall_in("", text) is None] == []
    assert [text for text in asking if wall_in("", f"The valley. {text}", FORM) is None] == []
    starts = {"polite": "", "address": "", "but": r"\w+\W+"}
    for group, start in starts.items():
        patterns = [re.compile(rf"{start}(?:{line})\b", re.IGNORECASE) for line in groups.get(group, ())]
        assert [one.pattern for one in patterns if not any(map(one.match, polite))] == [], group
    asked = [re.compile(line, re.IGNORECASE) for line in groups["password"]]
    assert [one.pattern for one in asked if not any(map(one.search, asking))] == []


@pytest.mark.parametrize(
    ("title", "text", "html"),
    [
        ("Прежде чем продолжить", "Мы используем файлы cookie, чтобы сайт работал лучше.", b""),
        ("Before you continue", "We use cookies to make this website better.", b""),
        ("Вход | Наша газета", "Чтобы читать дальше, войдите или оформите подписку.", FORM),
        ("Защищено: Дорога", "Это содержимое защищено паролем. Введите пароль:", FORM),
        ("Технические работы", "На сайте ведутся технические работы. Зайдите позже.", b""),
        ("Наша газета", "Website is under maintenance. We'll be back soon.", b""),
        ("Ошибка базы данных", "Error establishing a database connection", b""),
        ("503 Service Unavailable", "", b""),
        ("Account Suspended", "This account has been suspended. Contact your provider.", b""),
        ("Наша газета", "Для работы сайта включите JavaScript.", b""),
        ("Наша газета", "Загрузка...", b""),
        ("Подтвердите, что вы не робот", "Введите символы с картинки.", b""),
        ("Наша газета", "Пожалуйста, подтвердите, что вы человек.", b""),
        ("Verification", "Please verify that you are human.", b""),
        ("Наша газета", "К сожалению, этот материал недоступен в вашей стране.", b""),
        ("Sorry", "Sorry, this content is not available in your region.", b""),
        ("Наша газета", "Уважаемый абонент! Доступ к ресурсу ограничен по решению суда.", b""),
        ("Подтвердите возраст", "Материал предназначен для лиц старше 18 лет.", b""),
        ("Welcome to nginx!", "If you see this page, the nginx web server is installed.", b""),
        ("Index of /", "a/ 2026-01-01", b""),
        ("vestnik.example", "Домен не прилинкован ни к одной из директорий.", b""),
        ("vestnik.example is for sale", "Make an offer.", b""),
        ("Hacked by Nobody", "Greetings.", b""),
        ("", "Fatal error: Uncaught PDOException: SQLSTATE[HY000] in /var/www/db.php:14", b""),
        ("", "Warning: mysqli_connect(): (HY000/1040): Too many connections", b""),
        ("", "[Error] MySQL Query Error! Обратитесь к администратору.", b""),
        ("Ошибка", "Произошла ошибка. Попробуйте обновить страницу.", b""),
        ("Whoops, looks like something went wrong.", "", b""),
        ("Слишком много запросов", "Подождите минуту.", b""),
        ("Скоро вернёмся", "Мы обновляем сайт.", b""),
        ("Наша газета", "Извините, сайт временно не работает.", b""),
        ("Сайтта оңдоо иштери жүрүүдө", "Кийинчерээк кириңиз.", b""),
        ("Saytda texnik ishlar olib borilmoqda", "Keyinroq urinib ko‘ring.", b""),
        ("Наша газета", "Сайтта жөндеу жұмыстары жүріп жатыр.", b""),
        ("Cookie", "Bizning saytimiz cookie fayllaridan foydalanadi.", b""),
        ("Подписка", "Оформите подписку, чтобы читать дальше.", b""),
        ("Наша газета", "Этот материал доступен только по подписке.", b""),
        ("Ваш браузер устарел", "Обновите его, чтобы пользоваться сайтом.", b""),
    ],
)
def test_what_stands_in_an_articles_place_is_no_article(title: str, text: str, html: bytes) -> None:
    assert wall_in(title, text, html) is not None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Вход в здание суда перекрыли", "Вход в здание суда перекрыли после звонка, сообщает корреспондент."),
        ("500 человек задержаны на площади", "500 человек задержали на площади, сообщают правозащитники."),
        ("Сайт газеты заблокирован по решению суда", "Сайт заблокирован с утра, редакция подала жалобу."),
        ("Journalist logs in after a year in prison", "He used his account again on Monday, his lawyer said."),
        ("Технические работы на ТЭЦ оставили город без тепла", "Жители трёх районов второй день без отопления."),
        ("Сайт газеты заблокирован в стране", "Сайт издания недоступен с ночи, сообщили читатели."),
        ("Произошла ошибка при операции", "Произошла ошибка врачей, говорит семья умершего в колонии."),
        ("Подписка о невыезде", "Журналиста отпустили под подписку о невыезде, сообщил адвокат."),
        ("Ошибка следователя", "Ошибка следователя стоила водителю двух лет, решил суд."),
        ("Домен издания отобрали", "Домен отобрали по иску министерства, сообщает редакция."),
        ("Загрузка вагонов остановлена", "Загрузка вагонов остановлена после аварии, сообщили на станции."),
        ("Материал о пытках", "Этот материал подготовлен со слов адвоката и соседей."),
        ("A page", "На сайте ведутся технические работы. " + "Так начинается длинный рассказ о редакции. " * 20),
    ],
)
def test_a_short_article_about_such_things_is_one(title: str, text: str) -> None:
    assert wall_in(title, text, FORM) is None


def test_a_short_page_that_shares_no_word_with_its_listed_title_is_another() -> None:
    listed = "Жители посёлка рассказали о дороге"
    assert is_another_page("Наши условия", "Нажимая кнопку, вы соглашаетесь.", listed)
    assert not is_another_page("Посёлок остался без воды", "Об этом говорят жители.", listed)
    assert is_another_page("Наши условия", "слово " * 100, listed)
    assert not is_another_page("Наши условия", "слово " * 100 + "дорожный", listed)
    assert not is_another_page("Наши условия", "слово " * 500, listed)


def test_bytes_of_another_file_are_no_page() -> None:
    for encoding in ("utf-8", "utf-16", "windows-1251", "koi8-r"):
        assert not is_no_text(("<p>Жители посёлка рассказали о дороге</p>\r\n\t" * 40).encode(encoding))
    assert is_no_text(b"%PDF-1.7 ...") and is_no_text(bytes(range(256)) * 8) and not is_no_text(b"")
    assert not is_another_page("Наши условия", "Нажимая кнопку, вы соглашаетесь.", "Подробнее")


def test_versions_with_nothing_in_common_are_two_pages() -> None:
    report = "Житель посёлка рассказал о дороге и воде, которой нет третий день, а совет молчит."
    assert shares_little("Вход", "Введите логин и нажмите кнопку.", "Дорога закрыта", report)
    assert not shares_little("Дорога открыта", "Совет ответил нашей редакции.", "Дорога закрыта", report)
    assert not shares_little("Новое имя", report.replace("третий", "пятый"), "Дорога закрыта", report)
