"""Events stay apart and cases stay together: templates, roundups, victims, and what makes a later report an update."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.articles.stories import mentions_of
from tests.support.newsstand import Newsstand, Sample

SURNAMES = [
    first + second
    for first in ("Абдыр", "Токто", "Сады", "Мырза", "Жолдо", "Кара", "Ырыс", "Темир")
    for second in ("бердиев", "кулов", "манов", "шалиев", "газиев")
]
NOTICE = (
    "Суд приговорил {name} к лишению свободы. По словам адвоката, признание получено под пытками в изоляторе. "
    "Защита намерена обжаловать приговор в областном суде."
)
MISSING = (
    "Журналистка {name} пропала без вести вечером в Нарыне. Родные говорят, что её увезли люди в масках. Милиция "
    "сообщила, что задержанной среди доставленных нет. Редакция требует начать поиски."
)


def test_forty_notices_that_differ_in_the_victim_are_forty_stories(newsstand: Newsstand) -> None:
    assert len(SURNAMES) == 40
    stored = [
        newsstand.store(Sample("first", "Приговор", NOTICE.format(name=f"Азамата {name}а"), identity=f"n{n}"))
        for n, name in enumerate(SURNAMES)
    ]
    assert len({newsstand.story(one).id for one in stored}) == len(stored)
    assert newsstand.alerts() == ["new"] * len(stored)


@pytest.mark.parametrize("other", ["Мунара Мамбетова", "Айгуль Латипова", "Май Мусаева"])
def test_another_missing_journalist_is_never_swallowed(newsstand: Newsstand, other: str) -> None:
    first = newsstand.store(Sample("first", "Пропала", MISSING.format(name="Али Май")))
    second = newsstand.store(Sample("second", "Пропала", MISSING.format(name=other)))
    assert first.alert_id is not None
    assert second.alert_id is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Шавката Рустамовича Каримова", "Шавката Шавкатовича Каримова"),
        ("Ажара Карима", "Ажара Каримова"),
        ("Серика Нурбека", "Серика Нурбекова"),
        ("Хасана Каримова", "Хусана Каримова"),
    ],
)
def test_a_name_made_of_another_one_is_another_victim(newsstand: Newsstand, one: str, other: str) -> None:
    stored = [
        newsstand.store(Sample("first", "Приговор", NOTICE.format(name=name), identity=f"n{n}"))
        for n, name in enumerate((one, other))
    ]
    assert all(report.alert_id is not None for report in stored)


@pytest.mark.parametrize(
    ("one", "other", "stories"),
    [
        ("Шавката Каримова", "Б. Каримова", 2),
        ("А. Каримова", "Б. Каримова", 2),
        ("жителя города А. К.", "жителя города Б. Р.", 2),
        ("Азамата К.", "Азамата Р.", 2),
        ("Шавката Каримова", "Ш. Каримова", 1),
        ("Шавката Каримова", "Ш.Р. Каримова", 1),
        ("журналиста Каримова", "Б. Каримова", 1),
    ],
)
def test_another_initial_is_another_victim(newsstand: Newsstand, one: str, other: str, stories: int) -> None:
    first = newsstand.store(Sample("first", "Приговор", NOTICE.format(name=one)))
    second = newsstand.store(Sample("second", "Приговор", NOTICE.format(name=other)))
    assert len({newsstand.story(first).id, newsstand.story(second).id}) == stories


@pytest.mark.parametrize(("one", "other"), [("A taxi driver", "A shop owner"), ("A woman", "A man")])
def test_somebody_else_without_a_name_is_another_victim(newsstand: Newsstand, one: str, other: str) -> None:
    complaint = "{who} in Jalal-Abad alleges torture by two officers. Doctors recorded burns and bruises, {who} said."
    stored = [
        newsstand.store(Sample(outlet, "Torture complaint in Jalal-Abad", complaint.format(who=who), "en"))
        for outlet, who in (("first", one), ("second", other))
    ]
    assert all(report.alert_id is not None for report in stored)


ARREST = Sample(
    "first",
    "Задержан активист Нурбек Сатаров",
    "Активиста Нурбека Сатарова задержали в Токмоке. Адвокат заявил, что в отделении милиции Нурбека Сатарова избили и "
    "пытали током, требуя признания. Прокуратура начала проверку заявления о пытках.",
    published="2026-11-01T10:00:00Z",
)


def test_an_official_in_two_weeks_of_news_makes_no_case(newsstand: Newsstand) -> None:
    opened = "Министр Нурбек Сатаров открыл в Токмоке новую больницу и поблагодарил строителей за работу."
    first = newsstand.store(Sample("first", "Больница", opened, published="2026-11-01T10:00:00Z"))
    roads = "Министр Нурбек Сатаров рассказал в Токмоке о новой больнице, о дорогах и о планах строителей на год."
    later = newsstand.store(Sample("first", "Планы", roads, published="2026-11-15T10:00:00Z"))
    assert newsstand.story(first).id != newsstand.story(later).id


@pytest.mark.parametrize(("town", "alerts"), [("Таразе", 1), ("Актау", 2)])
def test_a_namesake_in_another_town_weeks_later_is_another_victim(newsstand: Newsstand, town: str, alerts: int) -> None:
    news = (
        "В {town} задержан {who} Нурлан Ибраев. По словам адвоката, полицейские избили его в отделении и требовали "
        "подписать показания."
    )
    for outlet, day, where, who in (("first", 1, "Таразе", "предприниматель"), ("second", 15, town, "житель")):
        published = f"2026-11-{day:02}T10:00:00Z"
        text = news.format(town=where, who=who)
        newsstand.store(Sample(outlet, "Задержан Нурлан Ибраев", text, published=published))
    assert newsstand.alerts().count("new") == alerts


@pytest.mark.parametrize(("day", "update"), [(5, False), (28, True)])
def test_a_second_hunger_strike_weeks_later_is_news(newsstand: Newsstand, day: int, update: bool) -> None:
    first = (
        "Активист Нурлан Ибраев объявил голодовку в изоляторе Тараза. По словам адвоката, полицейские избили его в "
        "отделении и требовали подписать показания."
    )
    second = (
        "Активист Нурлан Ибраев снова объявил голодовку в изоляторе Тараза. Адвокат Ибраева рассказал, что полицейские "
        "избили его в отделении и требовали подписать показания. К нему не пускают врача."
    )
    newsstand.store(Sample("first", "Нурлан Ибраев объявил голодовку", first, published="2026-11-01T10:00:00Z"))
    later = Sample("first", "Нурлан Ибраев объявил голодовку", second, published=f"2026-11-{day:02}T10:00:00Z")
    newsstand.store(replace(later, identity="later"))
    assert newsstand.alerts() == ["new", *["update"] * update]


ITEMS = (
    "В Нарыне открыли выставку цветов, сообщила мэрия города вечером в среду.",
    "Сборная по дзюдо завоевала три медали чемпионата континента в тяжёлом весе.",
    "Цены на бензин выросли из-за ремонта нефтеперерабатывающего завода, объяснили аналитики.",
    "Синоптики предупредили автомобилистов о гололёде и тумане на горных перевалах.",
    "Археологи нашли под Ошем древний клад серебряных монет эпохи караханидов.",
)


def test_a_roundup_mentions_the_events_and_connects_none(newsstand: Newsstand) -> None:
    stored = [newsstand.store(Sample("second", f"Новость {n}", item)) for n, item in enumerate(ITEMS)]
    roundup = newsstand.store(Sample("first", "Главное за день", "\n\n".join(ITEMS)))
    assert len({newsstand.story(one).id for one in (*stored, roundup)}) == len(ITEMS) + 1
    mentioned = {mention.article_id for mention in mentions_of(newsstand.db, roundup.article_id)}
    assert mentioned == {one.article_id for one in stored}
    assert [mention.article_id for mention in mentions_of(newsstand.db, stored[0].article_id)] == [roundup.article_id]


def test_the_same_text_weeks_later_joins_only_if_it_is_long_and_nothing_differs(newsstand: Newsstand) -> None:
    short = Sample("first", "Погода", "В Нарыне ожидаются снег, туман и гололедица, сообщили синоптики.")
    weeks = "2026-10-01T10:00:00Z"
    one, other = newsstand.store(short), newsstand.store(replace(short, outlet="second", published=weeks, title="Снег"))
    assert newsstand.story(one).id == newsstand.story(other).id, "the same text is the same text"
    changed = replace(short, text=short.text.replace("туман", "ветер"), published="2026-08-01T10:00:00Z")
    assert newsstand.story(newsstand.store(changed)).id != newsstand.story(one).id


def test_a_member_says_why_it_belongs(newsstand: Newsstand) -> None:
    newsstand.store(ARREST)
    other = newsstand.store(
        replace(ARREST, outlet="second", title="Токмок", text=f"{ARREST.text} Родные ждут экспертизы.")
    )
    (_, member) = newsstand.story(other).members
    assert {"aligned", "names", "places", "days"} <= {kind for kind, _ in member.reasons}


@pytest.mark.parametrize("heading", ["Главные материалы недели", "The main events of the week from 12 to 17 June"])
def test_what_calls_itself_the_news_of_the_week_connects_nothing(newsstand: Newsstand, heading: str) -> None:
    first = newsstand.store(Sample("second", "Выставка", ITEMS[0]))
    report = f"{heading}\n\n{ITEMS[0]}\n\nЧитайте в нашем обзоре о выставке цветов."
    roundup = newsstand.store(Sample("first", "Обзор", report))
    assert newsstand.story(roundup).id != newsstand.story(first).id


def test_the_next_number_of_a_daily_series_is_another_story(newsstand: Newsstand) -> None:
    report = "Во вторник в стране было выявлено {n} случаев гриппа и пневмонии, сообщил штаб по борьбе с эпидемией."
    first = newsstand.store(Sample("first", "Грипп", report.format(n=140), published="2026-11-17T10:00:00Z"))
    later = report.replace("Во вторник", "В среду").format(n=140)
    second = newsstand.store(Sample("first", "Грипп в стране", later, published="2026-11-18T10:00:00Z"))
    assert newsstand.story(first).id != newsstand.story(second).id


def test_an_event_is_translated_once_and_its_topic_joins_by_its_own_language(newsstand: Newsstand) -> None:
    original = newsstand.store(ARREST)
    translated = newsstand.store(
        Sample(
            "second",
            "Activist Nurbek Satarov detained",
            "Activist Nurbek Satarov was detained in Tokmok. The lawyer said that Nurbek Satarov was beaten by police "
            "and tortured with electric shocks. Prosecutors have begun a check of the complaint of torture.",
            "en",
            published="2026-11-01T12:00:00Z",
        )
    )
    assert newsstand.story(translated).id == newsstand.story(original).id
    park = "В Токмоке 2 ноября открыли новый парк, сообщила мэрия. В церемонии участвовали школьники и ветераны города."
    other = newsstand.store(Sample("first", "Парк", park, published="2026-11-02T10:00:00Z"))
    assert newsstand.story(other).id != newsstand.story(original).id


RECALLED = {
    "ru": (
        "Напомним, в мае в Караколе у рынка «Кең-Булуң» был убит предприниматель Эсен Мырзатокуев. Следствие считает "
        "заказчиком владельца пилорамы Тилека Ырысгазиева. Под арестом по делу двенадцать человек, среди них четверо "
        "сотрудников ГАИ."
    ),
    "ky": (
        "Эскерте кетсек, май айында Караколдогу «Кең-Булуң» базарынын жанында ишкер Эсен Мырзатокуев өлтүрүлгөн. "
        "Тергөө тапшырык берген деп пилораманын ээси Тилек Ырысгазиевди санайт. Иш боюнча он эки киши, анын ичинде "
        "төрт ГАИ кызматкери камакта."
    ),
}
DEVELOPMENTS = {
    "ru": (
        "Депутаты предложили поставить на рынках областных центров камеры и нанять охрану за счёт арендаторов.",
        "Вдова погибшего передала школе его библиотеку: семьсот томов по истории кавалерии и коневодства.",
    ),
    "ky": (
        "Депутаттар облус борборлорундагы базарларга камера орнотуп, ижарачылардын эсебинен күзөт жалдоону сунуштады.",
        "Каза болгондун жесири анын китепканасын мектепке берди: атчан аскер тарыхы тууралуу жети жүз том.",
    ),
}


@pytest.mark.parametrize("language", RECALLED)
def test_what_an_outlet_recalls_under_every_report_of_a_case_joins_none_of_them(
    newsstand: Newsstand, language: str
) -> None:
    one, other = (
        newsstand.store(Sample("first", "", f"{news}\n\n{RECALLED[language]}", language=language))
        for news in DEVELOPMENTS[language]
    )
    assert newsstand.story(one).id != newsstand.story(other).id


def test_a_copy_without_what_the_original_recalls_is_a_copy(newsstand: Newsstand) -> None:
    news = f"{DEVELOPMENTS['ru'][0]} {ITEMS[0]}"
    newsstand.store(Sample("first", "Рынки", f"{news}\n\n{RECALLED['ru']}"))
    copied = newsstand.store(Sample("second", "Камеры на рынках", news))
    assert [member.relation for member in newsstand.story(copied).members] == ["first", "copy"]
