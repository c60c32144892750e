"""The block model on pages of our own: what is one article however it is cut up, and what is another's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from acca_crawler.cli import main
from acca_crawler.extract import extract
from acca_crawler.extract.alignment import aligned
from acca_crawler.extract.boilerplate import StripLog
from acca_crawler.extract.class_names import LIST
from acca_crawler.extract.density import read_densest
from acca_crawler.extract.document import parse
from acca_crawler.extract.explain import decisions, explained
from acca_crawler.extract.features import Declared, features
from acca_crawler.extract.generic import MAX_SEARCHED, BlockReading, chosen
from acca_crawler.extract.segments import MAX_BLOCKS, Block, Layout, PlaceColumns, host_of, read_layout
from tests.support.neeon import BODY, TITLE

URL = "https://outlet.example/news/1"
MENU = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(12))
LONG = tuple(
    f"{text} The court of the invented town heard witness number {number}, and the hearing was adjourned until Friday."
    for number, text in enumerate(BODY)
)


def page(inside: str) -> str:
    """A page around an article's markup."""
    return (
        f"<html><head><title>{TITLE}</title></head><body><nav><ul>{MENU}</ul></nav>"
        f"<main><h1>{TITLE}</h1>{inside}</main><footer><p>All rights reserved.</p></footer></body></html>"
    )


def layout(html: str) -> Layout:
    """The layout of a page's body."""
    root = parse(html)
    assert root is not None
    return read_layout(root.find("body"))


def blocks(html: str) -> list[Block]:
    """The blocks of a page's body."""
    return layout(html).blocks


def test_blocks_know_their_surroundings() -> None:
    menu = "<ul><li><a href='/1'>A linked item</a></li></ul>"
    found = blocks(page(f"{menu}<div class='text'><p>One <a href='/x'>link</a>.</p>Loose<br><br>text</div>"))
    assert [block.text for block in found[-5:]] == [
        "A linked item",
        "One link.",
        "Loose",
        "text",
        "All rights reserved.",
    ]
    assert found[0].text == TITLE  # the menu was not read
    assert found[1].marks & LIST
    assert found[1].all_linked
    assert (found[-4].linked, found[-4].links, found[-4].tag) == (4, 1, "p")
    assert found[-3].container == found[-4].container


def test_blocks_know_their_pictures_and_where_their_links_lead() -> None:
    html = page(
        "<div><img src=a.jpg><div>What it shows</div></div><p>A sentence without any.</p>"
        "<p><a href='/news/2024/three-guards-charged'>One</a> <a href='https://www.outlet.example/n/20240428'>Two</a> "
        "<a href='https://other.example/a-report-of-somebody-else'>Three</a> <a href='#top'>Four</a></p>"
    )
    root = parse(html)
    assert root is not None
    found = read_layout(root.find("body"), host=host_of("https://www.outlet.example/news/1")).blocks[-4:-1]
    assert [(block.pictures, block.stories, block.outward) for block in found] == [(1, 0, 0), (1, 0, 0), (1, 2, 1)]


def test_explanation_shows_the_comments_that_were_left_out() -> None:
    body = "".join(f"<p>{text}</p>" for text in LONG)
    html = page(f"<article>{body}</article><div id=comments><p>An opinion of a reader about it.</p></div>")
    found = {one.text: one for one in decisions(html, URL)}
    assert found["An opinion of a reader about it."].reason.startswith("comments: ")
    assert {found[text].outcome for text in LONG} == {"taken"}


