"""What a run wrote down about an outlet is shown in the reader's language."""

from __future__ import annotations

import pytest

from acca_crawler.crawl.run import _ENDED_EARLY
from acca_crawler.i18n.catalogue import language
from acca_crawler.i18n.outlet_messages import outlet_message


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
