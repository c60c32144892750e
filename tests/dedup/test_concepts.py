"""Reports in two languages are compared by what their words mean."""

from __future__ import annotations

import pytest

from acca_crawler.dedup.concepts import concepts_in
from acca_crawler.dedup.document import Document
from acca_crawler.dedup.relation import relation

DAY = "2026-11-19T10:00:00Z"
WATER = {
    "ru": "В Самарканде прокуратура проверяет качество воды после жалоб жителей. Двенадцать детей попали в больницу "
    "с отравлением.",
    "uz": "Samarqandda prokuratura aholining shikoyatlaridan keyin suv sifatini tekshirmoqda. Oʻn ikki bola zaharlanib "
    "kasalxonaga tushgan.",
    "kk": "Самарқандта прокуратура тұрғындардың шағымынан кейін судың сапасын тексеруде. Он екі бала уланып ауруханаға "
    "түсті.",
    "ky": "Самаркандда прокуратура тургундардын даттануусунан кийин суунун сапатын текшерүүдө. Он эки бала ууланып "
    "ооруканага түштү.",
    "tg": "Дар Самарқанд прокуратура пас аз шикояти сокинон сифати обро месанҷад. Дувоздаҳ кӯдак бо заҳролудшавӣ ба "
    "беморхона афтоданд.",
    "tk": "Samarkantda prokuratura ilatyň şikaýatlaryndan soň suwuň hilini barlaýar. On iki çaga zäherlenip keselhana "
    "düşdi.",
    "en": "In Samarkand prosecutors are checking the quality of water after residents complained. Twelve children were "
    "taken to hospital with poisoning.",
}
STADIUM = "Samarqandda yangi stadion ochildi. Murabbiy jamoaning gʻalabasi va kelgusi mavsum haqida gapirdi."


@pytest.mark.parametrize(
    ("language", "stem", "concept"),
    [("uz", "sifat", "kache"), ("uz", "hukm", "prigo"), ("en", "admit", "prizn"), ("ru", "prizn", None)],
)
def test_a_stem_and_its_concept(language: str, stem: str, concept: str | None) -> None:
    assert concepts_in(language).get(stem) == concept


@pytest.mark.parametrize("language", [language for language in WATER if language != "ru"])
def test_a_translation_without_names_is_found_by_its_meaning(language: str) -> None:
    original, other = (Document("", WATER[code], code, published=DAY) for code in ("ru", language))
    found = relation(original, other)
    assert found is not None
    assert found.kind == "translation"


def test_another_report_of_the_same_town_is_no_translation() -> None:
    assert relation(Document("", WATER["ru"], "ru", published=DAY), Document("", STADIUM, "uz", published=DAY)) is None
