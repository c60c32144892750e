"""Uzbek boilerplate in both of its scripts: every pattern has a line here, and no line is cut out of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from acca_crawler.extract import extract
from acca_crawler.extract.boilerplate import RULES
from acca_crawler.text.language import identify
from acca_crawler.text.transliterate import romanise
from tests.support.neeon import ACCA, BODY, page

URL = "https://acca.media/en/1/x"
APOSTROPHES = "ʻʼ'’‘`"
UZBEK = {
    "author-box": (
        ("Muallif haqida", "Муаллиф ҳақида"),
        ("Muallifning boshqa maqolalari", "Муаллифнинг бошқа мақолалари"),
        ("Muallifning barcha maqolalari", "Муаллифнинг барча мақолалари"),
    ),
    "share-bar": (
        ("Ulashing: Telegram", "Улашинг: Telegram"),
        ("Ulashish", "Улашиш"),
    ),
    "read-also": (
        ("Oʻqing: Qamoqda vafot etdi", "Ўқинг: Қамоқда вафот этди"),
        ("Oʻqinglar: Qamoqda vafot etdi", "Ўқинглар: Қамоқда вафот этди"),
        ("Shuningdek oʻqing: Qamoqda vafot etdi", "Шунингдек ўқинг: Қамоқда вафот этди"),
        ("Yana oʻqing: Qamoqda vafot etdi", "Яна ўқинг: Қамоқда вафот этди"),
        ("Buni ham oʻqing: Qamoqda vafot etdi", "Буни ҳам ўқинг: Қамоқда вафот этди"),
        ("Batafsil: Qamoqda vafot etdi", "Батафсил: Қамоқда вафот этди"),
        ("Mavzuga oid", "Мавзуга оид"),
        ("Mavzuga oid xabarlar", "Мавзуга оид хабарлар"),
        ("Mavzuga oid maqolalar", "Мавзуга оид мақолалар"),
        ("Avvalroq xabar berganimizdek: Qamoqda vafot etdi", "Аввалроқ хабар берганимиздек: Қамоқда вафот этди"),
    ),
    "comments": (
        ("Izoh qoldiring", "Изоҳ қолдиринг"),
        ("Izoh qoldirish", "Изоҳ қолдириш"),
        ("Izohlar (3)", "Изоҳлар (3)"),
        ("Fikr bildiring", "Фикр билдиринг"),
        ("Fikr bildirish", "Фикр билдириш"),
        ("Fikr qoldiring", "Фикр қолдиринг"),
        ("Fikr qoldirish", "Фикр қолдириш"),
    ),
    "newsletter": (
        ("Yangiliklarimizga obuna boʻling!", "Янгиликларимизга обуна бўлинг!"),
        ("Xabarnomamizga obuna boʻling!", "Хабарномамизга обуна бўлинг!"),
        ("Pochta xabarnomasiga obuna boʻling!", "Почта хабарномасига обуна бўлинг!"),
    ),
    "donation": (
        ("Bizni qoʻllab-quvvatlang!", "Бизни қўллаб-қувватланг!"),
        ("Tahririyatni qoʻllab-quvvatlang!", "Таҳририятни қўллаб-қувватланг!"),
        ("Mustaqil jurnalistikani qoʻllab-quvvatlang!", "Мустақил журналистикани қўллаб-қувватланг!"),
    ),
    "cookie-banner": (
        ("Bu sayt cookie fayllaridan foydalanadi", "Бу сайт cookie файлларидан фойдаланади"),
        ("Bizning saytda cookie fayllari bor", "Бизнинг сайтда cookie файллари бор"),
    ),
    "follow": (("Telegram kanalimizga obuna boʻling!", "Telegram каналимизга обуна бўлинг!"),),
    "skip-link": (
        ("Linklar", "Линклар"),
        ("Asosiy mazmunga oʻtish", "Асосий мазмунга ўтиш"),
        ("Asosiy kontentga oʻtish", "Асосий контентга ўтиш"),
    ),
    "service-line": (
        ("Shoshilinch xabar", "Шошилинч хабар"),
        ("Maqolani tinglash", "Мақолани тинглаш"),
        ("Videoni koʻrish", "Видеони кўриш"),
        ("Brauzeringiz videoni qoʻllab-quvvatlamaydi", "Браузерингиз видеони қўллаб-қувватламайди"),
    ),
    "live-blog": (
        ("Jonli efir", "Жонли эфир"),
        ("Jonli efir tugadi", "Жонли эфир тугади"),
        ("Matnli translyatsiya yakunlandi.", "Матнли трансляция якунланди."),
        ("Yana koʻrsatish", "Яна кўрсатиш"),
        ("Koʻproq koʻrsatish", "Кўпроқ кўрсатиш"),
        ("Yangilandi: 14:05", "Янгиланди: 14:05"),
    ),
    "error-report": (
        ("Xato topdingizmi? Bizga yozing.", "Хато топдингизми? Бизга ёзинг."),
        ("Xatolik topdingizmi? Bizga yozing.", "Хатолик топдингизми? Бизга ёзинг."),
    ),
    "credit": (
        ("Surat: Agentlik", "Сурат: Агентлик"),
        ("Suratlar: Agentlik", "Суратлар: Агентлик"),
        ("Rasm: Agentlik", "Расм: Агентлик"),
    ),
    "advert": (
        ("Reklama huquqi asosida", "Реклама ҳуқуқи асосида"),
        ("Chop etish", "Чоп этиш"),
        ("Havoladan nusxa olish", "Ҳаволадан нусха олиш"),
    ),
    "meta-line": (
        ("Teglar: Toshkent, sud", "Теглар: Тошкент, суд"),
        ("Kalit soʻzlar: Toshkent, sud", "Калит сўзлар: Тошкент, суд"),
        ("Koʻrishlar: 1204", "Кўришлар: 1204"),
        ("Koʻrildi: 1204", "Кўрилди: 1204"),
    ),
}
"""By rule, its Uzbek lines in Latin and in Cyrillic script."""

OTHERS = {
    "donate", "tik tok", "реклама", "коллаж", "онлайн", "биздин", "мазмунга", "жарнама", "таблиғот", "калидвожаҳо",
    "инчунин", "паҳн кунед", "пахши зинда", "пахши мустақим", "қаблан хабар дода будем",
    "your browser does not support ваш браузер не поддерживает", "listen to слушать this article story статью новость",
}  # fmt: skip
"""Parts of patterns in other languages that look Uzbek, being this short."""

PAIRS = [(rule, latin, cyrillic) for rule, pairs in UZBEK.items() for latin, cyrillic in pairs]


@pytest.mark.parametrize(("rule", "latin", "cyrillic"), PAIRS)
def test_a_line_is_stripped_in_both_scripts_and_with_every_apostrophe(rule: str, latin: str, cyrillic: str) -> None:
    assert plain(romanise(cyrillic, "uz-Cyrl")) == plain(latin), "the two are not the same line"
    for line in (cyrillic, *(latin.replace("ʻ", one) for one in APOSTROPHES)):
        got = extract(page([*BODY, line]), URL, outlet=ACCA)
        assert got.paragraphs == BODY
        assert (rule, line) in [(piece.rule, piece.text) for piece in got.stripped]


@pytest.mark.parametrize(("rule", "latin", "cyrillic"), PAIRS)
def test_a_sentence_that_quotes_the_line_stays(rule: str, latin: str, cyrillic: str) -> None:
    for sentence in (
        f"Guvohning aytishicha, devorda “{latin}” degan yozuv ham bor edi.",
        f"Гувоҳнинг айтишича, деворда “{cyrillic}” деган ёзув ҳам бор эди.",
    ):
        assert extract(page([*BODY, sentence]), URL, outlet=ACCA).paragraphs == (*BODY, sentence)


def test_every_uzbek_part_of_a_pattern_has_a_line_that_needs_it() -> None:
    missing = []
    for rule in RULES:
        lines = [line for pair in UZBEK.get(rule.name, ()) for line in pair]
        for start, end in alternatives(rule.pattern or ""):
            part = rule.pattern[start:end]
            without = re.compile(rule.pattern[:start] + r"\0" + rule.pattern[end:])
            if is_uzbek(part) and all(without.fullmatch(line) for line in lines):
                missing.append(f"{rule.name}: {part}")
    assert missing == [], "add lines to UZBEK, in both scripts"


def is_uzbek(part: str) -> bool:
    """Whether a part of a pattern looks like Uzbek words."""
    words = " ".join(re.findall(r"[^\W\d]{2,}", re.sub(r"\\\w|\(\?\w*", " ", part.replace(f"[{APOSTROPHES}]", "ʻ"))))
    return len(words) > 3 and words not in OTHERS and identify(words) in ("uz", "uz-Cyrl")


def alternatives(pattern: str) -> Iterator[tuple[int, int]]:
    """Yield where each alternative of a pattern starts and ends, those of its groups included."""
    open_groups: list[list[int]] = [[0]]
    for token in re.finditer(r"\\.|\[(?:\\.|[^\]])*\]|\(\?[a-z]+\)|\((?:\?[:=!])?|[|)]", pattern):
        if token[0] == "|":
            open_groups[-1].append(token.end())
        elif token[0] == ")":
            yield from _spans(open_groups.pop(), token.start())
        elif token[0].startswith("(") and not token[0].endswith(")"):
            open_groups.append([token.end()])
    yield from _spans(open_groups.pop(), len(pattern))


def _spans(starts: list[int], end: int) -> Iterator[tuple[int, int]]:
    if len(starts) > 1:
        yield from zip(starts, [*(start - 1 for start in starts[1:]), end], strict=True)


def plain(line: str) -> str:
    """The line with one kind of apostrophe, in lower case."""
    return re.sub(f"[{APOSTROPHES}]", "'", line).casefold()
