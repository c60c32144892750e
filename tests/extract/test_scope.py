"""An outlet's selectors find what the same selectors find by asking every element."""

import pytest
from lxml.html import HtmlElement

from acca_crawler.exceptions import OutletError
from acca_crawler.extract.document import first, parse, select
from acca_crawler.extract.scope import HIDDEN, MAX_BEGINNINGS, Scope

PAGE = """<html><body class="home single"><header id="top"><a class="logo" href="/">Outlet</a></header>
<article class="post hentry" id="post-1"><h1 class="entry-title">A headline</h1>
<div class="meta"><span class="author vcard"><a rel="author" href="/a">A. Author</a></span>
<time class="date">2024</time></div>
<div class="content"><p class="first">One</p><div class="content"><p>Two</p></div>
<p>Three</p><p class="First">Four</p></div>
<p class="after">Five</p><div class="tags  tag-list"><a>x</a><a rel="tag nofollow">y</a></div></article>
<div class="meta"><span class="author">Another</span></div>
<div class="odd:name" id="with space">z</div></body></html>"""
SELECTORS = (
    "h1", "h1.entry-title", ".author a, .vcard", ".author, .first", ".content p", ".content > p", ".content .content p",
    "#post-1 .content", "#top", "article#post-1 > .meta .author", ".meta", ".meta ~ p", "h1 + .meta a",
    ".tags.tag-list a", ".first:first-child", ".after:nth-child(2n), .meta:nth-child(2) .author:last-child",
    ".missing a", ".missing, h1", "#missing p, .date", "article:has(h1)", ".post:has(.content) .date", "a[rel~=tag]",
    ".tags a[rel~=tag]", "div[id^=post-], #post-1", ".content p:not(.first)", ".content:not(.x) p:first-child",
    r".odd\:name", "[id='with space']", "*", "body.single .post", ".post .post", ".hentry.post",
    ":is(.first, .after)", ".First", "time, .date, .meta time",
)  # fmt: skip


def page(html: str = PAGE) -> HtmlElement:
    root = parse(html)
    assert root is not None
    return root


@pytest.mark.parametrize("css", SELECTORS)
def test_finds_what_asking_every_element_finds(css: str) -> None:
    root = page()
    for inner in (root, *select(root, "article, .content, .meta")):
        scope = Scope(inner)
        assert scope.select(css) == select(inner, css)
        assert scope.first(css) is next(iter(select(inner, css)), None)


@pytest.mark.parametrize("css", ["p, h1", "div p", "div > p, p", "div, h1 + p", "p ~ p, div div", ".nothing"])
def test_the_first_match_of_all_alternatives_is_that_of_the_page(css: str) -> None:
    root = page()
    assert [first(root, css)] == (select(root, css)[:1] or [None])


def test_finds_each_of_many_elements_once_and_in_order() -> None:
    many = MAX_BEGINNINGS + 5
    root = page(f"<body>{'<div class=a><p class=b>x' * 3}{'</div>' * 3}{'<div class=a><p class=b>y</p></div>' * many}")
    for css in (".a .b", ".a p", ".a", ".b, .a", ".b"):
        assert Scope(root).select(css) == select(root, css) != []


def test_finds_nothing_that_was_taken_out() -> None:
    scope = Scope(page())
    for element in scope.select(".content .content"):
        scope.drop(element)
    assert [one.text for one in scope.select(".content p")] == ["One", "Three", "Four"]


def test_finds_hidden_elements_by_their_attribute() -> None:
    scope = Scope(page("<body><p class=a hidden>x</p><p HIDDEN=until-found>y</p><p class=hidden id=hidden>z</p>"))
    assert HIDDEN in scope
    assert scope.with_name(HIDDEN) == select(scope.element, HIDDEN)
    scope.drop(scope.select(".a")[0])
    assert [one.text for one in scope.with_name(HIDDEN)] == ["y"]


def test_an_empty_selector_finds_nothing_and_an_invalid_one_raises() -> None:
    scope = Scope(page())
    assert scope.select("") == []
    assert scope.first("") is None
    with pytest.raises(OutletError, match="is not a CSS selector"):
        scope.select("p:::")