@pytest.mark.parametrize(
    ("claimed", "likely", "read"),
    [
        ("", 0.6, True),
        (" ".join(LONG), 0.6, False),
        (" ".join(LONG), 0.9, True),
        ("Its beginning alone. " * 12, 0.6, True),
        (" ".join(LONG) + " And so on." * (MAX_SEARCHED // 40), 0.6, True),
    ],
    ids=["no JSON-LD", "JSON-LD without it", "nearly certain", "JSON-LD of another text", "endless JSON-LD"],
)
def test_text_that_the_json_ld_lacks_is_taken_only_if_nearly_certain(claimed: str, likely: float, read: bool) -> None:
    other = "What else happened in the invented town this week, as our newsletter tells its readers every Friday."
    found = layout(page("".join(f"<p>{text}</p>" for text in (*LONG[:3], other, *LONG[3:]))))
    dense = read_densest(found, PlaceColumns.of(found.places), "")
    chances = [likely if block.text == other else 0.95 if block.text in LONG else 0.0 for block in found.blocks]
    texts = [one.text for one in chosen(BlockReading(found, dense, chances, claimed=claimed), TITLE, StripLog())]
    assert (other in texts) is read
    assert [text for text in texts if text != other] == list(LONG)


def test_features_are_finite_on_odd_blocks() -> None:
    for html in ("<p>x", "<p>1</p>", page(""), page("<p>" + "a" * 50_000), "<a>" + "\u0130" * 3):
        found = layout(f"<html><body>{html}")
        columns = PlaceColumns.of(found.places)
        assert np.isfinite(features(found, columns, read_densest(found, columns, ""), Declared())).all()


def test_blocks_are_bounded() -> None:
    assert len(blocks("<html><body>" + "<p>a" * (MAX_BLOCKS + 500))) == MAX_BLOCKS


def test_body_in_sibling_containers_comes_whole_and_in_order() -> None:
    parts = "".join(f'<div class="chunk"><p>{text}</p></div>' for text in LONG)
    assert extract(page(f"<article>{parts}</article>"), URL).paragraphs == LONG


def test_headline_inside_the_text_is_not_repeated() -> None:
    body = "".join(f"<p>{text}</p>" for text in LONG)
    got = extract(page(f"<article><h2>{TITLE}</h2>{body}</article>"), URL)
    assert (got.title, got.paragraphs) == (TITLE, LONG)


@pytest.mark.parametrize("text", ["A man was held in an invented town.", "Суд арестовал врача на два месяца."])
def test_short_page_is_never_empty(text: str) -> None:
    got = extract(page(f"<div><p>{text}</p></div>"), URL)
    assert text in got.text


def test_alignment_finds_the_articles_blocks() -> None:
    html = page("".join(f"<p>{text}</p>" for text in LONG) + "<p>Another story of quite other words and people.</p>")
    found = blocks(html)
    shares = aligned(found, "\n".join(LONG))
    assert [block.text for block, share in zip(found, shares, strict=True) if share >= 0.5] == list(LONG)


def test_explanation_shows_every_block_escaped() -> None:
    html = page("".join(f"<p>{text}</p>" for text in LONG) + "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")
    outcome = {one.text: one.outcome for one in decisions(html, URL)}
    assert {outcome[text] for text in LONG} == {"taken"}
    assert outcome[" ".join(f"Section {n}" for n in range(12))] == "left"
    assert "<script>" not in explained(html, URL)


def test_extract_command_reads_a_file(tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    saved.write_text(page("".join(f"<p>{text}</p>" for text in LONG)), encoding="utf-8")
    shown = CliRunner().invoke(main, ["extract", str(saved)])
    assert shown.exit_code == 0
    assert f"Title: {TITLE}" in shown.output
    assert LONG[-1] in shown.output
    assert "taken: generic" in CliRunner().invoke(main, ["extract", str(saved), "--explain"]).output
    missing = CliRunner().invoke(main, ["extract", str(tmp_path / "none.html")])
    assert missing.exit_code == 2


@pytest.mark.parametrize(("text", "read"), [("A section of an invented town. " * 12, True), ("A section", False)])
def test_a_menu_is_read_if_one_of_its_texts_is_long(text: str, read: bool) -> None:
    links = "".join(f"<li><a href='/{n}'>Section number {n} of an invented town</a></li>" for n in range(20))
    found = blocks(page(f"<p>{LONG[0]}</p><div class='nav-menu'><ul>{links}</ul><div>{text}</div></div>"))
    assert any(block.text == text.strip() for block in found) is read
