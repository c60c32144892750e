"""What a run wrote down about an outlet is shown in the reader's language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Set
from itertools import product
from pathlib import Path

import pytest

import acca_crawler
from acca_crawler.crawl.run import _ENDED_EARLY
from acca_crawler.i18n.catalogue import language
from acca_crawler.i18n.outlet_messages import MESSAGES, outlet_message
from acca_crawler.ingest.stored_parts import NOT_STORED
from acca_crawler.web.evidence_downloads import TOO_LARGE


@pytest.mark.parametrize(
    ("message", "russian"),
    [
        ("stopped by a signal", "остановлен сигналом"),
        ("pages too heavy to read: 3", "слишком тяжёлых страниц: 3"),
        ("12 of 40 articles have no date", "статей без даты: 12 из 40"),
        (
            "the archive can't be written to: database or disk is full",
            "в архив невозможно записать: database or disk is full",
        ),
        (
            "rest failed: https://a.example/wp-json: HTML instead of JSON; no posts on the page "
            "(last worked on 2026-11-02); feed answered in part, not read: https://a.example/feed: HTTP 500; "
            "and 2 more; 3 of 9 articles have no date",
            "rest: ошибка: https://a.example/wp-json: HTML вместо JSON; на странице нет записей "
            "(последний раз работало 2026-11-02); feed: ответ неполный, "
            "не прочитано: https://a.example/feed: HTTP 500; и ещё 2; статей без даты: 3 из 9",
        ),
        (
            "a.example can't be reached: DNS lookup failed; the rest waits for the next run",
            "a.example недоступен: DNS lookup failed; остальное — в следующем запуске",
        ),
        (
            "capture 7 at offset 5,120: the bytes are not those that were stored",
            "снимок 7, смещение 5,120: содержимое не то, что было сохранено",
        ),
        (
            "capture 7: pruned by rule renderings on 2026-11-02T04:00:00Z",
            "снимок 7: удалён по правилу renderings 2026-11-02T04:00:00Z",
        ),
        (TOO_LARGE, "слишком велик для проверки здесь; его проверяет `acca verify`"),
        (
            "channel team: the environment variable ACCA_HOOK is empty",
            "канал team: переменная окружения ACCA_HOOK пуста",
        ),
        (
            "search: https://a.example/cdx: HTTP 503 in 6 tries",
            "поиск: https://a.example/cdx: HTTP 503; попыток: 6",
        ),
        (
            "https://stamps.example/tsr: no answer: 500 Server Error",
            "https://stamps.example/tsr: нет ответа: 500 Server Error",
        ),
        ("a message that nobody knows", None),
    ],
)
def test_a_message_is_translated_with_its_figures(message: str, russian: str | None) -> None:
    assert outlet_message(message, language("ru")) == russian
    assert outlet_message(message, language("en")) == (message if russian else None)


def test_all_reasons_for_which_a_run_ends_early_are_translated() -> None:
    given = dict.fromkeys(("write_error", "readers_lost", "wait_until", "budget"), "why")
    reasons = [
        text.format(unreachable="x", **given) for name, (_, text) in _ENDED_EARLY.items() if name != "unreachable"
    ]
    assert [text for text in reasons if outlet_message(text, language("ru")) in (None, text)] == []


PACKAGE = Path(acca_crawler.__file__).parent
SERVICES = {"TimestampError", "DeliveryError", "ChannelError", "WebArchiveError"}
NOT_STORED_OF = {"commoncrawl.py", "local.py"}
"""Modules of `acca import`, which prints its errors."""
STORED = {"DiscoveryError", "EmptyList", "HostUnreachable", "AskedToWait", "IgnoreRequest"}
SAMPLES = ("7", "a.example", "https://a.example/x")


def texts(node: ast.expr) -> Iterator[str]:
    """The texts that an argument can be, with samples for its values; none if it comes from elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts) if any(words(part) for part in parts):
            values = [[part.value] if isinstance(part, ast.Constant) else SAMPLES for part in parts]
            yield from ("".join(map(str, one)) for one in product(*values))
        case ast.Subscript(value=inner):
            yield from texts(inner)


def words(part: ast.expr) -> bool:
    """Whether a part of an f-string says something of its own."""
    return isinstance(part, ast.Constant) and re.search("[A-Za-z]", str(part.value)) is not None


def alternatives(node: ast.expr) -> list[ast.expr]:
    """Both sides of a condition."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def stored_errors(packages: Iterable[str], kinds: Set[str]) -> Iterator[tuple[str, list[str]]]:
    """The place and the possible texts of each error of these kinds, which is written down in the archive."""
    for path in (path for package in packages for path in (PACKAGE / package).rglob("*.py")):
        if path.name in NOT_STORED_OF:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds and node.args:
                for alternative in alternatives(node.args[0]):
                    if found := list(texts(alternative)):
                        yield f"{path.name}:{node.lineno}", found


def missing_parts() -> Iterator[tuple[str, list[str]]]:
    """The place and the possible texts of each reason why a further page of an article is missing."""
    for path in (*(PACKAGE / "ingest").rglob("*.py"), *(PACKAGE / "crawl").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "missing" and (found := list(texts(node.value))):
                yield f"{path.name}:{node.value.lineno}", found


def test_why_a_page_of_an_article_is_missing_is_translated() -> None:
    reasons = [*missing_parts(), ("stored_parts.py", [NOT_STORED])]
    assert len(reasons) >= 5
    missing = [place for place, found in reasons if not any(outlet_message(one, language("ru")) for one in found)]
    assert missing == []


@pytest.mark.parametrize(
    ("packages", "kinds", "least"),
    [(("discovery", "crawl"), STORED, 20), (("alerts", "archives", "timestamping"), SERVICES, 15)],
)
def test_what_is_written_down_is_translated(packages: tuple[str, ...], kinds: Set[str], least: int) -> None:
    errors = list(stored_errors(packages, kinds))
    assert len(errors) > least
    missing = [place for place, found in errors if not any(outlet_message(one, language("ru")) for one in found)]
    assert missing == []


def test_the_catalogue_s_own_messages_are_not_taken_for_others() -> None:
    given = {"why": "ConnectionRefusedError", "way": "rest", "status": "failed", "host": "a.example",
             "url": "https://a.example/x", "day": "2026-11-02",
             "moment": "2026-11-02T04:00:00Z"}  # fmt: skip
    for text in MESSAGES:
        names = re.findall(r"{(\w+)}", text)
        values = {name: given.get(name, str(number + 2)) for number, name in enumerate(names)}
        assert outlet_message(text.format(**values), language("ru")) == language("ru").text(text, **values)


def test_a_message_of_a_hostile_server_is_read_to_a_bounded_depth() -> None:
    for text in ("not read: " * 5_000, "can't be read: x; " * 5_000, "http://a: " * 5_000):
        assert outlet_message(text, language("en")) in (text, None)
