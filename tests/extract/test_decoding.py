"""Pages in the region's encodings: undeclared, wrongly declared, broken."""

from __future__ import annotations

import random

import pytest

from acca_crawler.extract import extract
from acca_crawler.extract.decoding import decode, plausibility

RUSSIAN = (
    "В придуманном городе Жетикара суд рассмотрел жалобу задержанного. По словам адвоката, его держали две ночи "
    "без воды – «как в яме». Прокуратура начала проверку."
)
KOI8 = RUSSIAN.replace("–", "-").replace("«", '"').replace("»", '"')  # what KOI8-R has letters for
TURKMEN = "Aşgabatda oýlanyp tapylan žurnalist üç gün saklanyldy, diýip onuň aklawçysy habar berdi."


def page(text: str, charset: str = "") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>T</title></head><body><article><p>{text}</p></article></body></html>"


@pytest.mark.parametrize("sent", ["utf-8", "utf-8-sig", "windows-1251", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("said", ["", "utf-8", "windows-1251", "koi8-r", "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize("header", [None, "windows-1251", "utf-8"])
def test_any_declaration_over_any_encoding(sent: str, said: str, header: str | None) -> None:
    data = page(KOI8, said).encode(sent)
    assert KOI8 in decode(data, header)


def test_extraction_uses_it() -> None:
    text = f"{RUSSIAN} {RUSSIAN}"
    got = extract(
        page(text, "windows-1251").encode("koi8-r", errors="replace"), "https://x.example/1", encoding="utf-8"
    )
    assert got.text.startswith("В придуманном городе Жетикара суд рассмотрел жалобу")


def test_latin_page_declared_as_cyrillic() -> None:
    assert TURKMEN in decode(page(TURKMEN, "windows-1251").encode("utf-8"))
    french = "Le procès s’est achevé à Bichkek; l’accusé a été relâché après trois années de détention."
    assert french in decode(page(french, "windows-1252").encode("windows-1252"))


@pytest.mark.parametrize("name", ["hex", "rot13", "base64", "zlib", "undefined", "idna", "punycode"])
def test_a_name_that_is_no_encoding_of_text_is_not_believed(name: str) -> None:
    for header, said in ((name, ""), (None, name)):
        assert RUSSIAN in decode(page(RUSSIAN, said).encode("windows-1251"), header)


@pytest.mark.parametrize("taken_for", ["windows-1251", "windows-1252", "latin-1"])
def test_text_that_was_encoded_twice_is_read_as_it_was_meant(taken_for: str) -> None:
    twice = "".join(chr(one) if one in (0x98, 0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes((one,)).decode(taken_for)
                    for one in page(RUSSIAN).encode())  # fmt: skip
    assert RUSSIAN in decode(twice.encode())
    plain = page(f"{RUSSIAN} РЁв, СЌ, Ð, Ñ, РС–РС, {'С–' * 30}")
    assert decode(plain.encode()) == plain


def test_zeros_behind_a_page_make_it_no_utf16() -> None:
    assert RUSSIAN in decode(page(RUSSIAN).encode() + bytes(5000))


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    data = page(RUSSIAN * 3).encode() + "Ж".encode()[:1]
    assert RUSSIAN in decode(data)


def test_short_windows_1251_page_without_declaration() -> None:
    text = "Задержаны двое. Их адвокат не допущен."
    assert text in decode(page(text).encode("windows-1251"))


@pytest.mark.parametrize(("right", "wrong"), [("windows-1251", "koi8-r"), ("koi8-r", "windows-1251")])
def test_plausibility_tells_the_two_apart(right: str, wrong: str) -> None:
    text = KOI8
    assert plausibility(text) == 1.0
    assert plausibility(text.encode(right, "replace").decode(wrong)) < 0.1


@pytest.mark.parametrize("data", [b"", b"\x00", bytes(range(256)), b"\xff\xfe\x00", b"\xef\xbb\xbf", b"\xff" * 5000])
def test_anything_decodes(data: bytes) -> None:
    assert isinstance(decode(data), str)


def test_nothing_is_logged_of_broken_bytes(caplog: pytest.LogCaptureFixture) -> None:
    for seed in range(20):
        decode(b"<html><p>" + random.Random(seed).randbytes(300), "utf-8")
    assert caplog.records == []


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_known_where_hardly_a_byte_is_zero(encoding: str) -> None:
    text = page(RUSSIAN * 10)
    assert decode(text.encode(encoding)) == text


def test_a_block_in_another_encoding_leaves_the_rest_as_it_is() -> None:
    mixed = RUSSIAN.encode() * 2 + RUSSIAN[:60].encode("windows-1251")
    assert decode(mixed).startswith(RUSSIAN * 2)
