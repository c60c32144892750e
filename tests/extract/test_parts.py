"""Which links of a page lead to further parts of its article, and which do not."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring

from acca_crawler.extract import extract
from acca_crawler.extract.parts import (
    MAX_LINKS,
    PartLink,
    declared_first,
    first_part,
    further_parts,
    is_part_address,
    is_same_title,
    part_links,
    possible_firsts,
    skipped_number,
)

SITE = "https://vestnik.example"

NEXT_PARTS = [  # address of the first part, link, address of the second part
    ("/news/trial", '<link rel="next" href="/news/trial?page=2">', "/news/trial?page=2"),
    ("/news/trial", '<a rel="next" href="?page=2">Next</a>', "/news/trial?page=2"),
    ("/news/trial", '<a href="/news/trial?page=1">2</a>', "/news/trial?page=1"),
    ("/news/trial", '<a href="/news/trial?PAGEN_1=2">2</a>', "/news/trial?PAGEN_1=2"),
    ("/news/trial/", '<div class=page-links><span>1</span> <a href="/news/trial/2/">2</a></div>', "/news/trial/2/"),
    ("/news/trial/", '<a href="/news/trial/2/"><span class="page-number">2</span></a>', "/news/trial/2/"),
    ("/news/trial/", '<a href="/news/trial/page/2/">Next page</a>', "/news/trial/page/2/"),
    ("/news/trial", '<a href="/news/trial/page-2">Далее »</a>', "/news/trial/page-2"),
    ("/news/trial", '<a href="/news/trial/page2/">Следующая страница</a>', "/news/trial/page2/"),
    ("/news/trial", '<a href="/news/trial?start=1">2</a>', "/news/trial?start=1"),
    ("/news/trial", '<a href="/news/trial?part=2">Часть 2</a>', "/news/trial?part=2"),
    ("/news/trial", '<a class=next href="/news/trial?p=2">Читать далее: страница 2</a>', "/news/trial?p=2"),
    ("/news/trial.html", '<a href="trial-2.html">2</a>', "/news/trial-2.html"),
    ("/news/trial.html", '<a href="/news/trial_2.html">[2]</a>', "/news/trial_2.html"),
    ("/news/trial.html", '<a href="/news/trial/2.html">Келесі</a>', "/news/trial/2.html"),
    ("/news/trial.html", '<a href="/news/trial-page-2.html">keyingi</a>', "/news/trial-page-2.html"),
    ("/2026/11/28/12-trial.html", '<a href="/2026/11/28/page,1,2,12-trial.html">2</a>',
     "/2026/11/28/page,1,2,12-trial.html"),
    ("/index.php?newsid=7", '<a href="/index.php?newsid=7&amp;page=2">2</a>', "/index.php?newsid=7&page=2"),
    ("/news/trial?utm_source=feed", '<a href="/news/trial?page=2">2</a>', "/news/trial?page=2"),
]  # fmt: skip

OTHER_LINKS = [  # address of an article, link to something else
    ("/news/trial/", '<link rel="next" href="/news/trial-2/">'),  # WordPress: the next post, with a similar slug
    ("/news/trial/", '<link rel="next" href="/news/weather/">'),
    ("/news/123", '<a rel="next" href="/news/124">Next</a>'),
    ("/news/2", '<a rel="next" href="/news/3">Next</a>'),
    ("/news/trial", '<a href="/news?page=2">2</a>'),
    ("/news/trial", '<a href="/?page=2">2</a>'),
    ("/news/trial", '<a href="https://other.example/news/trial?page=2">2</a>'),
    ("/news/trial", '<div id="comments"><a href="/news/trial?page=2">2</a></div>'),
    ("/news/trial", '<a href="/news/trial/comment-page-2/">2</a>'),
    ("/news/trial", '<a href="/news/trial?cpage=2">2</a>'),
    ("/news/trial", '<a href="/news/trial?page=2">In 2026 there were two trials</a>'),
    ("/news/trial", '<a href="/news/trial?page=7">2</a>'),
    ("/news/trial", '<a href="http://[bad/?page=2">2</a>'),
    ("/news/trial", '<a href="/news/trial?page=2">He read the story on page 2</a>'),
    ("/", '<link rel="next" href="/page/2/">'),
    ("/news/trial?id=4", '<a href="/news/trial?id=5">5</a>'),
]


def links_of(link: str, page: str) -> tuple[PartLink, ...]:
    return part_links(
        document_fromstring(f"<html><body><article><p>Text</p></article>{link}</body></html>").iter("link", "a"),
        page,
        (page,),
    )


@pytest.mark.parametrize(("first", "link", "second"), NEXT_PARTS)
def test_the_second_part_is_found(first: str, link: str, second: str) -> None:
    found = further_parts(links_of(link, SITE + first), (SITE + first,))
    assert found == ((2, SITE + second),)
    assert is_part_address(SITE + second, SITE + first)


@pytest.mark.parametrize(("article", "link"), OTHER_LINKS)
def test_other_links_lead_to_no_part(article: str, link: str) -> None:
    assert further_parts(links_of(link, SITE + article), (SITE + article,)) == ()


def test_all_numbers_of_a_pager_are_parts_and_the_next_one_follows_the_pages_own() -> None:
    pager = "<div>1 " + " ".join(f'<a href="/a/trial/{number}/">{number}</a>' for number in (2, 3, 9)) + "</div>"
    first = f"{SITE}/a/trial/"
    numbers = [number for number, _ in further_parts(links_of(pager, first), (first,))]
    assert numbers == [2, 3, 9]
    link = links_of('<link rel="next" href="/a/trial/4/">', f"{SITE}/a/trial/3/")
    assert further_parts(link, (first,), 3) == ((4, f"{SITE}/a/trial/4/"),)


@pytest.mark.parametrize(
    ("url", "link", "first"),
    [
        ("/news/trial?page=2", '<link rel="prev" href="/news/trial">', ("/news/trial", 2)),
        ("/news/trial/2/", '<a href="/news/trial/">1</a> <span>2</span>', ("/news/trial/", 2)),
        ("/news/trial/3/", '<link rel="prev" href="/news/trial/2/">', ("/news/trial", 3)),
        ("/news/trial-2.html", '<a href="/news/trial.html">1</a>', ("/news/trial.html", 2)),
        ("/news/trial", '<link rel="prev" href="/news/trial">', ("/news/trial", 2)),  # saved under the first's address
        ("/news/2", '<a href="/news">News</a>', None),
        ("/news/2", '<link rel="prev" href="/news/1">', None),
        ("/news/trial-2", '<link rel="prev" href="/news/trial">', None),
        ("/page/2", '<a href="/">1</a>', None),
        ("/news/trial", '<link rel="prev" href="/news/weather">', None),
    ],
)
def test_a_further_part_names_its_first(url: str, link: str, first: tuple[str, int] | None) -> None:
    expected = (SITE + first[0], first[1]) if first else None
    assert first_part(links_of(link, SITE + url), SITE + url) == expected


def test_an_address_without_a_number_is_no_part() -> None:
    assert possible_firsts(f"{SITE}/news/trial") == ()
    assert possible_firsts(f"{SITE}/news/trial/2/") == (f"{SITE}/news/trial",)
    assert possible_firsts("not an address") == ()


@pytest.mark.parametrize(
    ("title", "same"),
    [("The trial – page 2", True), ("The trial (страница 3)", True), ("The trial | Part 2 of 3", True),
     ("The trial", True), ("The weather", False), ("The trial of page", False)],
)  # fmt: skip
def test_a_page_number_in_a_title_does_not_count(title: str, same: bool) -> None:
    assert is_same_title(title, "The trial") is same


def test_a_canonical_front_page_makes_no_list_a_part() -> None:
    page = '<link rel=canonical href="/"><article><h1>A</h1><p>Text</p></article><a href="/page/2/">2</a>'
    assert extract(page, f"{SITE}/news/trial").further_parts == ()


def test_a_part_that_declares_the_first_as_canonical_needs_no_links() -> None:
    first = f"{SITE}/news/trial/"
    assert declared_first(f"{first}2/", first) == (first, 2)
    assert declared_first(f"{first}?page=3", first) == (first, 3)
    for url in (first, f"{first}?page=1", f"{SITE}/news/other/2/"):
        assert declared_first(url, first) is None
    assert declared_first(f"{SITE}/2/", f"{SITE}/") is None


@pytest.mark.parametrize(
    ("linked", "number"), [((1, 3), 2), ((1, 2, 4), 3), ((2, 3), None), ((1, 2, 3), None), ((1, 2, 3, 9, 10), None)]
)
def test_the_number_that_a_page_does_not_link_to_is_its_own(linked: tuple[int, ...], number: int | None) -> None:
    first = f"{SITE}/news/trial/"
    links = "".join(f'<a href="{first if n == 1 else f"{first}{n}/"}">{n}</a>' for n in linked)
    assert skipped_number(links_of(links, first), first) == number


def test_only_so_many_links_are_compared_with_the_page() -> None:
    root = document_fromstring("<body>" + "".join(f'<a href="{n}">{n}</a>' for n in range(MAX_LINKS + 9)))
    assert len(part_links(root.iter("a"), f"{SITE}/news/", (f"{SITE}/news/",))) == MAX_LINKS
