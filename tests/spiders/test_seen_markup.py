"""Pages in the markup of the sites themselves, with invented people, for the outlets whose standing is "seen".

Written by hand from what is known of each site, not made from the spider's selectors: boilerplate, cards of other
articles, dates of the visit and advertising stand where the sites put them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.extract import extract
from tests.support.desk import ROOT
from tests.support.known import outlets

PAGES = ROOT / "tests" / "fixtures" / "seen"
READ: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "24kg": (
        "https://24.kg/obschestvo/350001_jiteli_vyidumannogo_sela/",
        "Жители выдуманного села ждут ремонта моста",
        "2026-11-20T08:05:00Z",
        (
            "Жители села Мисал второй год ждут ремонта моста, рассказала 24.kg учительница Асель Выдумкова.",
            "По ее словам, весной вода поднялась выше опор.",
            "В районной администрации пообещали «разобраться до декабря».",
        ),
    ),
    "kaktus": (
        "https://kaktus.media/doc/510001_syd_otpystil_vydymannogo_voditelia.html",
        "Суд отпустил выдуманного водителя под подписку",
        "2026-11-19T12:30:00Z",
        (
            "Районный суд отпустил под подписку о невыезде Тимура Образцова.",
            "Адвокат Жибек Примерова сообщила, что ее подзащитного били при задержании.",
            "Милиция на вопросы редакции не ответила.",
        ),
    ),
    "kloop": (
        "https://kloop.kg/blog/2026/11/18/shkolu-v-vydumannom-rajone/",
        "Школу в выдуманном районе закрыли на ремонт",
        "2026-11-18T03:45:00Z",
        (
            "Школу № 99 в выдуманном районе закрыли до весны, сообщил директор Эмиль Образцов.",
            "Куда пойдут дети",
            "Триста учеников займут классы соседней школы – «по очереди».",
            "младшие учатся утром;",
            "старшие учатся днем.",
        ),
    ),
    "vlast": (
        "https://vlast.kz/novosti/70001-vydumannaa-mat-trebuet.html",
        "Выдуманная мать требует расследовать смерть сына в колонии",
        "2026-11-17T06:20:00Z",
        (
            "Мать осужденного Ерлана Примерова требует расследовать его смерть в колонии города Мысал.",
            "«На теле были следы побоев», — сказала она на пресс-конференции.",
            "Комитет уголовно-исполнительной системы обвинения отрицает.",
        ),
    ),
}


@pytest.mark.parametrize("name", READ)
def test_an_article_in_the_site_s_own_markup_is_read_exactly(name: str) -> None:
    url, title, published, paragraphs = READ[name]
    found = extract((PAGES / f"{name}.html").read_bytes(), url, outlet=outlets()[name].outlet)
    assert found.title == title
    assert [line for line in found.text.splitlines() if line] == list(paragraphs)
    assert found.published_at == published
    assert found.method == "selectors"


def test_every_outlet_that_was_seen_has_such_a_page() -> None:
    seen = {name for name, spider in outlets().items() if spider.outlet.verified == "seen"}
    assert seen == READ.keys() == {Path(path).stem for path in PAGES.iterdir()}
