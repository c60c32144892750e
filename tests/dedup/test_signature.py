"""Signatures are small, the same everywhere, and meet where texts do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acca_crawler.dedup.signature import Signature, bands, signature, similarity

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


def test_a_signature_survives_storage_and_is_small() -> None:
    stored = signature(TEXT).to_bytes()
    assert Signature.from_bytes(stored) == signature(TEXT)
    assert len(stored) < 400
    assert len(signature(LONG * 5).to_bytes()) < 500


@pytest.mark.parametrize(
    "stored", [b"", b"\x01", signature(TEXT).to_bytes()[:-1], b"\x07" + signature(TEXT).to_bytes()[1:]]
)
def test_what_is_no_signature_is_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="signature"):
        Signature.from_bytes(stored)


def test_another_process_with_another_hash_seed_computes_the_same() -> None:
    code = (
        "import sys; from acca_crawler.dedup.signature import signature, bands;"
        "s = signature(sys.argv[1]); print(s.to_bytes().hex(), bands(s))"
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
        assert answer.stdout.split(" ", 1)[0] == signature(TEXT).to_bytes().hex()
        assert answer.stdout.split(" ", 1)[1].strip() == str(bands(signature(TEXT)))


def test_a_value_that_must_never_change() -> None:
    """Signatures are stored: a change to how they are computed changes `_VERSION` and this line."""
    assert sum(bands(signature(TEXT))) == -37043758405899086639


def test_the_same_words_give_the_same_signature_whatever_their_case_quotes_and_script() -> None:
    assert signature(TEXT.upper()) == signature(TEXT)
    assert signature("Тошкентда уч киши ҳибсга олинди") == signature("Toshkentda uch kishi hibsga olindi")


def test_copies_excerpts_and_moved_sentences_share_a_band() -> None:
    keys = set(bands(signature(TEXT)))
    for copy in (
        " ".join(reversed(SENTENCES)),
        " ".join(SENTENCES[:2]),
        f"{LONG} {SENTENCES[1]} {SENTENCES[2]}"[-2000:],
        TEXT.replace("троих", "трёх").replace("Прокуратура", "Надзорное ведомство").replace("утром", "в десять"),
    ):
        assert keys & set(bands(signature(copy)))
    assert not keys & set(bands(signature(OTHER)))


def test_estimates() -> None:
    whole, half, other = signature(TEXT), signature(" ".join(SENTENCES[:3])), signature(OTHER)
    assert similarity(whole, whole) == 1.0
    assert 0.35 < similarity(whole, half) < 0.9
    assert similarity(whole, other) < 0.1


def test_no_words_match_nothing() -> None:
    empty = signature(" … ")
    assert bands(empty) == ()
    assert similarity(empty, signature("")) == 1.0
    assert similarity(empty, signature(TEXT)) == 0.0


@given(st.text(max_size=400))
def test_any_text_has_a_signature_with_keys_that_sqlite_can_hold(text: str) -> None:
    keys = bands(signature(text))
    assert len(set(keys)) == len(keys) <= 12 + 28 * 2
    assert all(-(2**63) <= key < 2**63 for key in keys)
