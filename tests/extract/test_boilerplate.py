"""What rules strip, and what they must leave."""

from __future__ import annotations

import pytest

from acca_crawler.extract import extract
from acca_crawler.extract.boilerplate import RULES, StripLog, strip_paragraphs
from acca_crawler.extract.paragraphs import Paragraph
from tests.support.neeon import ACCA, BODY, page

URL = "https://acca.media/en/1/x"

STRIPPED = {
    "read-also": (
        "Read also: Three guards are charged",
        "Читайте также: В колонии умер заключённый",
        "ЧИТАЙТЕ ТАКЖЕ",
        "По теме: Суд в Оше",
        "Тағы оқыңыз: Қамауда қайтыс болды",
        "Дагы окуңуз: Камакта каза болду",
        "Шунингдек ўқинг: Қамоқда вафот этди",
        "Shuningdek o‘qing: Qamoqda vafot etdi",
        "Shuningdek oʻqing: Qamoqda vafot etdi",
        "Инчунин хонед: Дар маҳбас даргузашт",
        "Şeýle hem okaň: Türmede aradan çykdy",
        "Yana oʻqing: Qamoqda vafot etdi",
        "Oʻqing: Qamoqda vafot etdi",
        "Batafsil",
        "Боз хонед: Дар маҳбас даргузашт",
        "Тема: Пытки",
        "Ранее мы писали: В колонии умер заключённый",
        "Продолжение■ В колонии умер заключённый 28.11.2026",
    ),
    "follow": (
        "Follow us on Telegram and Facebook!",
        "Подписывайтесь на наш канал в Telegram!",
        "Telegram-каналымызға жазылыңыз!",
    ),
    "skip-link": ("Skip to content", "Перейти к содержимому", "Линктер", "Пайвандҳои дастрасӣ", "Accessibility links"),
    "service-line": ("No media source currently available", "ЧУКУЛ КАБАР!", "Göni efirde", "Шошилинч хабар"),
    "review-widget": ("Leave feedback about this",),
    "comments": ("Leave a Reply", "Добавить комментарий"),
    "newsletter": ("Sign up for our weekly newsletter!", "Подпишитесь на нашу рассылку"),
    "donation": ("Support independent journalism with a small donation.", "Поддержите нашу редакцию!"),
    "cookie-banner": ("This website uses cookies to improve your experience. Accept",),
    "share-bar": ("Поделиться в Facebook и Telegram", "Ulashing: Telegram", "Улашинг"),
    "advert": ("Advertisement", "Реклама"),
    "meta-line": ("Теги: Ош, полиция, суд", "Teglar: Toshkent, sud", "Теглар: Тошкент, суд"),
    "appeal": ("Any person from the region who believes that his rights have been violated can apply to us for help.",),
}
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
)


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in STRIPPED.items() for line in lines])
def test_line_is_stripped_under_its_rule(rule: str, line: str) -> None:
    got = extract(page([*BODY, line]), URL, outlet=ACCA)
    assert got.paragraphs == BODY
    assert (rule, line) in [(piece.rule, piece.text) for piece in got.stripped]


@pytest.mark.parametrize("line", KEPT)
def test_sentence_that_speaks_of_it_stays(line: str) -> None:
    assert extract(page([*BODY, line]), URL, outlet=ACCA).paragraphs == (*BODY, line)


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
