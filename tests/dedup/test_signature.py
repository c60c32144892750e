"""Signatures are small, the same everywhere, and meet where texts do."""

from __future__ import annotations

import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.dedup.document import Document
from acca_crawler.dedup.signature import MAX_SENTENCES

SENTENCES = [
    "Сотрудники милиции задержали в Нарыне троих жителей села Кара-Суу.",
    "Родственники говорят, что ночью одного из них увезли в больницу со сломанной рукой.",
    "Прокуратура области начала проверку и обещает ответить до пятницы.",
    "Начальник отдела назвал сообщение слухами и отказался встретиться с адвокатом.",
    "Суд рассмотрит жалобу на задержание в понедельник утром.",
]
TEXT = " ".join(SENTENCES)
OTHER = "Завод в Токмоке выпустил первую партию автобусов. Их отправят в три города ещё до конца года."
LONG = " ".join(f"Предложение номер {n} рассказывает о погоде, дорогах и ценах в районе {n * 7}." for n in range(80))


def keys_of(text: str) -> tuple[int, ...]:
    return Document("", text, "ru").signature.keys


def test_a_signature_is_small() -> None:
    assert len(keys_of(LONG * 5)) <= MAX_SENTENCES


def test_another_process_with_another_hash_seed_computes_the_same() -> None:
    code = (
        "import sys; from acca_crawler.dedup.document import Document;"
        "print(Document('', sys.argv[1], 'ru').signature.keys)"
    )
    for seed in ("1", "2"):
        answer = subprocess.run(
            [sys.executable, "-c", code, TEXT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert answer.stdout.strip() == str(keys_of(TEXT))


def test_a_value_that_must_never_change() -> None:
    """Keys are stored: a change to how they are computed means that those of every archive are computed again."""
    assert sum(keys_of(TEXT)) == -19791109699399048308


def test_the_same_words_give_the_same_signature_whatever_their_case_quotes_and_script() -> None:
    assert keys_of(TEXT.upper()) == keys_of(TEXT)
    assert keys_of("Тошкентда уч киши ҳибсга олинди") == keys_of("Toshkentda uch kishi hibsga olindi")


def test_copies_excerpts_and_moved_sentences_share_a_key() -> None:
    keys = set(keys_of(TEXT))
    for copy in (
        " ".join(reversed(SENTENCES)),
        " ".join(SENTENCES[:2]),
        f"{LONG} {SENTENCES[1]} {SENTENCES[2]}"[-2000:],
        TEXT.replace("троих", "трёх").replace("Прокуратура", "Надзорное ведомство").replace("утром", "в десять"),
    ):
        assert keys & set(keys_of(copy))
    assert not keys & set(keys_of(OTHER))


def test_no_words_have_no_keys() -> None:
    assert keys_of(" … ") == keys_of("") == ()


@given(st.text(max_size=400))
def test_any_text_has_a_signature_with_keys_that_sqlite_can_hold(text: str) -> None:
    keys = keys_of(text)
    assert len(set(keys)) == len(keys) <= MAX_SENTENCES * 2
    assert all(-(2**63) <= key < 2**63 for key in keys)
