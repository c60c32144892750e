"""`acca import` of the pages of one article, in any order, from WARC files and as saved files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importing.test_odd_files import HOME, OUTLET, imported, record, titles
from tests.support.desk import Desk
from tests.support.local import article

FIRST = f"{HOME}news/one-long-trial"
TITLE = "One long trial"
TEXTS = {1: "The court opened early.", 2: "The witness spoke of the cell.", 3: "The judge adjourned until May."}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An operator's desk with one outlet."""
    desk = Desk(tmp_path)
    desk.configure(OUTLET)
    return desk


def url(number: int) -> str:
    return FIRST if number == 1 else f"{FIRST}/{number}/"


def page(number: int, head: str = "") -> str:
    """A part of the article, with links to the one before and the one after."""
    links = "".join(
        f'<link rel="{rel}" href="{url(other)}">'
        for rel, other in (("prev", number - 1), ("next", number + 1))
        if other in TEXTS
    )
    return article(TITLE, TEXTS[number], links + head)


def whole(desk: Desk) -> list[bool]:
    text = str(desk.value("SELECT text FROM revisions ORDER BY id DESC LIMIT 1"))
    return [one in text for one in TEXTS.values()]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3)])
def test_the_pages_in_a_warc_file_are_one_article_in_any_order(desk: Desk, order: tuple[int, ...]) -> None:
    imported(desk, *(record(url(number), page(number)) for number in order))
    assert whole(desk) == [True, True, True]
    assert titles(desk) == [(TITLE,)]
    assert desk.tuples("SELECT part, url FROM v_evidence ORDER BY part") == [(n, url(n)) for n in TEXTS]
    desk.acca("verify")
    assert "unchanged" in imported(desk, *(record(url(number), page(number)) for number in order))


@pytest.mark.parametrize("says_where", [True, False])
def test_saved_pages_are_one_article_even_under_the_canonical_address_of_the_first(
    desk: Desk, says_where: bool
) -> None:
    canonical = f'<link rel="canonical" href="{FIRST}">'
    for number in TEXTS:
        comment = f"<!-- saved from url=(0040){url(number)} -->" if says_where else ""
        links = canonical if says_where or number < 3 else ""
        (desk.directory / f"{number}.html").write_text(comment + page(number, links))
    files = ["2.html", "1.html", "3.html"] if says_where else ["2.html", "1.html"]
    desk.acca("import", *files)
    assert whole(desk) == [True, True, says_where]
    assert desk.value("SELECT count(*) FROM articles") == 1


def test_a_part_that_no_file_has_is_missing_and_counted(desk: Desk) -> None:
    imported(desk, record(url(1), page(1)), record(url(3), page(3)))
    assert "INCOMPLETE: page 2" in desk.acca("show", "1")
    assert desk.value("SELECT value FROM run_counts WHERE name = 'part_missing'") == 1


def test_a_part_that_comes_later_joins_the_archived_article(desk: Desk) -> None:
    imported(desk, record(url(1), page(1)))
    imported(desk, record(url(2), page(2)))
    assert whole(desk) == [True, True, False]
    imported(desk, record(url(3), page(3)))
    assert whole(desk) == [True, True, True]
    assert desk.value("SELECT count(*) FROM articles") == 1


def test_a_part_without_its_first_page_is_kept_as_an_article(desk: Desk) -> None:
    imported(desk, record(url(2), page(2)))
    assert whole(desk) == [False, True, False]


def numbered(current: int, head: str = "") -> str:
    """A part of the article with links to the other pages' numbers."""
    numbers = "".join(f"<b>{n}</b>" if n == current else f'<a href="{url(n)}">{n}</a>' for n in TEXTS)
    return article(TITLE, TEXTS[current], head).replace("</article>", f"<div>{numbers}</div></article>")


def test_a_further_page_saved_under_the_first_ones_address_never_replaces_the_article(desk: Desk) -> None:
    imported(desk, *(record(url(number), page(number)) for number in TEXTS))
    canonical = f'<link rel="canonical" href="{FIRST}">'
    saved = {
        "links": numbered(2, canonical),
        "nothing": article(TITLE, TEXTS[3], canonical),
        "title": article(f"{TITLE} - Page 3", TEXTS[3], canonical).replace(f". {TITLE} - Page 3:", f". {TITLE}:"),
    }
    for name, html in saved.items():
        (desk.directory / f"{name}.html").write_text(html)
    assert desk.acca("import", *(f"{name}.html" for name in saved)).count("unchanged") == len(saved)
    assert whole(desk) == [True, True, True]
    assert desk.value("SELECT count(*) FROM revisions") == 1
