"""A naive scraper's dump taken apart into the article and what stood around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from acca_crawler.exceptions import ImportFileError
from acca_crawler.extract import extract
from acca_crawler.importing import read_text_dump
from tests.support.neeon import ACCA, BODY, TITLE, page

CATEGORIES = ("Central Asia", "Kazakhstan", "News", "Torture", "Torture Kazakhstan")
ABOVE = "20.08.2022\nCentral Asia Kazakhstan News Torture Torture Kazakhstan"
BELOW = """Leave feedback about this

  • Актуальность
  • Полезность

PROS

+
Add Field

CONS

+
Add Field
ACCA

administrator
We cover all cases of torture and human rights violations in five countries.

Any person from five countries who believes that his rights have been violated can apply to us for help.

Skip to content
"""
DUMP = "\n\n".join((ABOVE, TITLE, *BODY, BELOW))


def test_article_is_whole_and_the_boilerplate_is_named() -> None:
    got = read_text_dump(DUMP.encode(), outlet=ACCA)
    assert got.title == TITLE
    assert got.paragraphs == BODY
    assert got.categories == CATEGORIES
    assert got.printed_date == "2022-08-20"
    assert got.published is None
    rules = {piece.text: piece.rule for piece in got.stripped}
    assert rules["Leave feedback about this"] == rules["• Полезность"] == rules["CONS"] == "review-widget"
    assert rules["administrator"] == rules["ACCA"] == "author-box"
    assert rules["We cover all cases of torture and human rights violations in five countries."] == "author-box"
    assert rules["Skip to content"] == "skip-link"
    assert [rule for text, rule in rules.items() if text.startswith("Any person")] == ["appeal"]


def test_nothing_is_lost() -> None:
    """Every word of the dump is in the article or in what was stripped."""
    got = read_text_dump(DUMP.encode(), outlet=ACCA)
    kept = " ".join((got.printed_date or "", *got.categories, got.title, got.text, *(p.text for p in got.stripped)))
    assert sorted(set(DUMP.split()) - {"20.08.2022"} - set(kept.split())) == []


def test_page_of_the_theme_gives_the_same_bytes() -> None:
    dump = read_text_dump(DUMP.encode(), outlet=ACCA)
    assert extract(page(), "https://acca.media/en/1/x", outlet=ACCA).text.encode() == dump.text.encode()


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-16", "utf-8-sig"])
def test_dumps_in_the_regions_encodings(encoding: str) -> None:
    text = "20.08.2022\n\nВ придуманном городе задержан человек\n\nЕго держали две ночи без адвоката.\r\n"
    got = read_text_dump(text.encode(encoding), outlet=ACCA)
    assert (got.title, got.text) == ("В придуманном городе задержан человек", "Его держали две ночи без адвоката.")


def test_author_box_without_a_form_before_it() -> None:
    dump = "\n".join((TITLE, *BODY, "Aibek Sample", "Editor", "Aibek writes about torture."))
    got = read_text_dump(dump.encode(), outlet=ACCA)
    assert got.paragraphs == BODY
    assert {piece.rule for piece in got.stripped} == {"author-box"}


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    wrapped = "The prosecutor of an invented town has charged three guards with\ntorture, his spokesman said on Monday."
    got = read_text_dump(f"A title\n\n{wrapped}\n\nSecond.".encode(), outlet=ACCA)
    assert got.paragraphs == (wrapped.replace("\n", " "), "Second.")


def test_address_line_above_the_title() -> None:
    got = read_text_dump(f"https://acca.media/en/x\n{TITLE}\n{BODY[0]}".encode(), outlet=ACCA)
    assert (got.url, got.title) == ("https://acca.media/en/x", TITLE)


@pytest.mark.parametrize("data", [b"Skip to content\n", TITLE.encode(), f"{TITLE}\n\nSkip to content".encode()])
def test_dump_without_an_article_says_so(data: bytes) -> None:
    with pytest.raises(ImportFileError, match="no article found"):
        read_text_dump(data, outlet=ACCA)


@pytest.mark.shared
def test_the_seed(shared: Path) -> None:
    data = (shared / "data/seed-article.txt").read_bytes()
    got = read_text_dump(data, outlet=ACCA)
    assert got.title == "Kazakhstan: 9 law enforcement officers were detained on suspicion of torture"
    assert len(got.paragraphs) == 11
    assert got.text.endswith("the Ombudsman’s Office of Kazakhstan noted in its statement.")
    source = " ".join(data.decode().split())
    assert [source.index(paragraph) for paragraph in got.paragraphs] == sorted(
        source.index(paragraph) for paragraph in got.paragraphs
    )
    body = source[source.index("The Prosecutor General") : source.index("Leave feedback")].split()
    assert got.text.split() == body
    assert got.categories == CATEGORIES
    assert (got.printed_date, got.published) == ("2022-08-20", None)
    for word in ("feedback", "Актуальность", "PROS", "administrator", "apply to us", "Skip to", "following us"):
        assert word not in got.text
