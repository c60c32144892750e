"""One story or two: copies are found, and the next report after the same pattern is not one of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acca_crawler.dedup.document import Document
from acca_crawler.dedup.keys import index_keys
from acca_crawler.dedup.names import same_name
from acca_crawler.dedup.numerals import numbers
from acca_crawler.dedup.places import place_of
from acca_crawler.dedup.profile import read_sentence
from acca_crawler.dedup.relation import relation
from acca_crawler.text.sentences import sentences
from acca_crawler.text.transliterate import folded_words, name_key
from benchmarks.dedup import GOALS, is_translation, judged, ours, pairs, read_reports, translations

REPORTS = read_reports("test")


def keys(document: Document) -> tuple[int, ...]:
    return index_keys(document.profile).near


RU = REPORTS["ru"]["e12"]
SENTENCES = [RU.text[start:end] for start, end in sentences(RU.text)]


def test_the_labelled_pairs_no_rule_was_made_on() -> None:
    score, _ = judged(list(pairs("test")), ours)
    assert score.precision >= GOALS["precision"]
    assert score.recall >= GOALS["recall"]


def test_the_labelled_translations_no_rule_was_made_on() -> None:
    score, _ = judged(list(translations("test")), is_translation)
    assert score.precision >= GOALS["translations"]
    assert score.right > 100


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        (RU.title, RU.text, ("same", 1.0)),
        ("Другой заголовок", RU.text, ("copy", 1.0)),
        (RU.title, RU.text.replace(",", " –"), ("copy", 1.0)),
        (RU.title, " ".join(SENTENCES[:2]), ("excerpt", 1.0)),
        (RU.title, "Заключённые спят на полу. " * 3, None),
        (RU.title, "", None),
    ],
)
def test_the_kind_of_a_relation(title: str, text: str, found: tuple[str, float] | None) -> None:
    written = Document(title, text, "ru")
    forth, back = relation(RU, written), relation(written, RU)
    assert forth == back
    assert (forth and (forth.kind, forth.similarity)) == found


@pytest.mark.parametrize(
    "text",
    [
        "В Нарыне задержали троих мужчин, сообщила милиция. Их поместили в изолятор, следствие продолжается.",
        "В Токмоке задержали пятерых мужчин, сообщила милиция. Их поместили в изолятор, следствие продолжается.",
        "В Верхней Слободе задержали троих мужчин, сообщила милиция. Их поместили в изолятор, следствие продолжается.",
    ],
)
def test_the_next_flash_is_another_story(text: str) -> None:
    flash = "В Токмоке задержали троих мужчин, сообщила милиция. Их поместили в изолятор, следствие продолжается."
    same = "Троих мужчин задержали в Токмоке, сообщила милиция. Их поместили в изолятор. Следствие продолжается."
    assert relation(Document("", flash, "ru"), Document("", same, "ru")) is not None
    assert relation(Document("", flash, "ru"), Document("", text, "ru")) is None


def test_a_sentence_that_names_another_convict_is_another_notice() -> None:
    """A bracket after the name ends the sentence, so that the pattern's long one names nobody."""
    charge = (
        "по части 3 статьи 219 УК (участие в собрании, сопровождавшемся насилием над личностью, погромами, поджогами, "
        "повреждением имущества, сопротивлением представителю власти с угрозой применения оружия либо предметов, "
        "используемых в качестве оружия)"
    )
    one = f"Нурлан Сейтмуратов (1986 г. р.) признан виновным {charge}. Суд приговорил его к 5 годам колонии."
    other = f"Суд признал виновным Бахтияра Калдыбекова (1979 г. р.) {charge} и приговорил его к 3 годам колонии."
    a, b = (Document("", text, "ru", published="2024-05-22", outlet="a") for text in (one, other))
    assert relation(a, b) is None
    again = one.replace("признан", "был признан")
    assert relation(a, Document("", again, "ru", published="2024-05-22", outlet="a")) is not None


def test_an_outlets_announcement_of_next_week_is_no_excerpt_of_this_weeks() -> None:
    announced = (
        "Очередное заседание правительства области пройдёт завтра в десять утра в доме культуры под председательством "
        "губернатора, приглашены все желающие и представители печати."
    )
    detailed = f"{announced} На повестке ремонт теплотрасс, озеленение дворов и подготовка школ к новому учебному году."
    earlier, later = (Document("", announced, "ru", published=day, outlet="a") for day in ("2024-05-13", "2024-05-20"))
    assert relation(earlier, Document("", detailed, "ru", published="2024-05-20", outlet="a")) is None
    assert relation(later, Document("", detailed, "ru", published="2024-05-20", outlet="a")) is not None


@pytest.mark.parametrize(
    ("language", "sentence", "one", "other"),
    [
        ("ky", "Шаардагы {} мектептин чатыры оңдолуп, жаңы спорт залы ачылды", "сексен бешинчи", "сексен жетинчи"),
        ("ru", "В городе открыли после ремонта {} детский сад с бассейном", "шестьдесят третий", "шестьдесят восьмой"),
        ("uz", "Shaharda taʼmirdan soʻng {} maktabning yangi sport zali ochildi", "sakson ikkinchi", "sakson birinchi"),
    ],
)
def test_the_next_number_of_a_series_is_another_event(language: str, sentence: str, one: str, other: str) -> None:
    first, second, again = (
        Document("", text, language, published="2024-05-22")
        for text in (sentence.format(one), sentence.format(other), f"{sentence.format(one)} бүгүн")
    )
    assert relation(first, second) is None
    assert relation(first, again) is not None


