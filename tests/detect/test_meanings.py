"""One term is one act with one gloss, and a word that means something else counts for nothing."""

from __future__ import annotations

import pytest

from acca_crawler.detect import detect
from acca_crawler.detect.annotate import annotate
from acca_crawler.detect.country import setting_of
from acca_crawler.detect.detector import shipped_model
from acca_crawler.detect.lexicon import terms_for
from acca_crawler.detect.windows import RuleMatcher
from acca_crawler.items import LANGUAGES

BUNDLES = (
    ("current", "sleep"),
    ("current", "club"),
    ("nails", "suffocation"),
    ("shocks", "nails"),
    ("self-harm", "tied"),
)


def glosses(text: str, language: str) -> set[str]:
    return {found.term.gloss for sentence in annotate(text, "", language).sentences for found in sentence.found}


def groups(text: str, language: str) -> set[str]:
    return {found.term.group for sentence in annotate(text, "", language).sentences for found in sentence.found}


@pytest.mark.parametrize(
    ("text", "language", "gloss"),
    [
        ("В отделе ему не давали спать трое суток.", "ru", "sleep deprivation"),
        ("Через него пропускали ток.", "ru", "electric current"),
        ("Его облили кипятком в камере.", "ru", "boiling water or acid"),
        ("They kept him awake for three nights.", "en", "sleep deprivation"),
        ("They pulled out his nails.", "en", "needles or pulled nails"),
        ("Оны үш күн ұйықтатпады.", "kk", "sleep deprivation"),
        ("Аны үч күн уктатпады.", "ky", "sleep deprivation"),
        ("Ӯро бо барқ шиканҷа карданд.", "tg", "electric current"),
        ("Uni uch kun uxlatmadilar.", "uz", "sleep deprivation"),
        ("Ony üç gün uklatmadylar.", "tk", "sleep deprivation"),
    ],
)
def test_a_method_is_glossed_as_what_was_done(text: str, language: str, gloss: str) -> None:
    found = glosses(text, language)
    assert gloss in found
    assert not found & ({"electric current", "sleep deprivation", "boiling water or acid"} - {gloss})


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_gloss_of_a_method_names_two_acts(language: str) -> None:
    methods = {term.gloss for term in terms_for(language) if term.group == "method"}
    assert len(methods) >= 12
    assert [gloss for gloss in methods for one, other in BUNDLES if one in gloss and other in gloss] == []


@pytest.mark.parametrize(
    ("text", "language", "group"),
    [
        ("Жители собрали подписи за парк.", "ru", "agent"),
        ("Труппа театра едет в Алматы.", "ru", "death"),
        ("В посёлке пропал свет.", "ru", "disappearance"),
        ("Истёк срок годности молока.", "ru", "disappearance"),
        ("Город два дня жил без воды.", "ru", "conditions"),
        ("Издание признало ошибку.", "ru", "pressure"),
        ("Суд назначил ему принудительное лечение от алкоголизма.", "ru", "psychiatric"),
        ("В колонии умер осужденный за изнасилование.", "ru", "method"),
        ("Деньги отправили в Узбекистан почтой.", "ru", "transfer"),
        ("A conference was held in Astana.", "en", "detention"),
        ("Work was carried out at four sites.", "en", "detention"),
        ("Дәріханада бетперде сатылады.", "kk", "detention"),
        ("Бұл жерлерде егін өседі.", "kk", "death"),
        ("Маалыматты ырастоо үчүн министрликке кайрылдык.", "ky", "charge"),
        ("Электр тогуна урунуп бала каза тапты.", "ky", "method"),
        ("Ал топту оюнчуга өткөрүп берди.", "ky", "transfer"),
        ("Расонаҳо навиштанд, ки ӯ ниқоб мепӯшад.", "tg", "detention"),
        ("Qizil Xoch yordam berdi.", "uz", "relative"),
        ("Mahalla faollari koʻchat ekdi.", "uz", "victim_role"),
        ("Adalat komiteti ýygnandy.", "tk", "case"),
        ("Polisiýa bu barada habar berilmegine garaşýar.", "tk", "disappearance"),
        ("Мурунку президент Алмазбек Атамбаев келди.", "ky", "elite_circle"),
        ("Бұрынғы министр қызметінен кетті.", "kk", "elite_circle"),
        ("Sobiq vazir xotin-qizlar qoʻmitasiga keldi.", "uz", "elite_circle"),
        ("Материалы бывшего министра переданы в музей.", "ru", "elite_circle"),
        ("Молдованын жараны келди.", "ky", "victim_role"),
        ("Алардын маалыматына ылайык, жол жабык.", "ky", "policy_event"),
        ("Mollanepes adyndaky teatr açyldy.", "tk", "victim_role"),
        ("Ал жумушунан айдалган.", "ky", "forced_labour"),
        ("U ishidan xursand, ishida ham, ishidagi hamkasblari ham.", "uz", "terror"),
        ("Айылдын активисттери чогулду.", "ky", "victim_role"),
        ("Ауыл белсенділері жиналды.", "kk", "victim_role"),
        ("Oba aktiwistleri ýygnandy.", "tk", "victim_role"),
        ("Фаъолони маҳалла ҷамъ омаданд.", "tg", "victim_role"),
        ("Активисты махалли посадили деревья.", "ru", "victim_role"),
    ],
)
def test_a_word_that_means_something_else_is_no_evidence(text: str, language: str, group: str) -> None:
    assert group not in groups(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Officers in Osh beat the man, his mother told reporters.", "en"),
        ("Сотрудники избили мужчину в Оше, сообщила мать журналистам.", "ru"),
        ("Полицейлер оны ұрды, деп анасы журналистерге айтты.", "kk"),
        ("Милиция аны сабады, деп апасы журналисттерге билдирди.", "ky"),
        ("Militsiya uni kaltakladi, deb onasi jurnalistlarga aytdi.", "uz"),
        ("Polisiýa ony ýenjdi diýip, ejesi žurnalistlere aýtdy, habarçylara aýtdy.", "tk"),
    ],
)
def test_reporters_who_are_only_told_are_no_victims(text: str, language: str) -> None:
    journalists = [gloss for gloss in glosses(text, language) if gloss.startswith("journalist")]
    assert journalists == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("An examination under the Istanbul Protocol confirmed that officers in Osh tortured the detainee.", "en"),
        ("Экспертиза по Стамбульскому протоколу подтвердила, что милиционеры в Оше пытали задержанного.", "ru"),
        ("Справка областной больницы подтверждает: милиционеры в Оше избили задержанного, сломали ему рёбра.", "ru"),
    ],
)
def test_proof_of_an_act_does_not_speak_against_it(text: str, language: str) -> None:
    detection = detect(text, language=language)
    assert detection.level == "alert"
    assert [span.quote for span in detection.against] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Луизиана штатында полиция күдіктіні тұтқынға алды.", "kk"),
        ("Индонезияда полиция адамды кармады.", "ky"),
        ("Дар Бритониё полис мардеро боздошт кард.", "tg"),
        ("Kaliforniyada politsiya erkakni hibsga oldi.", "uz"),
        ("Britaniýada polisiýa bir adamy tussag etdi.", "tk"),
        ("Полиция Каталонии задержала мужчину.", "ru"),
    ],
)
def test_a_foreign_place_is_known_in_the_regions_own_spelling(text: str, language: str) -> None:
    assert set(setting_of(annotate(text, "", language).sentences)) == {"foreign"}


