"""Posts in Telegram's markup: what is text, what stands beside it, what is stripped."""

from __future__ import annotations

import pytest

from acca_crawler.extract.telegram import number_of, read_post, title_of
from tests.support.channel import OUTLET, post

URL = "https://t.me/sem_dorog/7"


def text_of(body: str) -> str:
    """The text that is read from a post with this markup."""
    return read_post(post(7, body), URL, OUTLET).text


def test_each_line_is_a_paragraph_and_emoji_stay() -> None:
    emoji = '<tg-emoji emoji-id="5"><i class="emoji" style="background-image:url(x)"><b>❗️</b></i></tg-emoji>'
    body = f"{emoji}<b>Задержан журналист</b><br/>Его увезли<br/><br/>в отдел.<blockquote>Так сказал</blockquote>он"
    assert text_of(body) == "❗️Задержан журналист\n\nЕго увезли\n\nв отдел.\n\nТак сказал\n\nон"


def test_a_quoted_reply_is_no_part_of_the_text_and_an_album_has_one_caption() -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/sem_dorog/3"><div class="tgme_widget_message_text '
        'js-message_reply_text">Старый текст</div></a>'
    )
    nested = '<div class="tgme_widget_message_text js-message_text">Новый текст</div>'
    found = read_post(post(7, nested, before=reply), URL, OUTLET)
    assert found.text == "Новый текст"
    assert found.post is not None and found.post.reply_to == "https://t.me/sem_dorog/3"


def test_links_tags_and_captions_are_kept_beside_the_text() -> None:
    body = 'Суд идёт <a href="https://paper.example/1">здесь</a><br/><a href="?q=%23суд">#суд</a>'
    preview = (
        '<a class="tgme_widget_message_link_preview" href="https://paper.example/2">'
        '<div class="link_preview_title">Приговор</div></a>'
    )
    found = read_post(post(7, body, after=preview), URL, OUTLET)
    assert (found.text, found.tags, found.captions) == ("Суд идёт здесь", ("суд",), ("Приговор",))
    assert found.post is not None and found.post.links == ("https://paper.example/1", "https://paper.example/2")
    assert found.published_at == "2026-11-20T08:00:00Z"


def test_an_overview_keeps_the_links_that_separate_its_reports() -> None:
    link = '<br/><a href="https://paper.example/{0}">https://paper.example/{0}</a><br/>'
    assert text_of("Мост открыт" + link.format(1)) == "Мост открыт"
    whole = "".join(f"Отчёт {number}{link.format(number)}" for number in range(3))
    assert text_of(whole).count("https://paper.example/") == 3


def test_a_post_that_is_gone_says_so() -> None:
    page = (
        '<html><body><div class="tgme_widget_message js-widget_message err_message">'
        '<div class="tgme_widget_message_error">Post not found</div></div></body></html>'
    )
    found = read_post(page, URL, OUTLET)
    assert (found.title, found.text, found.post) == ("Post not found", "", None)


STRIPPED = {
    "telegram-signature": ("➖ @gazetauz ➖", "@gazetauz", "t.me/sem_dorog | @sem_dorog_bot", "Канал: @gazetauz_uzb"),
    "telegram-invitation": (
        "👉 Подписывайтесь на наш канал: @sem_dorog", "Подписаться", "Канал на узбекском языке: @gazetauz_uzb",
        "Присоединяйтесь к нам", "Біздің арнаға жазылыңыз", "Каналыбызга катталыңыз", "Kanalimizga obuna boʻling!",
        "Каналимизга обуна бўлинг", "Ба канали мо обуна шавед", "Kanalymyza agza boluň", "Subscribe to our channel",
        "Прислать новость: @sem_dorog_bot",
    ),
    "telegram-networks": ("Telegram | Instagram | YouTube", "Сайт | Facebook | Telegram"),
    "telegram-hashtags": ("#нукусскиесобытия #суд", "#AntiFake_uz_ogohlantiradi"),
    "telegram-link": ("https://www.gazeta.uz/ru/2023/04/08/bukhara/?utm_source=push", "👉 https://paper.example/1"),
    "telegram-emoji": ("➖➖➖", "❗️❗️❗️", "•••"),
}  # fmt: skip

KEPT = (
    "Подпишитесь под обращением в защиту Асанбаева.",
    "Подписка на газету подорожала.",
    "Присоединяйтесь к голодовке, написали заключённые.",
    "Телеграм заблокировали в Туркменистане.",
    "@asanbaev пишет, что его избили в милиции.",
    "#суд над активистом отложили",
    "Суд идёт здесь: https://paper.example/1",
    "Сайт заблокирован.",
    "Канал прорвало у села Кызыл-Суу.",
)


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in STRIPPED.items() for line in lines])
def test_a_tail_is_stripped_under_its_rule(rule: str, line: str) -> None:
    found = read_post(post(7, f"Суд отложили.<br/>{line}"), URL, OUTLET)
    assert [(piece.rule, piece.text) for piece in found.stripped] == [(rule, line)]
    assert found.text == "Суд отложили."


@pytest.mark.parametrize("line", KEPT)
def test_a_sentence_that_only_sounds_like_a_tail_stays(line: str) -> None:
    assert text_of(f"Начало.<br/>{line}") == f"Начало.\n\n{line}"


def test_every_rule_has_an_example() -> None:
    assert {rule.name for rule in OUTLET.boilerplate} == STRIPPED.keys()


def test_a_title_is_the_first_sentence_cut_at_a_word() -> None:
    assert title_of("Суд начался. Он идёт.\n\nДальше") == "Суд начался."
    assert title_of("Заголовок без точки\n\nТекст.") == "Заголовок без точки"
    long = title_of("слово " * 60)
    assert long.endswith("слово…") and len(long) <= 201
    assert title_of("") == ""
    assert title_of("⚡️❗️ «Суд» начался.") == "«Суд» начался."
    assert title_of("❗️❗️❗️\nСуд начался. Он идёт.") == "Суд начался."


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("987", 987),
        ("12.5K", 12_500),
        ("1 240", 1240),
        ("24M", 24_000_000),
        ("", None),
        ("many", None),
        ("1.2.3", None),
    ],
)
def test_view_counts_are_read_as_shown(shown: str, number: int | None) -> None:
    assert number_of(shown) == number
