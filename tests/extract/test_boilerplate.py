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
        "Инчунин хонед: Дар маҳбас даргузашт",
        "Şeýle hem okaň: Türmede aradan çykdy",
        "Batafsil",
        "Боз хонед: Дар маҳбас даргузашт",
        "Тема: Пытки",
        "Ранее мы писали: В колонии умер заключённый",
        "Продолжение■ В колонии умер заключённый 28.11.2026",
        "Бихонед: Дар маҳбас даргузашт",
        "Маводи марбут",
    ),
    "follow": (
        "Follow us on Telegram and Facebook!",
        "Подписывайтесь на наш канал в Telegram!",
        "Telegram-каналымызға жазылыңыз!",
        "Telegram каналыбызга катталыңыз!",
        "Телеграм каналимизга обуна бўлинг!",
        "Ба канали Telegram обуна шавед!",
        "Telegram kanalymyza agza boluň!",
    ),
    "skip-link": (
        "Skip to content",
        "Перейти к содержимому",
        "Линктер",
        "Пайвандҳои дастрасӣ",
        "Accessibility links",
        "Гузариш ба муҳтавои асосӣ",
    ),
    "service-line": (
        "No media source currently available",
        "ЧУКУЛ КАБАР!",
        "Göni efirde",
        "Auto 240p 360p 480p 720p 1080p",
        "0:00 / 3:45",
        "Ваш браузер не поддерживает видео.",
        "Listen to this article",
        "Мақаланы тыңдау",
        "Makalany diňlemek",
        "Мақоларо гӯш кунед",
        "Хабари таъҷилӣ",
        "Видеоро тамошо кунед",
    ),
    "review-widget": ("Leave feedback about this",),
    "comments": (
        "Leave a Reply",
        "Добавить комментарий",
        "Пікір қалдыру",
        "Пикир калтыруу",
        "Шарҳ гузоред",
        "Teswir ýazyň",
        "Назари худро нависед",
    ),
    "newsletter": (
        "Sign up for our weekly newsletter!",
        "Подпишитесь на нашу рассылку",
        "Біздің жаңалықтарымызға жазылыңыз!",
        "Биздин жаңылыктарыбызга катталыңыз!",
        "Ба хабарномаи мо обуна шавед!",
        "Habarnamamyza ýazylyň!",
    ),
    "donation": (
        "Support independent journalism with a small donation.",
        "Поддержите нашу редакцию!",
        "Тәуелсіз журналистиканы қолдаңыз!",
        "Көз карандысыз журналистиканы колдоңуз!",
        "Моро дастгирӣ кунед!",
        "Bizi goldaň!",
    ),
    "cookie-banner": (
        "This website uses cookies to improve your experience. Accept",
        "Наш сайт использует файлы cookie.",
        "Бұл сайт cookie файлдарын пайдаланады",
        "Бул сайт cookie файлдарын колдонот",
        "Ин сомона аз cookie истифода мебарад",
        "Bu saýt cookie faýllaryny ulanýar",
        "Сомонаи мо аз файлҳои cookie истифода мебарад",
    ),
    "share-bar": (
        "Поделиться в Facebook и Telegram",
        "Бөлісу: Telegram",
        "Бөлүшүү",
        "Улашинг",
        "Мубодила",
        "Paýlaş",
        "Паҳн кунед: Telegram",
    ),
    "advert": (
        "Advertisement",
        "Реклама",
        "Жарнама",
        "Reklama",
        "Таблиғот",
    ),
    "meta-line": (
        "Теги: Ош, полиция, суд",
        "Тегтер: Ош, сот",
        "Барчаспҳо: Душанбе, додгоҳ",
        "Bellikler: Aşgabat, kazyýet",
        "Калидвожаҳо: Душанбе, додгоҳ",
        "Кўришлар: 1 204",
    ),
    "appeal": ("Any person from the region who believes that his rights have been violated can apply to us for help.",),
    "live-blog": (
        "Load more updates",
        "Показать ещё",
        "Трансляция завершена.",
        "Обновлено в 14:05",
        "Тікелей эфир",
        "Түз эфир",
        "Пахши зинда",
        "Göni ýaýlym",
        "Бештар нишон диҳед",
        "Навсозӣ шуд: 14:05",
    ),
    "error-report": (
        "Если вы нашли ошибку, выделите фрагмент текста и нажмите Ctrl+Enter.",
        "Found a typo? Tell us.",
        "Қате таптыңыз ба? Бізге жазыңыз",
        "Ката таптыңызбы? Бизге жазыңыз",
        "Xatolik topdingizmi? Ctrl+Enter",
        "Хато топдингизми? Ctrl + Enter",
        "Хато ёфтед? Ба мо нависед",
        "Ýalňyşlyk tapdyňyzmy? Bize ýazyň",
    ),
    "credit": (
        "Photo: an invented agency",
        "Фото: агентство Пример",
        "Сурет: Агенттік",
        "Сүрөт: Агенттик",
        "Акс: Агентӣ",
        "Foto: Agentlik",
        "Наворҳо: Агентӣ",
    ),
    "author-box": (
        "About the author",
        "Об авторе",
        "Автор туралы",
        "Автор жөнүндө",
        "Awtor barada",
        "Дар бораи муаллиф",
        "Дигар мақолаҳои муаллиф",
    ),
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
    "Фото: на нём видно, как охранник бьёт заключённого. Суд отказался смотреть.",
    "Прямой эфир прервали, когда адвокат назвал имена.",
    "Об авторе доноса следствие не говорит.",
    "Нашли ошибку следователя через два года.",
    "Хонед ва хомӯш бошед, гуфт муфаттиш ва варақро пеш гузошт.",
    "Изоҳлар вазирликдан олинмади.",
    "Паҳн кунед, гуфт модари зиндонӣ ва аксҳоро дод.",
    "Калит сўзлар баённомадан ўчирилган.",
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