@pytest.mark.parametrize(
    ("text", "language", "gloss"),
    [
        ("Пара сообщила об избиении сотрудниками ОВД.", "ru", "beaten by officers"),
        (
            "Суд вынес решение по делу о связи чиновника с воспитанницей детдома.",
            "ru",
            "residents of a state home abused",
        ),
        ("Учитель английского избил ученика прямо на уроке.", "ru", "teacher beat a pupil"),
        ("Редактору пришлось удалить статью.", "ru", "made to delete what was published"),
        ("Балалар үйінде тәрбиеленушіні ұрған.", "kk", "residents of a state home abused"),
        ("Мугалим окуучуну сабады.", "ky", "teacher beat a pupil"),
        ("Муаллим хонандаро латукӯб кард.", "tg", "teacher beat a pupil"),
        ("Mehribonlik uyi tarbiyalanuvchisini zoʻrlagan.", "uz", "residents of a state home abused"),
        ("Çagalar öýünde terbiýelenýäni urup maýyp etdiler.", "tk", "residents of a state home abused"),
        ("Officials raped girls from an orphanage.", "en", "residents of a state home abused"),
    ],
)
def test_wards_pupils_and_pressure_without_custody_are_recognised(text: str, language: str, gloss: str) -> None:
    assert gloss in glosses(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Тоолуу облуста 200гө жакын киши камакка алынган.", "ky"),
        ("Облыста 70-тен астам адам ұсталды.", "kk"),
        ("Viloyatda 70 dan ortiq kishi ushlandi.", "uz"),
        ("Welaýatda 70-den gowrak adam tutuldy.", "tk"),
        ("Дар вилоят 200 нафар боздошт шуданд.", "tg"),
        ("Речь идёт о задержании порядка 220 человек.", "ru"),
    ],
)
def test_dozens_detained_are_told_from_one_year_and_from_cargo(text: str, language: str) -> None:
    assert "dozens of people detained" in glosses(text, language)
    for number, other in (("Көп унаа", "ky"), ("2019 жылы ол", "kk"), ("2019 yili u", "uz"), ("В 2019 году он", "ru")):
        verb = {"ky": "кармалды", "kk": "ұсталды", "uz": "ushlandi", "ru": "задержан"}[other]
        assert "dozens of people detained" not in glosses(f"{number} {verb}.", other)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Полицейские стреляли резиновыми пулями.", "ru"),
        ("Журналистке желим ок тийди.", "ky"),
        ("Полиция резеңке оқтар атты.", "kk"),
        ("Militsiya rezina oʻqlar otdi.", "uz"),
        ("Polisiýa rezin oklar atdy.", "tk"),
        ("Милитсия тирҳои резинӣ партофт.", "tg"),
        ("Police fired rubber bullets.", "en"),
    ],
)
def test_rubber_bullets_are_violence_in_every_language(text: str, language: str) -> None:
    assert "rubber bullets" in glosses(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Депутат журналистке каршы доо арызын кайтарып алды.", "ky"),
        ("Депутат отозвал иск к журналисту.", "ru"),
        ("Deputat jurnalistga qarshi daʼvo arizasini qaytarib oldi.", "uz"),
        ("Депутат журналиске қарсы талап арызын қайтарып алды.", "kk"),
        ("Deputat žurnaliste garşy dawasyny yzyna aldy.", "tk"),
    ],
)
def test_a_suit_that_is_withdrawn_presses_nobody(text: str, language: str) -> None:
    book = shipped_model().book
    rules = {
        rule.id
        for window in RuleMatcher(annotate(text, "", language), book).windows()
        for rule in book.named(window.matched)
    }
    assert not rules & {"protected_pressed", "protected_threatened", "protected_person_hurt", "protected_is_object"}
    assert "suit_withdrawn" in rules
