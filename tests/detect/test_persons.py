"""Who is named, and as what: the words beside a name tell, those of a verb's object do not."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.facts import facts_of
from acca_crawler.detect.name_words import FILE

TEXTS = tomllib.loads(FILE.read_text(encoding="utf-8"))["text"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ulan Toktobaev, told a judge of the Osh court that officers beat him.", "Ulan Toktobaev", "victim"),
        ("Officers beat the man, said Aibek Asanov, deputy prosecutor of Osh.", "Aibek Asanov", "official"),
        ("Officers in Osh beat a man. Nurgul Mamyrova, his lawyer, said so.", "Nurgul Mamyrova", "lawyer"),
        ("Officers in Osh beat a man. Dinara Asanova, the mother of the man, said so.", "Dinara Asanova", "relative"),
    ],
)
def test_a_title_behind_a_name_tells_the_role(text: str, name: str, role: str) -> None:
    persons = {fact.value: fact.detail for fact in detect(text, language="en").facts if fact.kind == "person"}
    assert persons[name] == role


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Апасы милиция кызматкерлери баласын кыйнаганын айтты. Ал уулунун денесинде көгала издер бар экенин "
            "билдирди.",
            "ky",
        ),
        ("Полицейлер оны қинады. Бұл қызық іс болды, деді анасы.", "kk"),
        ("Полицейлер оны қинады. Бұл ұлы үшін ауыр болды, деді анасы.", "kk"),
        ("Polisiýa ony gynady. Türkmenistan uly döwlet diýip aýdýarlar.", "tk"),
        ("Polisiýa ony gynady. Aşgabat uly şäher, ol ýerde türmede ýatyr.", "tk"),
        ("Ulan Uulu was beaten by police in Osh. Uulu. Kyzy said so.", "en"),
    ],
)
def test_a_patronymic_word_alone_is_no_name(text: str, language: str) -> None:
    detection = detect(text, title="Кармалган жигит милицияда кыйноого кабылды", language=language)
    assert detection.level == "alert"
    assert not [f for f in detection.facts if f.kind == "person" and not any(w[0].isupper() for w in f.value.split())]


def test_two_people_of_one_surname_are_two() -> None:
    text = "В Оше милиция избила певицу Наргиз Закирову. Её двоюродный брат Джавохир Закиров рассказал об этом."
    persons = {fact.value: fact.detail for fact in detect(text, language="ru").facts if fact.kind == "person"}
    assert persons == {"Наргиз Закирова": "victim", "Джавохир Закиров": "relative"}


@pytest.mark.parametrize(
    ("text", "language", "roles"),
    [
        (
            "Тараздағы полиция бөлімінде Ержан Бимұрзаев ұсталды. Жұбайы Қарлығаш Бимұрзаева дәрігер шақырған. "
            "Бимұрзаевты екі полицей ұрып-соқты.",
            "kk",
            {"Ержан Бимұрзаев": "victim", "Қарлығаш Бимұрзаева": "relative"},
        ),
        (
            "Полицейлер оны ұрып-соқты. Жәбірленуші Темірлан Ағабеков, тергеушінің құлағына степлер таққанын айтты.",
            "kk",
            {"Темірлан Ағабеков": "victim"},
        ),
        (
            "Кәсіподақтың бұрынғы жетекшісі Қайырбек Оспантаевқа Қарағанды соты тағы екі жыл түрме берді.",
            "kk",
            {"Қайырбек Оспантаев": "detainee"},
        ),
        (
            "Тергеу изоляторунда жигитти сабашты. Хирург Эльмира Каримова анын кабыргасы сынганын, денесинде көгала "
            "издер бар экенин, аны кыйнашканын жазган.",
            "ky",
            {"Эльмира Каримова": ""},
        ),
        (
            "Бишкектик Гүлжан Сатарова кат жазды. Анын уулу Эламан Сатаров №47 колонияда жаза өтөп жатат.",
            "ky",
            {"Гүлжан Сатарова": "", "Эламан Сатаров": "detainee"},
        ),
        (
            "Дар шуъбаи милиса Сайёф Қурбоновро лату кӯб карданд. Модари Қурбонов дар Файзобод аст. Вакил Анна Коваль "
            "шикоят навишт.",
            "tg",
            {"Сайёф Қурбонов": "victim", "Анна Коваль": "lawyer"},
        ),
        (
            "A garrison court has sentenced Lieutenant Yerbol Kaliyev over the beating of Private Miras Abdrakhmanov.",
            "en",
            {"Yerbol Kaliyev": "official", "Miras Abdrakhmanov": "victim"},
        ),
        (
            "Yoshlar klubi rahbari Ilhomjon Yoʻldoshev hibsxonada kaltaklangan. Huquq himoyachisi "
            "Lola Abdusalomova shikoyat yozdi.",
            "uz",
            {"Ilhomjon Yoʻldoshev": "victim", "Lola Abdusalomova": "defender"},
        ),
    ],
)  # fmt: skip
def test_a_role_is_that_of_the_person_meant(text: str, language: str, roles: dict[str, str]) -> None:
    facts = facts_of(annotate(text, "", language))
    assert {fact.value: fact.detail for fact in facts if fact.kind == "person"} == roles


def test_a_town_is_told_once_and_not_from_a_hashtag() -> None:
    text = "В Нукусе милиционеры избили журналиста. Суд по нукусским событиям продолжается. #нукус #термез"
    assert [fact.value for fact in detect(text, language="ru").facts if fact.kind == "place"] == ["Нукус"]


def test_a_title_belongs_to_no_name_behind_another_word_for_a_person() -> None:
    text = "Накануне визита президента в Фергану фермер Икбол Мелибоев пожаловался: милиционеры в ОВД избили его."
    persons = {fact.value: fact.detail for fact in detect(text, language="ru").facts if fact.kind == "person"}
    assert persons["Икбол Мелибоев"] == "victim"


@pytest.mark.parametrize("example", TEXTS, ids=[f"{one['language']} {index}" for index, one in enumerate(TEXTS)])
def test_the_persons_of_the_word_lists_texts_are_listed(example: dict[str, Any]) -> None:
    facts = facts_of(annotate(example["text"], "", example["language"]))
    assert [fact.value for fact in facts if fact.kind == "person"] == example["names"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Адвокат Нурбека Асанбаева подал жалобу: активиста избили в милиции.", "Нурбек Асанбаев", "victim"),
        ("Мать Ивана Петрова рассказала, что его избили в милиции.", "Иван Петров", "victim"),
        (
            "Адвокат Нурбека Асанбаева подал жалобу в прокуратуру. Активиста избили в милиции.",
            "Нурбек Асанбаев",
            "victim",
        ),
        ("Жена Азимжана Аскарова сообщила, что его избили в колонии.", "Азимжан Аскаров", "victim"),
        ("Адвокат Айгерим Сартова рассказала о пытках в полиции.", "Айгерим Сартова", "lawyer"),
        ("Об избиении в милиции рассказал адвокат Нурбек Асанбаев.", "Нурбек Асанбаев", "lawyer"),
        ("По словам адвоката Нурбека Асанбаева, подзащитного избили в СИЗО.", "Нурбек Асанбаев", "lawyer"),
        ("Его мать Гулзат Асанова рассказала об избиении в милиции.", "Гулзат Асанова", "relative"),
    ],
)
def test_a_client_or_relative_is_not_the_one_who_speaks(text: str, name: str, role: str) -> None:
    persons = {fact.value: fact.detail for fact in detect(text, language="ru").facts if fact.kind == "person"}
    assert persons[name] == role


@pytest.mark.parametrize(
    ("text", "language", "name", "role"),
    [
        ("Прокурор требует наказания за избиение блогера Азиза Каримова в милиции.", "ru", "Азиз Каримов", "victim"),
        ("На суде по делу о беспорядках в Оше выступил подсудимый Азамат Усенов.", "ru", "Азамат Усенов", "suspect"),
        (
            "В Оше избили арестанта. Об этом пишет колумнист «Газеты» Юрий Саруханов.",
            "ru",
            "Юрий Саруханов",
            "defender",
        ),
        (
            "Милиция кармаган. Анын коргоочусу Бактыбек Жумашев кыйноо тууралуу айтты.",
            "ky",
            "Бактыбек Жумашев",
            "lawyer",
        ),
        ("Укук коргоочу Бактыбек Жумашев милицияда кармалды.", "ky", "Бактыбек Жумашев", "detainee"),
        ("Маҳбусни қийнашди. Матбуот хизмати раҳбари Азиз Абидов изоҳ берди.", "uz-Cyrl", "Азиз Абидов", "official"),
        (
            "Қамоқда маҳбус ўлди. Марҳумнинг беваси Ойниса Шодиева шикоят қилди.",
            "uz-Cyrl",
            "Ойниса Шодиева",
            "relative",
        ),
        ("Сестра сообщила, что её брата Азамата Асанова избили в милиции Оша.", "ru", "Азамат Асанов", "victim"),
        ("В Оше милиционеры избили сына прокурора Азамата Асанова.", "ru", "Азамат Асанов", "official"),
        ("В Оше следователь Азамат Асанов избил задержанного.", "ru", "Азамат Асанов", "official"),
        ("Об избиении в Оше сообщил прокурору Азамату Асанову его брат.", "ru", "Азамат Асанов", "official"),
        ("Ошто милиция адвокат Хадича Каримованы сабады.", "ky", "Хадича Каримова", "victim"),
        ("Азамат Усенов задержан милицией в Оше. Его избили дубинками.", "ru", "Азамат Усенов", "victim"),
    ],
)
def test_the_words_beside_a_name_tell_the_role(text: str, language: str, name: str, role: str) -> None:
    facts = facts_of(annotate(text, "", language))
    assert {fact.value: fact.detail for fact in facts if fact.kind == "person"}[name] == role


@pytest.mark.parametrize(
    ("text", "language", "role"),
    [
        (
            "Марат Исаков — водитель из Бишкека. Четыре года он возил людей. В марте парня избили в РОВД.",
            "ru",
            "victim",
        ),
        ("Марат Исаков — водитель из Бишкека. Его задержали в марте.", "ru", "detainee"),
        ("Марат Исаков рассказал о книге. В марте соседа избили в РОВД.", "ru", ""),
        ("Azamat Asanov drives a bus in Osh. Police beat the young man in March.", "en", "victim"),
        ("Ринат Бекенов, анасына хат жазып, өзін полицейлер азаптағанын айтты.", "kk", "victim"),
        ("Нурсеит Абдыкалыков, апасына чалып, сержант аны сабаганын айтты.", "ky", "victim"),
        ("Serjant Aziz Karimov sudda soʻzladi. Bola qiynoqqa solingan.", "uz", "official"),
    ],
)
def test_whom_a_report_is_about_has_a_role_though_no_word_beside_the_name_tells_it(
    text: str, language: str, role: str
) -> None:
    persons = [fact for fact in facts_of(annotate(text, "", language)) if fact.kind == "person"]
    assert [person.detail for person in persons] == [role]


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("Милиция Данияр Сейтказиевди кыйнады. Ал Ноокатта жашайт.", "ky", "KG"),
        ("Polisiýa Aşgabadyň merkezinde bir oglany urdy.", "tk", "TM"),
    ],
)
def test_neither_a_name_nor_a_case_ending_hides_the_country(text: str, language: str, country: str) -> None:
    annotated = annotate(text, "", language)
    assert {found.place.country for sentence in annotated.sentences for found in sentence.places} == {country}
