"""Which country a report is about, and what its criminal code has under the articles it cites."""

from __future__ import annotations

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.legal import code_article, plain_number


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("en", "Police in Kyzyltepa beat a farmer until he confessed to a theft, his lawyer says.", "UZ"),
        ("ru", "В Ходжейли милиционеры избили задержанного, он скончался в больнице.", "UZ"),
        ("ru", "В Каскелене полицейские пытали подростка током.", "KZ"),
        ("ky", "Жалал-Абадда милиция кармалган өзбек жигитти кыйнап өлтүрдү.", "KG"),
        ("tg", "Дар Роштқалъа сокини деҳаро дар шуъбаи милиса шиканҷа карданд.", "TJ"),
        ("tg", "Муҳоҷири тоҷик, мусофири қатори Маскав-Душанбе, дар Узбакистон боздошт ва шиканҷа шуд.", "UZ"),
        ("tk", "Ýolötende polisiýa saklananlary urup-ýenjip gynady.", "TM"),
        ("ru", "Полицейские избили Айбека Токтогул уулу и его адвоката при задержании.", "KG"),
        ("ru", "Полицейские избили задержанного, он скончался в СИЗО.", None),
    ],
)
def test_the_country_follows_places_however_small(language: str, text: str, country: str | None) -> None:
    assert detect(text, language=language).country == country


def test_an_ambiguous_place_is_taken_at_its_word_where_the_outlet_is_at_home() -> None:
    text = "Активиста из Узбекистана избили в отделении милиции Джалал-Абада, сообщила его сестра."
    assert detect(text, language="ru", outlet_countries=("KG",)).country == "KG"


@pytest.mark.parametrize("number", ["143-1", "143.1", "143(1)", "143¹", "143 прим 1"])
def test_every_way_of_numbering_an_article_is_the_same_article(number: str) -> None:
    article = code_article("TJ", number)
    assert plain_number(number) == "143-1"
    assert article is not None
    assert article.subject == "torture"


@pytest.mark.parametrize(("country", "number"), [("KZ", "235"), ("UZ", "146"), (None, "146"), ("TM", "182-1")])
def test_a_number_means_nothing_in_another_country_or_where_we_are_not_sure(country: str | None, number: str) -> None:
    assert code_article(country, number) is None


def test_a_report_tells_what_the_articles_it_cites_stand_for() -> None:
    text = "В Караганде полицейских судят за пытки по ч. 2 ст. 146 УК, а блогера по статье 174."
    cited = {f.value: f.detail for f in detect(text, language="ru").facts if f.kind == "legal_article"}
    assert cited["146"].startswith("torture: ")
    assert cited["174"].startswith("punitive: ")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ky", "Журналист күбө катары суракка чакырылып, бир катар суроолордон кийин камакка алынды."),
        ("kk", "Журналист ақшаны алмағанын айтты, бірақ қамауға алынды."),
        ("kk", "Тұтқын суық судан ауырып қалды, оған дәрігер шақырмады."),
    ],
)
def test_an_everyday_word_that_is_spelt_like_a_country_is_no_place_abroad(language: str, text: str) -> None:
    places = [found.place for sentence in annotate(text, language=language).sentences for found in sentence.places]
    assert not [place for place in places if place.level == "veto"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ky", "Катар мамлекетинде үч киши кармалды."),
        ("kk", "АҚШ-та және Оңтүстік Суданда екі журналист ұсталды."),
    ],
)
def test_the_country_itself_is_still_a_place_abroad(language: str, text: str) -> None:
    (sentence,) = annotate(text, language=language).sentences
    assert {found.place.level for found in sentence.places} == {"veto"}


ELSEWHERE = "The journalist was beaten by police officers at the station. " + "The weather stayed mild all week. " * 30


def test_a_long_text_that_names_nothing_of_the_region_is_ignored() -> None:
    assert detect(ELSEWHERE, language="en").level == "ignore"


@pytest.mark.parametrize("telling", ["It happened in Kokshetau.", "The man is a Tajik.", "Group 24 protested."])
def test_one_word_of_the_region_is_enough_to_have_a_long_text_read(telling: str) -> None:
    assert detect(f"{ELSEWHERE} {telling}", language="en").level == "alert"


def test_a_long_text_of_an_outlet_at_home_in_the_region_needs_no_place() -> None:
    assert detect(ELSEWHERE, language="en", outlet_countries=("KG",)).level == "alert"


def test_a_long_text_that_names_the_region_once_beside_many_places_abroad_is_ignored() -> None:
    abroad = (
        "Officers in Warsaw and in London beat a man who was held in a cell, police in Berlin and Paris said. " * 12
    )
    assert detect(f"{abroad} He was born in Uzbekistan.", language="en").reasons == (
        "a long text that names nothing in the region",
    )
    assert detect(f"{abroad[:200]} He was born in Uzbekistan.", language="en").reasons != (
        "a long text that names nothing in the region",
    )


def test_what_is_ignored_has_the_country_of_its_places_and_no_other() -> None:
    strike = "В Караганде шахтёрам на две недели задержали зарплату. Директор обещает выплаты к пятнице."
    assert (detect(strike, language="ru").level, detect(strike, language="ru").country) == ("ignore", "KZ")
    weather = "Завтра дождь и ветер, пишет издание."
    assert detect(weather, language="ru", outlet_countries=("KG",)).country is None
