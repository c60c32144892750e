"""A later stage of a case is an update of its story, in every language that the outlets write in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acca_crawler.dedup.developments import developments
from tests.support.newsstand import Newsstand, Sample

ARREST = {
    "en": (
        "Activist Nurbek Satarov was detained in Tokmok. His lawyer said that police officers beat Nurbek Satarov and "
        "tortured him with electric shocks to obtain a confession. Prosecutors are checking the complaint of torture."
    ),
    "ru": (
        "Активиста Нурбека Сатарова задержали в Токмоке. Адвокат заявил, что в милиции Нурбека Сатарова избили и "
        "пытали током, требуя признания. Прокуратура проверяет заявление о пытках."
    ),
    "kk": (
        "Белсенді Нұрбек Сатаров Тоқмоқта ұсталды. Адвокаты полицейлер Нұрбек Сатаровты ұрып-соғып, токпен "
        "азаптап, мойындатпақ болғанын айтты. Прокуратура азаптау туралы арызды тексеріп жатыр."
    ),
    "ky": (
        "Активист Нурбек Сатаров Токмокто кармалды. Адвокаты милиция кызматкерлери Нурбек Сатаровду сабап, ток менен "
        "кыйнап, мойнуна алдырмак болгонун айтты. Прокуратура кыйноо тууралуу арызды текшерип жатат."
    ),
    "tg": (
        "Фаъол Нурбек Сатторов дар Тӯкмоқ боздошт шуд. Вакили дифоъ гуфт, ки кормандони милитсия Нурбек Сатторовро "
        "лату кӯб ва бо барқ шиканҷа карданд. Прокуратура аризаи шиканҷаро месанҷад."
    ),
    "uz": (
        "Faol Nurbek Sattorov Toʻqmoqda hibsga olindi. Advokatining aytishicha, militsiya xodimlari Nurbek Sattorovni "
        "urib, tok bilan qiynoqqa solgan. Prokuratura qiynoq haqidagi arizani tekshirmoqda."
    ),
    "tk": (
        "Işjeň Nurbek Sataryow Tokmokda tussag edildi. Aklawjysynyň aýtmagyna görä, polisiýa işgärleri Nurbek "
        "Sataryowy urup, tok bilen gynapdyr. Prokuratura gynamak baradaky arzany barlaýar."
    ),
}
LATER = {
    "en": {
        "plea": "Nurbek Satarov pleaded partly guilty in Tokmok. He told the court that police tortured him.",
        "testimony": "Activist Nurbek Satarov testified in court in Tokmok that police had tortured him.",
        "demand": "Prosecutors in Tokmok sought seven years for activist Nurbek Satarov, whom police tortured.",
        "last_word": "Activist Nurbek Satarov, tortured by police in Tokmok, made his final statement.",
        "verdict": "Activist Nurbek Satarov, whom police in Tokmok tortured with electric shocks, was found guilty.",
        "sentence": "Activist Nurbek Satarov, whom police in Tokmok tortured, was sentenced to six years in prison.",
        "acquittal": "A court in Tokmok acquitted activist Nurbek Satarov, whom police tortured with electric shocks.",
        "appeal": "Activist Nurbek Satarov, whom police in Tokmok tortured, has appealed the verdict.",
        "release": "Activist Nurbek Satarov, whom police in Tokmok tortured with electric shocks, has been released.",
        "transfer": "Activist Nurbek Satarov, tortured by police in Tokmok, was transferred to a prison hospital.",
    },
    "ru": {
        "plea": "Нурбек Сатаров в Токмоке частично признал вину. Он заявил суду, что в милиции его пытали током.",
        "testimony": "Активист Нурбек Сатаров дал показания в суде Токмока: в милиции его пытали током.",
        "demand": "Прокурор в Токмоке запросил семь лет колонии активисту Нурбеку Сатарову, которого пытали.",
        "last_word": "Активист Нурбек Сатаров, которого пытали в милиции Токмока, выступил с последним словом.",
        "verdict": "Активиста Нурбека Сатарова, которого пытали током в милиции Токмока, суд признал виновным.",
        "sentence": "Активиста Нурбека Сатарова, которого пытали током в милиции Токмока, приговорили к шести годам.",
        "acquittal": "Суд в Токмоке оправдал активиста Нурбека Сатарова, заявившего о пытках током в милиции.",
        "appeal": "Активист Нурбек Сатаров, заявивший о пытках током в милиции Токмока, подал апелляционную жалобу.",
        "release": "Активист Нурбек Сатаров, заявивший о пытках током в милиции Токмока, вышел на свободу.",
        "transfer": "Активиста Нурбека Сатарова, которого пытали током в милиции Токмока, этапировали в колонию.",
    },
    "kk": {
        "plea": "Нұрбек Сатаров Тоқмоқта кінәсін ішінара мойындады. Ол полицейлер өзін токпен азаптағанын айтты.",
        "testimony": "Белсенді Нұрбек Сатаров Тоқмоқта сотта жауап берді: полицейлер оны токпен азаптаған.",
        "demand": "Прокурор Тоқмоқта азапталған Нұрбек Сатаровты жеті жылға бас бостандығынан айыруды сұрады.",
        "last_word": "Тоқмоқта полицейлер токпен азаптаған белсенді Нұрбек Сатаров сотта соңғы сөзін айтты.",
        "verdict": "Тоқмоқта полицейлер токпен азаптаған белсенді Нұрбек Сатаровқа сот үкім шығарды.",
        "sentence": "Тоқмоқта полицейлер токпен азаптаған Нұрбек Сатаров алты жылға бас бостандығынан айырылды.",
        "acquittal": "Тоқмоқ соты полицейлер токпен азаптаған белсенді Нұрбек Сатаровты ақтап шықты.",
        "appeal": "Тоқмоқта полицейлер токпен азаптаған белсенді Нұрбек Сатаров үкімге шағым түсірді.",
        "release": "Тоқмоқта полицейлер токпен азаптаған белсенді Нұрбек Сатаров бостандыққа шықты.",
        "transfer": "Тоқмоқта полицейлер токпен азаптаған белсенді Нұрбек Сатаров түрмеге ауыстырылды.",
    },
    "ky": {
        "plea": "Нурбек Сатаров Токмокто күнөөсүн жарым-жартылай мойнуна алды. Ал милиция ток менен кыйнаганын айтты.",
        "testimony": "Активист Нурбек Сатаров Токмокто сотто көрсөтмө берди: милиция аны ток менен кыйнаган.",
        "demand": "Прокурор Токмокто кыйналган активист Нурбек Сатаровду жети жылга эркинен ажыратууну сурады.",
        "last_word": "Токмокто милиция ток менен кыйнаган активист Нурбек Сатаров акыркы сөзүн айтты.",
        "verdict": "Токмокто милиция ток менен кыйнаган активист Нурбек Сатаровго сот өкүм чыгарды.",
        "sentence": "Токмокто милиция ток менен кыйнаган активист Нурбек Сатаров алты жылга эркинен ажыратылды.",
        "acquittal": "Токмок соту милиция ток менен кыйнаган активист Нурбек Сатаровду актап чыкты.",
        "appeal": "Токмокто милиция ток менен кыйнаган активист Нурбек Сатаров өкүмгө даттанды.",
        "release": "Токмокто милиция ток менен кыйнаган активист Нурбек Сатаров эркиндикке чыкты.",
        "transfer": "Токмокто милиция ток менен кыйнаган активист Нурбек Сатаров түрмөгө которулду.",
    },
    "tg": {
        "plea": "Нурбек Сатторов дар Тӯкмоқ ба гуноҳи худ иқрор шуд. Ӯ гуфт, ки дар милитсия бо барқ шиканҷа шудааст.",
        "testimony": "Фаъол Нурбек Сатторов дар суд шаҳодат дод, ки дар милитсияи Тӯкмоқ ӯро бо барқ шиканҷа карданд.",
        "demand": "Прокурор барои Нурбек Сатторов, ки дар Тӯкмоқ шиканҷа шуд, ҳафт соли зиндон талаб кард.",
        "last_word": "Фаъол Нурбек Сатторов, ки дар милитсияи Тӯкмоқ шиканҷа шудааст, сухани охирини худро гуфт.",
        "verdict": "Фаъол Нурбек Сатторов, ки дар милитсияи Тӯкмоқ шиканҷа шудааст, маҳкум шуд.",
        "sentence": "Фаъол Нурбек Сатторов, ки дар милитсияи Тӯкмоқ шиканҷа шудааст, ба шаш соли зиндон маҳкум шуд.",
        "acquittal": "Додгоҳи Тӯкмоқ фаъол Нурбек Сатторовро, ки дар милитсия шиканҷа шудааст, сафед кард.",
        "appeal": "Фаъол Нурбек Сатторов, ки дар милитсияи Тӯкмоқ шиканҷа шудааст, аз болои ҳукм шикоят кард.",
        "release": "Фаъол Нурбек Сатторов, ки дар милитсияи Тӯкмоқ шиканҷа шудааст, аз ҳабс озод шуд.",
        "transfer": "Фаъол Нурбек Сатторов, ки дар милитсияи Тӯкмоқ шиканҷа шудааст, ба зиндон интиқол дода шуд.",
    },
    "uz": {
        "plea": "Nurbek Sattorov Toʻqmoqda aybini qisman tan oldi. U militsiyada tok bilan qiynoqqa solinganini aytdi.",
        "testimony": "Faol Nurbek Sattorov sudda koʻrsatma berdi: Toʻqmoqda militsiya uni tok bilan qiynagan.",
        "demand": "Prokuror Toʻqmoqda qiynalgan Nurbek Sattorovni yetti yilga ozodlikdan mahrum qilishni soʻradi.",
        "last_word": "Toʻqmoqda militsiya qiynoqqa solgan faol Nurbek Sattorov soʻnggi soʻzini aytdi.",
        "verdict": "Toʻqmoqda militsiya qiynoqqa solgan faol Nurbek Sattorovga sud hukm oʻqidi.",
        "sentence": "Toʻqmoqda militsiya qiynoqqa solgan faol Nurbek Sattorov olti yilga ozodlikdan mahrum qilindi.",
        "acquittal": "Toʻqmoq sudi militsiya qiynoqqa solgan faol Nurbek Sattorovni oqladi.",
        "appeal": "Toʻqmoqda militsiya qiynoqqa solgan faol Nurbek Sattorov hukm ustidan shikoyat qildi.",
        "release": "Toʻqmoqda militsiya qiynoqqa solgan faol Nurbek Sattorov ozodlikka chiqdi.",
        "transfer": "Toʻqmoqda militsiya qiynoqqa solgan faol Nurbek Sattorov koloniyaga koʻchirildi.",
    },
    "tk": {
        "plea": "Nurbek Sataryow Tokmokda günäsini boýun aldy. Ol polisiýada tok bilen gynalandygyny aýtdy.",
        "testimony": "Işjeň Nurbek Sataryow kazyýetde görkezme berdi: Tokmokda polisiýada ony tok bilen gynapdyrlar.",
        "demand": "Prokuror Tokmokda gynalan Nurbek Sataryow üçin ýedi ýyl azatlykdan mahrum etmegi sorady.",
        "last_word": "Tokmokda polisiýada tok bilen gynalan işjeň Nurbek Sataryow soňky sözüni aýtdy.",
        "verdict": "Tokmokda polisiýada gynalan işjeň Nurbek Sataryowa kazyýet höküm çykardy.",
        "sentence": "Tokmokda polisiýada gynalan işjeň Nurbek Sataryow alty ýyl azatlykdan mahrum edildi.",
        "acquittal": "Tokmok kazyýeti polisiýada tok bilen gynalan işjeň Nurbek Sataryowy aklady.",
        "appeal": "Tokmokda polisiýada tok bilen gynalan işjeň Nurbek Sataryow hökümden şikaýat etdi.",
        "release": "Tokmokda polisiýada tok bilen gynalan işjeň Nurbek Sataryow azatlyga çykdy.",
        "transfer": "Tokmokda polisiýada tok bilen gynalan işjeň Nurbek Sataryow türmä geçirildi.",
    },
}
VICTIM = {
    "en": "Police in Tokmok tortured activist Nurbek Satarov and also Chyngyz Orozaliev, the lawyer said.",
    "ru": "В милиции Токмока пытали не только активиста Нурбека Сатарова, но и Чынгыза Орозалиева, сказал адвокат.",
    "kk": "Тоқмоқта полицейлер белсенді Нұрбек Сатаровпен бірге Шыңғыс Оразәлиевті де азаптаған, деді адвокат.",
    "ky": "Токмокто милиция активист Нурбек Сатаров менен кошо Чынгыз Орозалиевди да кыйнаган, деди адвокат.",
    "tg": "Дар милитсияи Тӯкмоқ ба ҷуз фаъол Нурбек Сатторов Чингиз Урозалиевро низ шиканҷа карданд, гуфт вакил.",
    "uz": "Toʻqmoqda militsiya faol Nurbek Sattorovdan tashqari Chingiz Oʻrozaliyevni ham qiynagan, dedi advokat.",
    "tk": "Tokmokda polisiýa işjeň Nurbek Sataryow bilen bile Çyňgyz Orazalyýewi hem gynapdyr, diýdi aklawjy.",
}
STAGES = [(language, stage) for language, stages in LATER.items() for stage in stages]
WEEKS_LATER = "2026-11-15T10:00:00Z"


def arrest(newsstand: Newsstand, language: str) -> Sample:
    """Store the report of the arrest."""
    report = Sample("first", "Nurbek", ARREST[language], language, published="2026-11-01T10:00:00Z")
    newsstand.store(report)
    return report


@pytest.mark.parametrize(("language", "stage"), STAGES)
def test_a_later_stage_is_an_update_of_the_story(newsstand: Newsstand, language: str, stage: str) -> None:
    arrest(newsstand, language)
    later = newsstand.store(Sample("first", "", LATER[language][stage], language, published=WEEKS_LATER))
    first, member = newsstand.story(later).members
    assert (first.relation, member.relation) == ("first", "follow-up")
    assert newsstand.alerts() == ["new", "update"]
    assert stage in {news.value for news in member.news}


IN_CUSTODY = {
    "rearrest": {
        "en": "Activist Nurbek Satarov was detained again.",
        "ru": "Активиста Нурбека Сатарова снова задержали.",
        "kk": "Белсенді Нұрбек Сатаров қайта ұсталды.",
        "ky": "Активист Нурбек Сатаров кайра кармалды.",
        "tg": "Фаъол Нурбек Сатторов дубора боздошт шуд.",
        "uz": "Faol Nurbek Sattorov yana hibsga olindi.",
        "tk": "Işjeň Nurbek Sataryow ýene tussag edildi.",
    },
    "hunger_strike": {
        "en": "Nurbek Satarov has gone on hunger strike.",
        "ru": "Нурбек Сатаров объявил голодовку.",
        "kk": "Нұрбек Сатаров аштық жариялады.",
        "ky": "Нурбек Сатаров ачкачылык жарыялады.",
        "tg": "Нурбек Сатторов гуруснанишинӣ эълон кард.",
        "uz": "Nurbek Sattorov ochlik eʼlon qildi.",
        "tk": "Nurbek Sataryow açlyk yglan etdi.",
    },
    "suicide_attempt": {
        "en": "Nurbek Satarov slit his wrists.",
        "ru": "Нурбек Сатаров вскрыл себе вены.",
        "kk": "Нұрбек Сатаров өз-өзіне қол жұмсамақ болды.",
        "ky": "Нурбек Сатаров өз жанын кыйгысы келди.",
        "tg": "Нурбек Сатторов қасди худкушӣ кард.",
        "uz": "Nurbek Sattorov oʻz joniga qasd qilmoqchi boʻldi.",
        "tk": "Nurbek Sataryow özüni öldürmäge synanyşdy.",
    },
}


@pytest.mark.parametrize(("stage", "language"), [(stage, one) for stage, texts in IN_CUSTODY.items() for one in texts])
def test_what_happens_in_custody_is_a_stage(stage: str, language: str) -> None:
    assert [fact.value for fact in developments("", IN_CUSTODY[stage][language], language)] == [stage]


DETAINED = Sample(
    "first",
    "Арестован правозащитник Рамис Шералиев",
    "Суд в Худжанде арестовал на два месяца правозащитника Рамиса Шералиева. Он обвиняется в экстремизме.",
)
TORTURED = (
    "Арестованный в Худжанде правозащитник Рамис Шералиев передал через адвоката, что его пытали: били током и душили."
)
ADDED = {
    "torture": (Sample("second", "Рамис Шералиев сообщил о пытках", TORTURED), "torture"),
    "a brother": (
        Sample("second", "", f"{DETAINED.text} Задержан и его брат Самат Шералиев, его увезли из дома."),
        "Самат Шералиев",
    ),
    "a death told in another language": (
        Sample(
            "second",
            "Huquq himoyachisi Ramis Sheraliyev vafot etdi",
            "Xoʻjandda ikki oyga hibsga olingan huquq himoyachisi Ramis Sheraliyev vafot etdi, dedi uning onasi.",
            "uz",
        ),
        "death",
    ),
    "a death on the same page": (replace(DETAINED, text=f"{DETAINED.text} Вечером он скончался в СИЗО."), "death"),
}


@pytest.mark.parametrize("what", ADDED)
def test_what_was_not_known_of_the_case_is_an_update(newsstand: Newsstand, what: str) -> None:
    report, value = ADDED[what]
    page = replace(DETAINED, identity="page")
    newsstand.store(page)
    report = replace(report, identity="page" if report.outlet == "first" else "another")
    later = newsstand.store(report)
    assert newsstand.alerts() == ["new", "update"]
    assert value in {news.value for member in newsstand.story(later).members for news in member.news}


def test_an_edit_that_adds_nothing_to_the_case_is_no_update(newsstand: Newsstand) -> None:
    page = replace(DETAINED, identity="page")
    for text in (page.text, f"{page.text} Суд длился час, и в зале было тесно, рассказали очевидцы."):
        newsstand.store(replace(page, text=text))
    assert newsstand.alerts() == ["new"]


INTENDED = {
    "en": "Activist Nurbek Satarov, whom police in Tokmok tortured, intends to appeal the verdict.",
    "ru": "Активист Нурбек Сатаров, заявивший о пытках током в милиции Токмока, намерен обжаловать приговор.",
    "kk": "Тоқмоқта полицейлер токпен азаптаған белсенді Нұрбек Сатаров үкімге шағымданбақ.",
    "ky": "Токмокто милиция ток менен кыйнаган активист Нурбек Сатаров өкүмгө даттанганы турат.",
    "uz": "Toʻqmoqda militsiya qiynoqqa solgan faol Nurbek Sattorov hukm ustidan shikoyat qilmoqchi.",
}


@pytest.mark.parametrize("language", INTENDED)
def test_an_appeal_that_is_only_intended_is_none(language: str) -> None:
    assert "appeal" not in {fact.value for fact in developments("", INTENDED[language], language)}


@pytest.mark.parametrize("language", LATER)
def test_what_prosecutors_asked_for_is_no_sentence(language: str) -> None:
    asked, given = LATER[language]["demand"], LATER[language]["sentence"]
    assert {fact.value for fact in developments("", asked, language)} == {"demand"}
    assert "sentence" in {fact.value for fact in developments("", f"{asked}\n{given}", language)}


@pytest.mark.parametrize("language", VICTIM)
def test_a_new_victim_is_an_update_of_the_story(newsstand: Newsstand, language: str) -> None:
    arrest(newsstand, language)
    later = newsstand.store(Sample("first", "", VICTIM[language], language, published=WEEKS_LATER))
    *_, member = newsstand.story(later).members
    assert newsstand.alerts() == ["new", "update"]
    assert "person" in {news.kind for news in member.news}


@pytest.mark.parametrize("language", [language for language in LATER if language != "ru"])
def test_a_stage_reported_in_another_language_is_an_update_too(newsstand: Newsstand, language: str) -> None:
    arrest(newsstand, "ru")
    later = newsstand.store(Sample("second", "", LATER[language]["verdict"], language, published=WEEKS_LATER))
    *_, member = newsstand.story(later).members
    assert newsstand.alerts() == ["new", "update"]
    assert "verdict" in {news.value for news in member.news}


@pytest.mark.parametrize("language", LATER)
def test_the_stage_reported_again_is_no_update(newsstand: Newsstand, language: str) -> None:
    arrest(newsstand, language)
    text = LATER[language]["verdict"]
    for outlet in ("first", "second"):
        newsstand.store(Sample(outlet, "", text, language, published=WEEKS_LATER))
    assert newsstand.alerts() == ["new", "update"]


@pytest.mark.parametrize("language", LATER)
def test_the_sentence_is_news_after_the_verdict_but_not_the_other_way_round(
    newsstand: Newsstand, language: str
) -> None:
    arrest(newsstand, language)
    stages = [LATER[language][stage] for stage in ("verdict", "sentence", "verdict")]
    for outlet, text in zip(("first", "second", "third"), stages, strict=True):
        newsstand.store(Sample(outlet, "", text, language, published=WEEKS_LATER))
    assert newsstand.alerts() == ["new", "update", "update"]


@pytest.mark.parametrize("stage", ["demand", "last_word"])
def test_what_was_before_the_verdict_is_no_news_after_it(newsstand: Newsstand, stage: str) -> None:
    arrest(newsstand, "ru")
    for outlet, one in (("first", "verdict"), ("second", stage)):
        newsstand.store(Sample(outlet, "", LATER["ru"][one], "ru", published=WEEKS_LATER))
    assert newsstand.alerts() == ["new", "update"]


WITNESSES = (
    ("first", "ru", "Активист Нурбек Сатаров дал показания в суде Токмока: его пытали в милиции.", "update"),
    ("first", "ru", "Чынгыз Орозалиев дал показания в суде Токмока о пытках активиста Нурбека Сатарова.", "update"),
    ("second", "ru", "Чынгыз Орозалиев в показаниях подтвердил пытки активиста Нурбека Сатарова в Токмоке.", None),
    ("third", "ky", "Чынгыз Орозалиев Токмокто сотто Нурбек Сатаровду милиция кыйнаганын айтып, көрсөтмө берди.", None),
)


def test_each_person_who_testifies_is_news_once(newsstand: Newsstand) -> None:
    arrest(newsstand, "ru")
    newsstand.store(Sample("first", "", VICTIM["ru"], "ru", published=WEEKS_LATER))
    for outlet, language, text, alert in WITNESSES:
        before = newsstand.alerts()
        newsstand.store(Sample(outlet, "", text, language, published=WEEKS_LATER))
        assert newsstand.alerts() == [*before, *([alert] if alert else [])], text


@pytest.mark.parametrize(
    ("language", "text", "stages"),
    [
        ("ru", "Суд в Ташкенте признал водителя «скорой» виновным в распространении ложной информации.", ["verdict"]),
        ("ru", "Вынесен приговор мужчине, который вёл канал.", ["verdict"]),
        ("ru", "Суд в Карши огласил обвинительный приговор.", ["verdict"]),
        ("ru", "Адвокаты просят вынести справедливый приговор по делу.", []),
        ("ru", "Суд признал троих жителей села невиновными.", ["acquittal"]),
        ("ru", "Нурбек Сатаров в\u00a0суде признал\u00a0вину.", ["plea"]),
        ("ru", "Он признал, что ошибся, и попросил наказать виновных.", []),
        ("ru", "Ошибка была в показаниях счётчика.", []),
        ("uz", "Komissiya suddan 22 nafar ayblanuvchiga insonparvarlik asosida hukm chiqarishni soʻradi.", []),
        ("uz", "Sudning ikkinchi kunida Nurbek Sattorov koʻrsatma berdi.", ["testimony"]),
        ("uz", "Prezident vazirlarga koʻrsatma berdi.", []),
    ],
)
def test_a_stage_is_what_the_sentence_says(language: str, text: str, stages: list[str]) -> None:
    assert [fact.value for fact in developments("", text, language)] == stages


def test_a_translation_in_longer_words_is_no_update(newsstand: Newsstand) -> None:
    short = "Сотрудники ОВД в Андижане пытали током блогера Азамата Турдиева. Он в СИЗО, сказал адвокат."
    longer = (
        "Andijondagi ichki ishlar boshqarmasi xodimlari bloger Azamat Turdiyevni tok bilan qiynoqqa solgan. "
        "U tergov hibsxonasida, dedi advokat."
    )
    assert len(longer) > 1.4 * len(short)
    for outlet, language, text in (("first", "ru", short), ("second", "uz", longer)):
        stored = newsstand.store(Sample(outlet, "", text, language))
    assert len(newsstand.story(stored).members) == 2
    assert newsstand.alerts() == ["new"]


@pytest.mark.parametrize(
    ("law", "alerts"), [("статью 26 Конституции", ["new"]), ("статью 305 Уголовного кодекса", ["new", "update"])]
)
def test_an_article_of_the_constitution_is_no_update(newsstand: Newsstand, law: str, alerts: list[str]) -> None:
    text = "Сотрудники ОВД в Андижане пытали током блогера Азамата Турдиева. Он в СИЗО, сказал адвокат."
    newsstand.store(Sample("first", "", text, "ru"))
    stored = newsstand.store(Sample("second", "", f"{text} Адвокат назвал {law}.", "ru"))
    assert len(newsstand.story(stored).members) == 2
    assert newsstand.alerts() == alerts