def test_the_age_group_of_a_team_is_no_number_that_two_reports_share() -> None:
    lost = "Молодёжная сборная Узбекистана U-23 проиграла в финале Кубка Азии команде Саудовской Аравии."
    guard = (
        "Milliy gvardiya Oʻzbekiston U-23 va Saudiya Arabistoni finali oldidan muxlislardan stadionda axlat "
        "qoldirmaslikni, hakamlar va xodimlarni hurmat qilishni, transport qoidalariga rioya etishni soʻradi."
    )
    one, other = Document("", lost, "ru", published="2022-06-19"), Document("", guard, "uz", published="2022-06-19")
    assert not one.profile.numbers & other.profile.numbers
    assert relation(one, other) is None


_PREMIER = "At the Government House today, Prime Minister of Kazakhstan Arman Zhaksyltayev held a meeting on"
_BROADCAST = "For an online broadcast, see the official channel and the mobile applications of the press centre."


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", f"{_PREMIER} school buses.", f"{_PREMIER} coal prices."),
        (
            "en",
            f"Meeting of the Government will be held 10 a.m. Tuesday, Feb. 12 in the Blue Hall. {_BROADCAST}",
            f"Meeting of the Government will be held 10 a.m. Tuesday, Feb. 5 in the Blue Hall. {_BROADCAST}",
        ),
        (
            "ky",
            "Улуттук банк эки акча алмаштыруу жайына айып салды.",
            "Улуттук банк микрокредиттик компанияга айып салды.",
        ),
        ("ky", "Евро дагы арзандады, доллар туруктуу.", "Доллар менен евро кымбаттоодо."),
    ],
)
def test_what_an_outlet_always_says_makes_no_event(language: str, one: str, other: str) -> None:
    first, second = (Document("", text, language, published="2024-02-02", outlet="agency") for text in (one, other))
    assert relation(first, second) is None


def test_countries_in_a_heading_in_capitals_keep_two_reports_apart() -> None:
    heading = "КОММЮНИКЕ К ГОДОВЩИНЕ ДИПЛОМАТИЧЕСКИХ ОТНОШЕНИЙ КАЗАХСТАНА С {}"
    one, other = (Document("", heading.format(country), "ru") for country in ("ИТАЛИЕЙ", "ПОРТУГАЛИЕЙ"))
    assert one.profile.places == {"kz", "it"}
    assert one.profile.persons == ()
    assert relation(one, other) is None


@pytest.mark.parametrize("opening", ["«", ""])
def test_laws_with_other_titles_are_two_even_if_a_title_lacks_its_opening_mark(opening: str) -> None:
    signed = "Президент подписал закон {}О внесении изменений в некоторые законы республики по вопросам {}»."
    bees = Document("", signed.format(opening, "защиты пчеловодов"), "ru")
    timber = Document("", signed.format("«", "перевозки древесины"), "ru")
    assert relation(bees, timber) is None
    assert relation(bees, Document("", signed.format("«", "защиты пчеловодов"), "ru")) is not None


def test_one_rare_word_makes_a_sure_translation_without_names() -> None:
    russian = (
        "Суд назначил трём таксистам, протестовавшим против штрафа за ремень, арест на {} суток. Ещё 12 водителей "
        "получили предупреждение."
    )
    uzbek = (
        "Sud kamar jarimasiga qarshi norozilik bildirgan uchta taksi haydovchisini {} kunlik qamoqqa oldi. Yana 12 "
        "haydovchi ogohlantirish oldi."
    )
    one, other = Document("", russian.format(14), "ru"), Document("", uzbek.format(14), "uz")
    found = relation(one, other)
    assert found is not None and found.kind == "translation"
    assert relation(one, Document("", uzbek.format(11), "uz")) is None


def test_countries_and_a_tournament_in_common_make_no_event() -> None:
    before = (
        "Молодёжная сборная завтра сыграет в финале Кубка Азии с командой Саудовской Аравии. Полиция просит "
        "болельщиков не проносить на стадион стекло и соблюдать порядок на трибунах. Узбекистан."
    )
    after = (
        "Молодёжная сборная уступила Саудовской Аравии в финале Кубка Азии со счётом 0:2 и завоевала серебро турнира. "
        "Тренер поблагодарил игроков и пообещал вернуться сильнее в Узбекистан."
    )
    a, b = (Document("", text, "ru", published="2024-05-22", outlet="a") for text in (before, after))
    assert relation(a, b) is None


def test_one_corrected_number_in_a_long_copy_makes_no_new_story() -> None:
    found = relation(RU, Document(RU.title, RU.text.replace("26 августа", "27 августа"), "ru"))
    assert found is not None
    assert found.kind == "copy"


