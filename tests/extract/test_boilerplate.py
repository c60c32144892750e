"""What rules strip, and what they must leave."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from acca_crawler.extract import boilerplate, extract
from acca_crawler.extract.boilerplate import RULES, StripLog, strip_paragraphs
from acca_crawler.extract.paragraphs import Paragraph
from tests.support.neeon import ACCA, BODY, page

URL = "https://acca.media/en/1/x"

WRITTEN = tomllib.loads(Path(boilerplate.__file__).with_name("boilerplate.toml").read_text(encoding="utf-8"))["rule"]
STRIPPED = {rule["name"]: rule["strips"] for rule in WRITTEN if "strips" in rule}
"""By rule, lines that it must cut."""
KEPT = (
    "Читайте также наши законы, сказал судья и отложил заседание до вторника.",
    "The court read also the second charge, in which three guards are named.",
    "Follow-up hearings will be held in Osh next week.",
    "The website uses cookies to follow visitors, and the ministry reads them, the report says.",
    "Donations for the lawyer were stolen by the guards, the mother said.",
    "Please donate blood, the hospital asked after the riot in the colony.",
    "He was told to leave feedback about this prison in a book that guards read aloud.",
    "Подписывайтесь, сказал следователь и положил перед ним пустой лист.",
    "Related charges against two officers were dropped.",
    "Share of convicted officers fell to two per cent.",
    "Join us in demanding the release of an invented prisoner.",
    "Any person who believes that his rights have been violated can apply to the ombudsman, Sampleeva said.",
    "Ранее мы писали, что в колонии умер заключённый.",
    "Тема пыток в докладе не поднята.",
    "Продолжение допроса снимали на видео.",
    "Реклама пыток на государственном канале возмутила правозащитников.",
    "Актуальность",
    "Комментарии министерства мы не получили.",
    "Поддержать его пришли сорок человек.",
    "Фото: на нём видно, как охранник бьёт заключённого. Суд отказался смотреть.",
    "Прямой эфир прервали, когда адвокат назвал имена.",
    "Об авторе доноса следствие не говорит.",
    "Нашли ошибку следователя через два года.",
    "Хонед ва хомӯш бошед, гуфт муфаттиш ва варақро пеш гузошт.",
    "Изоҳлар вазирликдан олинмади.",
    "Паҳн кунед, гуфт модари зиндонӣ ва аксҳоро дод.",
    "Калит сўзлар баённомадан ўчирилган.",
    "Мы используем cookie, признал министр, и следим за журналистами.",
    "Была ли эта статья полезной следствию, адвокат не знает.",
    "We use cookies to find them. Then the officers come, the witness said.",
    "Видео/аудио с допроса приобщили к делу, сказал адвокат.",
)


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in STRIPPED.items() for line in lines])
def test_line_is_stripped_under_its_rule(rule: str, line: str) -> None:
    got = extract(page([*BODY, line]), URL, outlet=ACCA)
    assert got.paragraphs == BODY
    assert (rule, line) in [(piece.rule, piece.text) for piece in got.stripped]


@pytest.mark.parametrize("line", KEPT)
def test_sentence_that_speaks_of_it_stays(line: str) -> None:
    assert extract(page([*BODY, line]), URL, outlet=ACCA).paragraphs == (*BODY, line)


@pytest.mark.parametrize("line", [line for lines in STRIPPED.values() for line in lines])
def test_line_in_capitals_is_stripped_too(line: str) -> None:
    assert strip_paragraphs([Paragraph(line.upper())], RULES, StripLog()) == []


def test_links_below_a_bare_heading_go_with_it() -> None:
    log = StripLog()
    found = [
        Paragraph("First."),
        Paragraph("Read also:"),
        Paragraph("Another story", linked=True),
        Paragraph("A third one", linked=True),
        Paragraph("Second."),
        Paragraph("A linked sentence.", linked=True),
    ]
    assert [p.text for p in strip_paragraphs(found, RULES, log)] == ["First.", "Second.", "A linked sentence."]
    assert {piece.rule for piece in log.pieces} == {"read-also"}


def test_every_rule_on_text_has_an_example_that_it_strips() -> None:
    assert {rule.name for rule in RULES if rule.pattern} - set(STRIPPED) == set()


def test_a_rule_has_no_field_that_nobody_reads() -> None:
    for rule in WRITTEN:
        assert rule.keys() <= {"name", "why", "css", "lines", "strips", "uzbek"}, rule["name"]


def test_every_rule_names_itself_and_says_why() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.why
        assert rule.css or rule.pattern


def test_rule_never_takes_the_body_with_it() -> None:
    html = page().replace(
        '<div class="entry-content"><p>', '<div class="related-posts"><div class="entry-content"><p>', 1
    )
    assert BODY[0] in extract(html, URL, outlet=ACCA).text
