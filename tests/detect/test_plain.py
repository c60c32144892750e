"""Text typed without its language's special letters is read too, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from acca_crawler.detect import detect


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", "Полицейлер белсендини бир тауликке камады, адвокатты киргизбеди, дейди анасы."),
        ("kk", "Турмеде туткын кайтыс болды, туыстары денесинде жаракат бар дейди."),
        ("ky", "Милиция кызматкерлери активистти уйунон алып кетип, белумдо токмоктоп, мойнуна алдырышкан."),
        ("tg", "Кормандони милиса блогери чавонро дар шуъба латукуб карда, ба у вакил надодаанд, мегуяд модараш."),
        ("tk", "Polisiya isgarleri aktiwisti oyunden akidip, turmede urup-yenjipdirler, diyip ejesi aydyar."),
    ],
)
def test_dropped_letters_hide_no_report(language: str, text: str) -> None:
    detection = detect(text, language=language)
    assert detection.level == "alert"
    assert all(text[span.start : span.end] == span.quote for span in detection.spans)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", "Биыл астанада жаңа кітапхана ашылды, оқырмандар қуанышты."),
        ("ky", "Бул турмушта ар бир бала окуп, жакшы адам болуп чоңойсо экен деп тилейбиз."),
        ("tg", "Дар бозори шахр нархи картошка ва пиёз имсол хеле арзон шуд, мегӯянд харидорон."),
        ("tk", "Bu yyl bazarda almanyn bahasy arzan boldy, daýhanlar hasyly wagtynda ýygnady."),
    ],
)
def test_ordinary_text_stays_ordinary(language: str, text: str) -> None:
    assert detect(text, language=language).level == "ignore"
