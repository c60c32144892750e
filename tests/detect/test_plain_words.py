"""The plainest sentences about violence by the state's hands: none may ever be missed."""

from __future__ import annotations

import pytest

from acca_crawler.detect import detect

PLAIN = [
    ("en", "The man was beaten by police officers."),
    ("en", "He was beaten at a police station."),
    ("en", "Guards hit him with batons."),
    ("en", "The detainee was tortured by officers."),
    ("en", "A lawyer was assaulted by a police colonel."),
    ("ru", "Мужчину избили полицейские."),
    ("ru", "Задержанный был избит сотрудниками милиции."),
    ("ru", "Его били в отделе полиции."),
    ("ru", "Следователь избил адвоката."),
    ("kk", "Ер адамды полицейлер сабады."),
    ("kk", "Ұсталған адам полиция бөлімінде ұрып-соғылды."),
    ("ky", "Милиция кызматкерлери жигитти сабап салды."),
    ("ky", "Аны милиция бөлүмүндө уруп-согушту."),
    ("tg", "Кормандони милиса мардро латукӯб карданд."),
    ("uz", "Militsiya xodimlari erkakni kaltakladi."),
    ("uz-Cyrl", "Милиция ходимлари эркакни калтаклади."),
    ("tk", "Polisiýa işgärleri erkegi urup-ýençdi."),
    ("tk", "Ony polisiýa bölüminde urdular."),
]


@pytest.mark.parametrize(("language", "text"), PLAIN)
def test_a_plain_sentence_is_enough(language: str, text: str) -> None:
    detection = detect(text, language=language)
    assert detection.level == "alert"
    assert "torture" in detection.categories


def test_words_that_only_begin_like_a_detention_are_none() -> None:
    assert detect("Депутаты предложили увеличить расходы на дороги.", language="ru").level == "ignore"