def test_a_language_not_given_is_read_from_the_text() -> None:
    unknown = Document(RU.title, RU.text)
    translated = REPORTS["ky"]["e12"]
    found = relation(unknown, Document(translated.title, translated.text))
    assert found is not None
    assert found.kind == "translation"


def test_hreflang_is_believed_and_distance_in_time_is_not_overlooked() -> None:
    english = Document("A", "Nothing alike.", "en", url="https://outlet.example/en/a/?utm_source=x")
    russian = Document("Б", "Ничего общего.", "ru", alternates=(("en", "https://outlet.example/en/a"),))
    linked = relation(english, russian)
    assert linked is not None
    assert [reason.kind for reason in linked.reasons] == ["hreflang"]
    report = Document(RU.title, RU.text, "ru", published="2024-08-26T05:00:00Z")
    month_later, year_later = (
        Document(REPORTS["en"]["e12"].title, REPORTS["en"]["e12"].text, "en", published=day)
        for day in ("2024-09-26", "2025-08-26")
    )
    found = relation(report, month_later)
    assert found is not None
    assert found.kind == "follow-up"
    assert relation(report, year_later) is None


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("23 000 человек, 4,6 балла и 6.000 сомов", "ru", {"23000", "4.6", "6000"}),
        ("двое мужчин и одиннадцать женщин, двадцать один час", "ru", {"2", "11", "21"}),
        ("он сегіз тұтқын, үшеуі әйел", "kk", {"18", "3"}),
        ("он бир киши, экөө оор", "ky", {"11", "2"}),
        ("ҳаждаҳ маҳбус ва ёздаҳ духтур", "tg", {"18", "11"}),
        ("o'n sakkiz mahbus, oʻn bitta jarohat", "uz", {"18", "11"}),
        ("ўн саккиз маҳбус", "uz-Cyrl", {"18"}),
        ("on sekiz tussag", "tk", {"18"}),
        ("twenty-two people", "en", {"22"}),
        ("он сказал", "ru", set()),
        ("трое", None, set()),
    ],
)
def test_numbers_in_figures_and_words(text: str, language: str | None, found: set[str]) -> None:
    assert set(numbers(text, language, folded_words(text, language=language))) == found


def test_anchors_meet_across_languages() -> None:
    russian = read_sentence("Вчера Жасура Хидирова задержали в Ташкенте, сообщили в МВД.", "ru")
    uzbek = read_sentence("Kecha shaharda Jasur Xidirovni Toshkentda ushlashdi.", "uz")
    assert russian.places == uzbek.places == {"tashkent"}
    assert russian.initials == {"mvd"}
    assert all(any(same_name(one, other) for other in russian.names) for person in uzbek.persons for one in person)


def test_places_in_any_form() -> None:
    assert {place_of(name_key(word)) for word in ("Оше", "Ошто", "Oʻshda", "Osh")} == {"osh"}
    assert place_of(name_key("Осмонов")) is None
    assert place_of(name_key("Худжанде")) == place_of(name_key("Khujand"))


def test_translations_are_found_under_keys() -> None:
    together = [pair for pair in translations("test") if pair.one and pair.how == "translation"]
    found = [pair for pair in together if set(keys(pair.a)) & set(keys(pair.b))]
    assert len(found) >= 0.95 * len(together)
    assert all(-(2**63) <= key < 2**63 for key in keys(RU))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uz", "Xodim oʻsmirni tekshirdi."),
        ("ky", "Кызматкер өспүрүмдү текшерди."),
        ("kk", "Қызметкер жасөспірімді тексерді."),
        ("tg", "Корманд наврасро боздошт."),
    ],
)
def test_a_translation_without_a_name_in_common_is_found_by_what_its_words_mean(language: str, text: str) -> None:
    russian = Document("", "Сотрудник проверил подростка.", "ru")
    assert set(keys(russian)) & set(keys(Document("", text, language)))


def _signed(law: str) -> Document:
    return Document("", f"Глава государства подписал закон «{law}», принятый парламентом в сентябре.", "ru")


@pytest.mark.parametrize(
    ("law", "together"),
    [
        ("О внесении изменений в некоторые акты по вопросам пчеловодства и охраны пастбищ", True),
        ("О внесении изменений в некоторые акты по вопросам аудита и охраны пастбищ", False),
        ("О внесении изменений в некоторые акты по вопросам «электронного пчеловодства» и охраны пастбищ", True),
    ],
)
def test_two_laws_in_one_frame_are_two_stories(law: str, together: bool) -> None:
    day = "2026-11-19"
    one, other = (
        _signed("О внесении изменений в некоторые акты по вопросам пчеловодства и охраны пастбищ"),
        _signed(law),
    )
    found = relation(replace(one, published=day), replace(other, title="Новый закон", published=day))
    assert (found is not None) is together


def test_what_somebody_said_is_no_title() -> None:
    said = read_sentence("«Мы построим в этом году двести новых школ», — сказал министр.", "ru")
    assert said.titled == frozenset()
    assert read_sentence("Вышел фильм «Пасека на краю света».", "ru").titled
