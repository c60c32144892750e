"""Every common Russian word has an example, and short texts without a declared language are read as what they are."""

from __future__ import annotations

import re

import pytest

from acca_crawler.detect import detect, languages
from acca_crawler.detect.detector import NO_LEXICON
from acca_crawler.detect.languages import RUSSIAN_WORD, reading_language
from acca_crawler.text.word_lists import read_word_lists

LANGUAGES = read_word_lists(languages.__file__, "common_words.toml")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_list_has_an_example_that_is_recognised(language: str) -> None:
    words, examples = LANGUAGES[language]["words"], LANGUAGES[language]["examples"]
    assert {text: reading_language(text) for text in examples} == dict.fromkeys(examples, language)
    assert [word for word in words if not any(re.search(rf"(?i)\b{word}\b", text) for text in examples)] == []
    assert [word for word in words if not RUSSIAN_WORD.fullmatch(word)] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Эки адам кармалды", "ky"),
        ("Бишкекте журналист соттолду", "ky"),
        ("Душанбе: рузноманигор боздошт шуд", "tg"),
        ("Бародари фаъол дар ҳабс аст", "tg"),
        ("Toshkentda bloger ushlandi", "uz"),
        ("Blogerga qarshi ish ochildi", "uz"),
        ("Тошкентда блогер ушланди", "uz-Cyrl"),
        ("Žurnalist tussag edildi", "tk"),
        ("Алматыда журналист ұсталды", "kk"),
        ("Журналист задержан в Алматы", "ru"),
        ("A journalist was detained in Almaty", "en"),
    ],
)
def test_a_headline_without_a_declared_language_is_read_as_what_it_is(text: str, language: str) -> None:
    assert reading_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Бишкекте журналист Айбек Асанов кармалды, адвокатын киргизишкен жок",
        "Дар Душанбе рӯзноманигор Фаррух Назаров боздошт шуд, вакилашро роҳ надоданд",
        "Toshkentda bloger Anvar Qodirov qamoqqa olindi, militsiyada uni kaltaklashgan",
    ],
)
def test_a_short_report_without_a_declared_language_is_an_alert_as_with_it(text: str) -> None:
    read_as = reading_language(text)
    assert detect(text).level == detect(text, language=read_as).level == "alert"


OTHERS = {
    "Turkish": "Polis, gazeteciyi gözaltına aldı ve karakolda işkence gördüğünü söyledi.",
    "Turkish headline": "İstanbul'da gösteri sırasında 20 kişi gözaltına alındı",
    "Azerbaijani": "Jurnalist polis bölməsində döyüldüyünü dedi. Məhkəmə onun həbsini uzatdı.",
    "German": "Die Polizei nahm den Journalisten fest. Er wurde im Gefängnis gefoltert, sagt sein Anwalt.",
    "Ukrainian": "Поліція затримала журналіста і побила його у відділку. Суд продовжив арешт.",
    "Tatar": "Полиция журналистны тоткарлады һәм бүлектә кыйнады",
    "Mongolian": "Цагдаа сэтгүүлчийг баривчилж, шоронд тамласан",
    "Arabic": "اعتقلت الشرطة الصحفي وتعرض للتعذيب في السجن",
    "Chinese": "警察逮捕了这名记者，他在狱中遭到酷刑",
    "Georgian": "პოლიციამ ჟურნალისტი დააკავა",
    "Greek": "Η αστυνομία συνέλαβε τον δημοσιογράφο",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_text_in_a_language_that_is_not_ours_is_ignored_for_that_reason(name: str) -> None:
    found = detect(OTHERS[name])
    assert (found.level, found.reasons) == ("ignore", (NO_LEXICON,))
    assert detect(OTHERS[name], title="Polis").reasons == (NO_LEXICON,)


def test_a_text_too_short_to_tell_is_read_by_its_letters() -> None:
    assert reading_language("42") == "en"
    assert reading_language("Їжа") == "ru"


@pytest.mark.parametrize("text", ["Қарақалпақстанда журналист усланды, ҳәм оның ўйи тинтилди", "逮捕された記者"])
def test_a_text_in_none_of_the_languages_is_read_as_none(text: str) -> None:
    assert reading_language(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("Gazeteci gözaltına alındı", "tr"), ("Der Journalist wurde verhaftet", "de"), ("Bişkekde žurnalist", "az")],
)
def test_a_text_declared_to_be_in_another_language_is_not_read_as_english(text: str, language: str) -> None:
    assert reading_language(text, language) is None
    assert reading_language("A journalist was detained in Almaty", language) == "en"
